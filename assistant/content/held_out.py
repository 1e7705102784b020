"""Requests that nothing is trained on: held_out/<language>.yml, as examples with the values that they name."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.content.project import ExampleList, NluFile
from assistant.content.yaml_source import read_model
from assistant.core.errors import ContentError
from assistant.core.languages import Language

FOLDER = "held_out"

_ANNOTATION = re.compile(r"\[(?P<words>[^\]]+)\](?P<value>\{[^}]*\})")


@dataclass(frozen=True)
class HeldOut:
    """A request, its language, its one right intent, and the values named in it, by their input."""

    text: str
    language: Language
    intent: str
    values: Mapping[str, str]


def held_out_file(folder: Path, language: Language) -> Path:
    """Where the held-out requests of a language stand in a content folder."""
    return folder / FOLDER / f"{language}.yml"


def read_held_out(folder: Path) -> tuple[HeldOut, ...]:
    """The held-out requests of all languages that have some.

    Raises:
        ContentError: a file that cannot be read, with its line.
    """
    found: list[HeldOut] = []
    for language in Language:
        path = held_out_file(folder, language)
        if path.exists():
            blocks = read_model(path, NluFile).nlu
            found += (_request(line, block, language, path) for block in blocks for line in block.lines())
    return tuple(found)


def _request(line: str, block: ExampleList, language: Language, path: Path) -> HeldOut:
    values: dict[str, str] = {}

    def plain(match: re.Match[str]) -> str:
        try:
            named = json.loads(match["value"])
            values[named["entity"]] = named["value"]
        except (ValueError, KeyError, TypeError):
            raise wrong from None
        return match["words"]

    wrong = ContentError(f'“{line}”: write [words]{{"entity": ..., "value": ...}}', file=str(path))
    text = _ANNOTATION.sub(plain, line)
    if not {"[", "]"}.isdisjoint(text):  # Rasa's other spelling of a value would be asked with its brackets
        raise wrong
    return HeldOut(text, language, block.name, values)
