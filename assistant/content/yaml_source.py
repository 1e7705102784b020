"""YAML files read so that every complaint about them can name its line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from assistant.core.errors import ContentError

Model = TypeVar("Model", bound=BaseModel)
MOST_REMEMBERED = 400
"""Files that are not parsed again as long as they stay as they are: all of Kratt's own content, and some more."""

_WORDS = {
    "missing": "is missing",
    "model_type": "must have keys of its own",
    "dict_type": "must have keys of its own",
    "tuple_type": "must be a list",
    "string_type": "must be text; a number needs quotes",
    "string_too_short": "is empty",
    "too_short": "is empty",
}
"""What an editor reads instead of pydantic's words, by pydantic's type of error."""
_PATTERN_WORDS = {
    r"^[a-z][a-z0-9_]*$": "has to be a name: small letters, digits and _, a letter first",
    r"^utter_[a-z0-9_]+$": "has to be a response: utter_ and small letters, digits or _",
    r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$": "has to be a call and what it reads, as call.read",
    r"^[^/\s]+(/[^/\s]+){4}$": "has to be instance/class/code/subsystem/service",
    r"^GET (/[^/\s]+)+$": "has to be GET, a blank and a path, as GET /v1/persons/{subject}",
    r"^POST (/[^/\s]+)+$": "has to be POST, a blank and a path, as POST /v1/applications",
    r"^[A-Za-z][A-Za-z0-9_.-]*$": "has to be the name of a parameter: letters, digits, _, . and -, a letter first",
    r"^[A-Za-z0-9_-]{1,64}$": "has to be at most 64 letters, digits, _ and -",
    r"^\d{8}$": "has to be eight digits",
    r"^\d\d:[0-5]\d-\d\d:[0-5]\d$": "has to be hours as 09:00-17:00",
    r"^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$": "has to be a day as 12-24, or 2027-03-26",
}
"""What an editor reads instead of a regular expression."""


@dataclass(frozen=True)
class Fault:
    """What does not fit a model, and the place in the document that it is about."""

    place: tuple[str | int, ...]
    detail: str


class Misfit(ValueError):
    """Parts of a file that do not fit each other; `place` leads from the failed validator's model to one of them."""

    def __init__(self, detail: str, *place: str | int) -> None:
        """Keep the place, for the line of the complaint."""
        super().__init__(detail)
        self.place = place


def read_yaml(path: Path) -> object:
    """The parsed file; mappings and lists remember their lines (`.lc`).

    Raises:
        ContentError: the file is missing, is not UTF-8 or is not YAML (a key written twice is not, either).
    """
    try:
        return YAML(typ="rt").load(path.read_text(encoding="utf-8"))  # pure Python: it alone knows the lines
    except FileNotFoundError:
        raise ContentError("this file is missing", file=str(path)) from None
    except UnicodeDecodeError:
        raise ContentError("this file is not UTF-8 text", file=str(path)) from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ContentError(f"not valid YAML: {error.problem}", file=str(path), line=line) from None
    except YAMLError:  # a control character, which has no mark
        raise ContentError("not valid YAML: a character that may not stand in a text", file=str(path)) from None


def read_model(path: Path, kind: type[Model]) -> Model:
    """The file as a model of the given kind.

    Raises:
        ContentError: as `read_yaml`, or the first place that does not fit the model.
    """
    try:
        return cast("Model", _valid(path.read_text(encoding="utf-8"), kind))
    except (OSError, UnicodeDecodeError, YAMLError, ValidationError):
        return _read_model_for_lines(path, kind)


@lru_cache(maxsize=MOST_REMEMBERED)
def _valid(text: str, kind: type[BaseModel]) -> BaseModel:
    return kind.model_validate(YAML(typ="safe").load(text))


def _read_model_for_lines(path: Path, kind: type[Model]) -> Model:
    document = read_yaml(path)
    if document is None:
        raise ContentError("this file is empty", file=str(path))
    if not isinstance(document, Mapping):
        raise ContentError(f"this file must begin with a key such as {_first_key(kind)}:", file=str(path), line=1)
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        # A key nobody knows explains the one that is missing instead.
        first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
        fault = _fault(first, kind)
        raise ContentError(fault.detail, file=str(path), line=line_of(document, fault.place)) from None


def faults(document: object, kind: type[BaseModel]) -> tuple[Fault, ...]:
    """Everything in a document that does not fit the model."""
    try:
        kind.model_validate(document)
    except ValidationError as error:
        return tuple(_fault(each, kind) for each in error.errors())
    return ()


def _fault(error: ErrorDetails, kind: type[BaseModel]) -> Fault:
    further = getattr(error.get("ctx", {}).get("error"), "place", ())
    return Fault((*error["loc"], *further), _in_words(error, kind))


def _in_words(error: ErrorDetails, kind: type[BaseModel]) -> str:
    place = ".".join(str(part) for part in error["loc"] if part != "[key]")
    pattern = error.get("ctx", {}).get("pattern", "")
    if words := _WORDS.get(error["type"]) or _PATTERN_WORDS.get(pattern):
        return f"{place} {words}"
    if error["type"] == "extra_forbidden":
        close = get_close_matches(str(error["loc"][-1]), _keys(kind), 1)
        return f"{place} is not known here" + (f"; did you mean {close[0]}?" if close else "")
    what = error["msg"].removeprefix("Value error, ")
    return f"{place}: {what}" if place else what


def _keys(kind: type[BaseModel]) -> list[str]:
    """All keys that a file of this kind may have, at any depth."""
    schema = kind.model_json_schema()
    return [key for part in (schema, *schema.get("$defs", {}).values()) for key in part.get("properties", {})]


def _first_key(kind: type[BaseModel]) -> str:
    return _keys(kind)[0]


def line_of(document: object, location: Sequence[str | int]) -> int:
    """The line, from 1, of the innermost part of `location` that exists in the document."""
    line = 0
    for key in location:
        try:
            position = document.lc.data[key]  # type: ignore[attr-defined]  # ruamel's round-trip containers
            document = document[key]  # type: ignore[index]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
        line = position[0] + 1
    return line
