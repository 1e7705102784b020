"""How well examples are understood by a ranker that has not learned them, and which of them the others contradict."""

import hashlib
import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.content.engine_code import ENGINE, engine_environment, private_log, tail
from assistant.content.project import Content
from assistant.content.scores import Judged, accuracy, confusions, f1_by_intent
from assistant.content.trained_examples import TrainedExamples
from assistant.core.errors import SettingsError
from assistant.core.languages import Language
from assistant.core.state_folder import make_private_folder

FOLDS = 5
"""Of the examples of a draft."""
SURELY = 0.5
"""By so much another intent has to be likelier than an example's own to contradict it.

Of 100 examples of Kratt's own that were put under any other intent, 83 are found so, among 770 that have long stood
where they do (of 17,077): hence those that a draft brings come first, and of the others only the surest.
"""
MOST_CONTRADICTED = 60
MOST_KEPT = 8
"""Results; of older content they are forgotten."""

Said = tuple[str, float, float]


@dataclass(frozen=True)
class Contradicted:
    """An example that others speak against: they make it `said`, so surely (0-1). `is_new`: the live model lacks it."""

    text: str
    language: Language
    intent: str
    said: str
    sure: float
    is_new: bool = False


@dataclass(frozen=True)
class CrossValidated:
    """The share of examples, 0-1, whose first intent is the right one, by language; F1 by intent; what is confused.

    `confused` are pairs of the right intent and the one that came first instead, with their number, most frequent
    first; `contradicted` begin with the surest. `is_whole`: the whole ranker was asked, not its regression alone.
    """

    accuracy: Mapping[str, float]
    intents: Mapping[str, float]
    confused: tuple[tuple[tuple[str, str], int], ...]
    contradicted: tuple[Contradicted, ...] = ()
    is_whole: bool = True

    def with_new_first(self, trained: TrainedExamples) -> "CrossValidated":
        """The same with the contradicted examples first that a model was not trained with, and not too many others."""
        marked = [
            replace(each, is_new=trained.is_known and not trained.has(each.intent, each.text))
            for each in self.contradicted
        ]
        marked.sort(key=lambda each: not each.is_new)
        return replace(self, contradicted=tuple(marked[:MOST_CONTRADICTED]))


@dataclass(frozen=True)
class CrossValidate:
    """Splits the examples of content into folds, and asks about each a ranker that has learned the others.

    What comes of it is kept in the folder `kept`, if there is one: the same examples are never asked again.
    """

    engine_python: Path
    log: Path
    kept: Path | None = None

    def __call__(self, content: Content, folds: int, *, is_whole: bool = True) -> CrossValidated:
        """The figures of all folds together.

        Of the whole ranker it takes as long as so many trainings; else some seconds.

        Raises:
            SettingsError: the engine's environment is missing, or it fails; names the log.
        """
        examples = examples_of(content)
        said = self._known_or_asked(examples, folds, "whole" if is_whole else "quick")
        judged = [
            (language, Judged(text, intent, first, sure))
            for (text, language, intent), (first, sure, _) in zip(examples, said, strict=True)
        ]
        by_language = {each.value: [one for language, one in judged if language == each.value] for each in Language}
        everything = [one for _, one in judged]
        return CrossValidated(
            {language: accuracy(some) for language, some in by_language.items() if some},
            f1_by_intent(everything),
            tuple(confusions(everything)),
            _contradicted(examples, said),
            is_whole,
        )

    def _known_or_asked(self, examples: Sequence[tuple[str, str, str]], folds: int, how: str) -> list[Said]:
        if self.kept is None:
            return self._ask(examples, folds, how)
        file = self.kept / f"{_fingerprint(examples, folds, how)}.json"
        try:
            known: list[Said] = json.loads(file.read_bytes())
        except (OSError, ValueError):
            known = self._ask(examples, folds, how)
            _keep(file, known)
        return known

    def _ask(self, examples: Sequence[tuple[str, str, str]], folds: int, how: str) -> list[Said]:
        if not self.engine_python.exists():
            raise SettingsError(f"there is no engine environment at {self.engine_python}: run `make setup`")
        with tempfile.TemporaryDirectory(prefix="kratt-folds-") as folder, private_log(self.log) as log:
            asked, answered = Path(folder) / "examples.json", Path(folder) / "said.json"
            asked.write_text(json.dumps(examples), encoding="utf-8")
            command = [str(self.engine_python), "-m", "assistant.engine.cross_validate", str(asked), str(answered)]
            environment = engine_environment()
            done = subprocess.run(
                [*command, str(folds), how], cwd=folder, stdout=log, stderr=log, env=environment, check=False
            )
            if done.returncode:
                raise SettingsError(f"the folds cannot be learned, see {self.log}:\n{tail(self.log)}")
            said: list[Said] = json.loads(answered.read_bytes())
            return said


def examples_of(content: Content) -> tuple[tuple[str, str, str], ...]:
    """Text, language and intent of each example, without those that the recogniser made of others."""
    return tuple(
        (line, language.value, intent)
        for intent, by_language in sorted(content.intents.items())
        for language in Language
        for line in by_language.get(language, ())
    )


def _contradicted(examples: Sequence[tuple[str, str, str]], said: Sequence[Said]) -> tuple[Contradicted, ...]:
    found = [
        (sure - own, Contradicted(text, Language(language), intent, first, sure))
        for (text, language, intent), (first, sure, own) in zip(examples, said, strict=True)
        if first != intent and sure - own > SURELY
    ]
    return tuple(each for _, each in sorted(found, key=lambda pair: -pair[0]))


def _fingerprint(examples: Sequence[tuple[str, str, str]], folds: int, how: str) -> str:
    digest = hashlib.sha256(json.dumps([examples, folds, how]).encode())
    for path in (ENGINE / "cross_validate.py", *sorted(ENGINE.glob("understanding/*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _keep(file: Path, said: Sequence[Said]) -> None:
    make_private_folder(file.parent)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(said), encoding="utf-8")
    fresh.replace(file)
    for old in sorted(file.parent.glob("*.json"), key=lambda each: each.stat().st_mtime)[:-MOST_KEPT]:
        old.unlink()
