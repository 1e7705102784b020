"""Trains the dialogue model from content, in Rasa's own environment."""

import hashlib
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.content.checks import complaints
from assistant.content.compile import COMPILED, write_compiled
from assistant.content.content_commit import content_commit
from assistant.content.engine_code import ENGINE, engine_environment, private_log, tail
from assistant.content.model_bank import MODEL, Made, Model, ModelBank
from assistant.content.project import read_content
from assistant.core.errors import ContentError, SettingsError

RANKER, EARLIER = ".RequestIntents", "earlier"
"""The part of a model that is slow to learn; where assistant/engine/content_importer.py looks for an earlier one."""
MOST_GENERATIONS = 10
"""Then all is learned anew: what each has forgotten a little adds up."""
WORDS = ENGINE.parent.parent / "models" / "words" / "words.npz"
"""The word vectors, as assistant/engine/components/request_intents.py reads them."""


@dataclass(frozen=True)
class TrainDialogue:
    """Checks, compiles and trains. What is trained goes into the bank; the live model is replaced only by a whole one.

    `by` and `note` say who trains and what for; `authors` who wrote the content. With `is_quick` it goes on from what
    the live model has learned, if the intents are the same: in a fraction of the time.
    """

    content: Path
    bank: ModelBank
    engine_python: Path
    log: Path
    by: str = ""
    note: str = ""
    authors: tuple[str, ...] = ()
    is_quick: bool = False

    def __call__(self, progress: Callable[[str], None]) -> bool:
        """Make the model of this very content live, trained unless the bank has it; whether another one was.

        Raises:
            ContentError: the content is wrong; the detail lists every complaint.
            SettingsError: the engine's environment is missing, or training failed; names the log.
        """
        model, before = self.candidate(progress), self.bank.live
        if before == model:
            progress("the model is up to date")
            return False
        self.bank.make_live(model.version)
        progress(f"{model.version} is live from the next start on")
        return True

    def candidate(self, progress: Callable[[str], None]) -> Model:
        """A model of this very content, which the bank has afterwards; what is live stays so.

        Raises:
            ContentError: the content is wrong; the detail lists every complaint.
            SettingsError: the engine's environment is missing, or training failed; names the log.
        """
        progress("checking the content")
        content = read_content(self.content)
        if wrong := complaints(content):
            raise ContentError("\n".join(map(str, wrong)))
        with tempfile.TemporaryDirectory(prefix="kratt-train-") as folder:
            build = Path(folder)
            write_compiled(content, build)
            fingerprint = _fingerprint(build)
            if (known := self._known(fingerprint)) is not None:
                return known
            generation = self._go_on_from_live(build) if self.is_quick else 0
            progress("training (half a minute)" if self.is_quick else "training (a minute or two)")
            begin = time.monotonic()
            self._run_rasa(build)
            made = Made(
                fingerprint,
                *content_commit(self.content),
                by=self.by,
                note=self.note,
                authors=self.authors,
                seconds=round(time.monotonic() - begin, 1),
                generation=generation,
            )
            model = self.bank.add(build / "out" / MODEL.name, made)
        progress(f"trained {model.version}")
        return model

    def _known(self, fingerprint: str) -> Model | None:
        live = self.bank.live  # the one in use rather than a twin of it
        return live if live and live.made.content_sha256 == fingerprint else self.bank.made_from(fingerprint)

    def _go_on_from_live(self, build: Path) -> int:
        """Lay what the live model has learned where training finds it; the generation, 0 if training begins anew."""
        live = self.bank.live
        if live is None or live.made.generation >= MOST_GENERATIONS:
            return 0
        try:
            with tarfile.open(self.bank.archive(live.version)) as archive:
                learned = [each for each in archive if each.isfile() and RANKER in each.name]
                for entry in learned:
                    entry.name = Path(entry.name).name
                    archive.extract(entry, build / EARLIER, filter="data")
        except (OSError, tarfile.TarError):
            return 0
        return live.made.generation + 1 if learned else 0

    def _run_rasa(self, build: Path) -> None:
        if not self.engine_python.exists():
            raise SettingsError(f"there is no engine environment at {self.engine_python}: run `make setup`")
        command = [str(self.engine_python), "-m", "assistant.engine.lean_rasa", "train", "--config", "config.yml"]
        command += ["--domain", COMPILED, "--data", COMPILED, "--out", "out"]
        command += ["--fixed-model-name", MODEL.name.partition(".")[0]]
        # The content was checked here, and a fresh folder holds nothing that could be taken over.
        command += ["--skip-validation", "--force"]
        with private_log(self.log) as log:
            done = subprocess.run(command, cwd=build, stdout=log, stderr=log, env=engine_environment(), check=False)
        if done.returncode:
            raise SettingsError(f"training failed, see {self.log}:\n{tail(self.log)}")


def fingerprint_of(content: Path) -> str:
    """What `Made.content_sha256` is of a model of this content.

    Raises:
        ContentError: a file that cannot be read, with its line.
    """
    with tempfile.TemporaryDirectory(prefix="kratt-fingerprint-") as folder:
        write_compiled(read_content(content), Path(folder))
        return _fingerprint(Path(folder))


def _fingerprint(build: Path) -> str:
    digest = hashlib.sha256()
    for path in _ingredients(build):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _ingredients(build: Path) -> Iterator[Path]:
    # The components are part of the model: a change in one must be trained again.
    yield from (build / COMPILED, build / "config.yml")
    yield from sorted((ENGINE / "components").glob("*.py"))
    yield from sorted((ENGINE / "understanding").glob("*.py"))
    yield WORDS
