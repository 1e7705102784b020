"""Responses, edited side by side in all languages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.uses import scalars, uses_of_response
from assistant.content.editing.yaml_text import Plain, Quoted, yaml_text
from assistant.core.errors import EditRefused
from assistant.core.languages import Language

Words = str | Sequence[str]
"""One wording, or several of which one is chosen at random."""

EMPTY = 'version: "3.1"\n\nresponses:\n'
_NAME = re.compile(r"utter_[a-z0-9_]+")
_COMMON = "common"


@dataclass(frozen=True)
class Response:
    """A response in one language; `buttons` are what those under each text say, `line` counts from 1."""

    name: str
    language: Language
    texts: tuple[str, ...]
    buttons: tuple[tuple[str, ...], ...]
    file: str
    line: int


def list_responses(files: ContentFiles) -> dict[str, dict[Language, Response]]:
    """Every response by name and language; a language in which it is missing is not there."""
    found: dict[str, dict[Language, Response]] = {}
    for language in Language:
        for path in files.paths(f"responses.{language}.yml"):
            text = yaml_text(files.read(path), path)
            written = text.get("responses")
            for name, variants in written.items() if isinstance(written, dict) else ():
                said = [each for each in _variants(variants) if "text" in each]
                texts, buttons = tuple(str(each["text"]) for each in said), tuple(map(_titles, said))
                response = Response(name, language, texts, buttons, path, text.line("responses", name))
                found.setdefault(name, {})[language] = response
    return dict(sorted(found.items()))


def has_response(files: ContentFiles, name: str) -> bool:
    """Whether it is written in some language."""
    return any(_file(files, name, language) for language in Language)


def write_response(files: ContentFiles, name: str, words: Mapping[Language, Words], folder: str = _COMMON) -> None:
    """Write a response in some languages, or write it otherwise; its buttons stay.

    A new one goes beside its other languages, or else into `folder`.

    Raises:
        EditRefused: the name is no name of a response, or a wording is empty.
    """
    if not _NAME.fullmatch(name):
        raise EditRefused("a response is named utter_..., in small letters, digits and underscores")
    for language, said in words.items():
        texts = [said] if isinstance(said, str) else list(said)
        if not texts or not all(each.strip() for each in texts):
            raise EditRefused(f"{name} says nothing in {language}")
        path = _file(files, name, language) or f"{_folder(files, name, folder)}/responses.{language}.yml"
        text = yaml_text(files.read(path) if files.exists(path) else EMPTY, path)
        before = _variants(text.get("responses", name))
        variants: list[Plain] = [
            (before[at] if at < len(before) else {}) | {"text": Quoted(each.strip())} for at, each in enumerate(texts)
        ]
        files.change(path, text.set(variants, "responses", name).text)


def rename_response(files: ContentFiles, name: str, new: str, *, by_name: bool = False) -> None:
    """Give a response another name, and have services say that; `by_name` if what its name is made of is renamed, too.

    Raises:
        EditRefused: there is no such response, code goes by it, or the other name is no name or is taken.
    """
    if not has_response(files, name):
        raise EditRefused(f"there is no response {name}")
    if not _NAME.fullmatch(new) or has_response(files, new):
        raise EditRefused(f"{new} is taken" if has_response(files, new) else "a response is named utter_...")
    fixed = [str(each) for each in uses_of_response(files, name) if not each.file.endswith("/service.yml")]
    if fixed and not by_name:
        raise EditRefused(f"{name} keeps its name", reasons=fixed)
    for path in filter(None, (_file(files, name, language) for language in Language)):
        files.change(path, yaml_text(files.read(path), path).rename(new, "responses", name).text)
    for path in files.paths("service.yml"):
        service = yaml_text(files.read(path), path)
        places = (place for place, value in scalars(service.value) if value == name)
        files.change(path, service.set_each(new, places).text)


def delete_response(files: ContentFiles, name: str) -> None:
    """Delete a response in all languages.

    Raises:
        EditRefused: something says it; with all places.
    """
    if uses := uses_of_response(files, name):
        raise EditRefused(f"{name} is in use", reasons=[str(each) for each in uses])
    for path in filter(None, (_file(files, name, language) for language in Language)):
        files.change(path, yaml_text(files.read(path), path).remove("responses", name).text)


def _file(files: ContentFiles, name: str, language: Language) -> str | None:
    for path in files.paths(f"responses.{language}.yml"):
        if f"{name}:" in files.read(path) and yaml_text(files.read(path), path).get("responses", name) is not None:
            return path
    return None


def _folder(files: ContentFiles, name: str, default: str) -> str:
    known = (_file(files, name, language) for language in Language)
    return next((path.rpartition("/")[0] for path in known if path), default)


def _variants(written: Plain) -> list[dict[str, Plain]]:
    return [each for each in written if isinstance(each, dict)] if isinstance(written, list) else []


def _titles(variant: dict[str, Plain]) -> tuple[str, ...]:
    buttons = variant.get("buttons")
    return (
        tuple(str(each.get("title")) for each in buttons if isinstance(each, dict)) if isinstance(buttons, list) else ()
    )
