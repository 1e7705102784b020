"""Trains the dialogue model from content, in Rasa's own environment."""

import hashlib
import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from assistant.content.checks import complaints
from assistant.content.compile import COMPILED, write_compiled
from assistant.content.project import read_content
from assistant.core.errors import ContentError, SettingsError
from assistant.core.state_folder import make_private_folder, naming_the_state_folder

MODEL = Path("dialogue") / "dialogue.tar.gz"
MANIFEST = "manifest.json"
ENGINE = Path(__file__).resolve().parent.parent / "engine"
WORDS = ENGINE.parent.parent / "models" / "words" / "words.npz"
"""The word vectors, as assistant/engine/components/request_intents.py reads them."""


@dataclass(frozen=True)
class TrainDialogue:
    """Checks, compiles and trains; the model in use is replaced only by one that is complete."""

    content: Path
    models: Path
    engine_python: Path
    log: Path

    def __call__(self, progress: Callable[[str], None]) -> bool:
        """Train unless the model in `models` comes from this very content; whether it trained.

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
            if self.is_current(fingerprint):
                progress("the model is up to date")
                return False
            progress("training (a minute or two)")
            self._run_rasa(build)
            self._keep(build / "out" / MODEL.name, fingerprint)
        progress(f"trained {self.models / MODEL}")
        return True

    def is_current(self, fingerprint: str) -> bool:
        """Whether the model at hand is whole and was made from content with this fingerprint."""
        try:
            facts = json.loads((self.models / MANIFEST).read_bytes())["dialogue"]
            made = (facts["content_sha256"], facts["model_sha256"])
            return bool(made == (fingerprint, _sha256(self.models / MODEL)))
        except (OSError, ValueError, KeyError, TypeError):  # missing, or no manifest of ours
            return False

    def _run_rasa(self, build: Path) -> None:
        if not self.engine_python.exists():
            raise SettingsError(f"there is no engine environment at {self.engine_python}: run `make setup`")
        command = [str(self.engine_python), "-m", "assistant.engine.lean_rasa", "train", "--config", "config.yml"]
        command += ["--domain", COMPILED, "--data", COMPILED, "--out", "out"]
        command += ["--fixed-model-name", MODEL.name.partition(".")[0]]
        # The content was checked here, and a fresh folder holds nothing that could be taken over.
        command += ["--skip-validation", "--force"]
        with _private_log(self.log) as log:
            environment = {"RASA_TELEMETRY_ENABLED": "false", "RASA_MAX_CACHE_SIZE": "0", "PATH": "/usr/bin:/bin"}
            environment["OPENBLAS_NUM_THREADS"] = "1"  # two threads of it wait for each other on a busy machine
            environment["PYTHONPATH"] = str(ENGINE.parent.parent)  # this Kratt's own components, whatever is installed
            done = subprocess.run(command, cwd=build, stdout=log, stderr=log, env=environment, check=False)
        if done.returncode:
            raise SettingsError(f"training failed, see {self.log}:\n{_tail(self.log)}")

    def _keep(self, trained: Path, fingerprint: str) -> None:
        target = self.models / MODEL
        target.parent.mkdir(parents=True, exist_ok=True)
        # A copy beside the target first: a rename is atomic only within one file system.
        fresh = target.with_suffix(".new")
        fresh.write_bytes(trained.read_bytes())
        fresh.replace(target)
        facts = {
            "file": str(MODEL),
            "content_sha256": fingerprint,
            "model_sha256": _sha256(target),
            "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        (self.models / MANIFEST).write_text(json.dumps({"dialogue": facts}, indent=2) + "\n")


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _private_log(path: Path) -> TextIO:
    with naming_the_state_folder():
        make_private_folder(path.parent)
        path.touch(mode=0o600)
        path.chmod(0o600)  # one that an older Kratt left may be open to others
        return path.open("w", encoding="utf-8")


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


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
