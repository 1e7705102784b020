"""What a model makes of many texts, in the engine's environment and without a server."""

import hashlib
import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.content.engine_code import ENGINE, engine_environment, private_log, tail
from assistant.content.model_bank import ModelBank
from assistant.core.errors import SettingsError
from assistant.core.languages import Language
from assistant.core.turns import Transcript, Understanding

PROCESSES = 2
KNOWN = "meanings.json"

Text = tuple[str, Language] | Transcript
"""Typed, or heard by a recogniser."""
Meanings = Mapping[Text, Understanding]

_UNDERSTANDINGS = TypeAdapter(list[Understanding])
_KNOWN = TypeAdapter(list[tuple[Text, Understanding]])


@dataclass(frozen=True)
class ParseBatch:
    """Parses with models of the bank; what one made of a text is kept beside it, and never asked again.

    A meaning follows from the model, the text and the code of the engine alone.
    """

    bank: ModelBank
    engine_python: Path
    log: Path

    def __call__(self, version: str, texts: Sequence[Text]) -> Meanings:
        """What the model makes of each text.

        Raises:
            OperationFailed: there is no such model.
            SettingsError: the engine's environment is missing, or it fails; names the log.
        """
        archive = self.bank.archive(self.bank.model(version).version)
        file = archive.with_name(KNOWN)
        known = _read(file)
        if missing := [text for text in dict.fromkeys(texts) if text not in known]:
            known |= dict(zip(missing, self._parse(archive, missing), strict=True))
            _write(file, known)
        return {text: known[text] for text in texts}

    def _parse(self, archive: Path, texts: Sequence[Text]) -> list[Understanding]:
        if not self.engine_python.exists():
            raise SettingsError(f"there is no engine environment at {self.engine_python}: run `make setup`")
        with tempfile.TemporaryDirectory(prefix="kratt-parse-") as folder, private_log(self.log) as log:
            asked, answered = Path(folder) / "texts.json", Path(folder) / "meanings.json"
            asked.write_text(json.dumps([_asked(text) for text in texts]), encoding="utf-8")
            command = [str(self.engine_python), "-m", "assistant.engine.parse_batch", str(archive)]
            command += [str(asked), str(answered), str(PROCESSES)]
            done = subprocess.run(command, cwd=folder, stdout=log, stderr=log, env=engine_environment(), check=False)
            if done.returncode:
                raise SettingsError(f"the model cannot be asked, see {self.log}:\n{tail(self.log)}")
            return [_understanding(each) for each in json.loads(answered.read_bytes())]


def _asked(text: Text) -> tuple[str, str, dict[str, object] | None]:
    if not isinstance(text, Transcript):
        return *text, None
    confidences = [word.confidence for word in text.words]
    return text.text, text.language, {"confidences": confidences, "alternatives": text.alternatives}


def _understanding(meaning: dict[str, object]) -> Understanding:
    return _UNDERSTANDINGS.validate_python([{**meaning, "ranking": meaning.pop("intent_ranking")}])[0]


def _read(file: Path) -> dict[Text, Understanding]:
    try:
        kept = json.loads(file.read_bytes())
        if kept["code"] != _code():
            return {}
        return dict(_KNOWN.validate_python(kept["meanings"]))
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        return {}


def _write(file: Path, known: Mapping[Text, Understanding]) -> None:
    fresh = file.with_suffix(".new")
    fresh.write_text(
        json.dumps({"code": _code(), "meanings": _KNOWN.dump_python(list(known.items()), mode="json")}),
        encoding="utf-8",
    )
    fresh.replace(file)


def _code() -> str:
    """The fingerprint of the code that a meaning follows from."""
    digest = hashlib.sha256()
    for path in (
        ENGINE / "meaning.py",
        *sorted(ENGINE.glob("components/*.py")),
        *sorted(ENGINE.glob("understanding/*.py")),
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()
