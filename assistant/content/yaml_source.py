"""YAML files read so that every complaint about them can name its line."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from assistant.core.errors import ContentError

Model = TypeVar("Model", bound=BaseModel)


def read_yaml(path: Path) -> object:
    """The parsed file; mappings and lists remember their lines (`.lc`).

    Raises:
        ContentError: the file is missing, is not UTF-8 or is not YAML (a key written twice is not, either).
    """
    try:
        return YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ContentError("this file is missing", file=str(path)) from None
    except UnicodeDecodeError:
        raise ContentError("this file is not UTF-8 text", file=str(path)) from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ContentError(f"not valid YAML: {error.problem}", file=str(path), line=line) from None


def read_model(path: Path, kind: type[Model]) -> Model:
    """The file as a model of the given kind.

    Raises:
        ContentError: as `read_yaml`, or the first place that does not fit the model.
    """
    document = read_yaml(path)
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        what = first["msg"].removeprefix("Value error, ")
        raise ContentError(
            f"{place}: {what}" if place else what, file=str(path), line=line_of(document, first["loc"])
        ) from None


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
