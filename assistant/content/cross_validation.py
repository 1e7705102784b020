"""How well examples are understood by a ranker that has not learned them."""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.content.engine_code import engine_environment, private_log, tail
from assistant.content.project import Content
from assistant.content.scores import Judged, accuracy, confusions, f1_by_intent
from assistant.core.errors import SettingsError
from assistant.core.languages import Language


@dataclass(frozen=True)
class CrossValidated:
    """The share of examples, 0-1, whose first intent is the right one, by language; F1 by intent; what is confused.

    `confused` are pairs of the right intent and the one that came first instead, with their number, most frequent
    first.
    """

    accuracy: Mapping[str, float]
    intents: Mapping[str, float]
    confused: tuple[tuple[tuple[str, str], int], ...]


@dataclass(frozen=True)
class CrossValidate:
    """Splits the examples of content into folds, and asks about each a ranker that has learned the others."""

    engine_python: Path
    log: Path

    def __call__(self, content: Content, folds: int) -> CrossValidated:
        """The figures of all folds together; it takes as long as so many trainings.

        Raises:
            SettingsError: the engine's environment is missing, or it fails; names the log.
        """
        examples = examples_of(content)
        said = self._ask(examples, folds)
        judged = [
            (language, Judged(text, intent, first, 1.0))
            for (text, language, intent), first in zip(examples, said, strict=True)
        ]
        by_language = {each.value: [one for language, one in judged if language == each.value] for each in Language}
        everything = [one for _, one in judged]
        return CrossValidated(
            {language: accuracy(some) for language, some in by_language.items() if some},
            f1_by_intent(everything),
            tuple(confusions(everything)),
        )

    def _ask(self, examples: Sequence[tuple[str, str, str]], folds: int) -> list[str]:
        if not self.engine_python.exists():
            raise SettingsError(f"there is no engine environment at {self.engine_python}: run `make setup`")
        with tempfile.TemporaryDirectory(prefix="kratt-folds-") as folder, private_log(self.log) as log:
            asked, answered = Path(folder) / "examples.json", Path(folder) / "said.json"
            asked.write_text(json.dumps(examples), encoding="utf-8")
            command = [str(self.engine_python), "-m", "assistant.engine.cross_validate", str(asked), str(answered)]
            environment = engine_environment()
            done = subprocess.run(
                [*command, str(folds)], cwd=folder, stdout=log, stderr=log, env=environment, check=False
            )
            if done.returncode:
                raise SettingsError(f"the folds cannot be learned, see {self.log}:\n{tail(self.log)}")
            said: list[str] = json.loads(answered.read_bytes())
            return said


def examples_of(content: Content) -> tuple[tuple[str, str, str], ...]:
    """Text, language and intent of each example, without those that the recogniser made of others."""
    return tuple(
        (line, language.value, intent)
        for intent, by_language in sorted(content.intents.items())
        for language in Language
        for line in by_language.get(language, ())
    )
