"""The whole of nlu_data/, read into typed values."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.content.input_spec import Input
from assistant.content.marks import Mark, read_marks
from assistant.content.normal_form import normal_form
from assistant.content.service_spec import Service, read_services, read_terms
from assistant.content.spec import Name, ResponseName, Terms
from assistant.content.yaml_source import read_model
from assistant.core.errors import ContentError
from assistant.core.languages import Language

Version = Literal["3.1"]
HEARD = "heard"
"""The folder of what the recogniser made of the examples, written by `kratt speech hear`."""


class RasaFile(BaseModel):
    """Base of the parts of Rasa's own formats that Kratt uses; anything else in them is an error, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ExampleList(RasaFile):
    """Examples of an intent, or the phrases of a synonym, one per line behind a dash."""

    intent: Name | None = None
    synonym: Name | None = None
    examples: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _has_one_name(self) -> Self:
        if bool(self.intent) == bool(self.synonym):
            raise ValueError("name an intent or a synonym above the examples")
        return self

    @property
    def name(self) -> str:
        """Whichever of the two is given."""
        return self.intent or self.synonym or ""

    def lines(self) -> tuple[str, ...]:
        """The examples without their dashes."""
        return _lines(self.examples)


@lru_cache(maxsize=4096)
def _lines(examples: str) -> tuple[str, ...]:
    return tuple(line.strip().removeprefix("-").strip() for line in examples.splitlines() if line.strip())


class NluFile(RasaFile):
    """A nlu.<language>.yml."""

    version: Version
    nlu: tuple[ExampleList, ...]


class Choice(RasaFile):
    """A button under a response; pressing it says `payload`."""

    title: str
    payload: str


class Variant(RasaFile):
    """One wording of a response."""

    text: Annotated[str, Field(min_length=1)]
    buttons: tuple[Choice, ...] = ()


class ResponsesFile(RasaFile):
    """A responses.<language>.yml."""

    version: Version
    responses: dict[ResponseName, Annotated[tuple[Variant, ...], Field(min_length=1)]]


class PageWordsFile(RasaFile):
    """A page.<language>.yml: the words of the gateway's page."""

    words: dict[Name, str]


@dataclass(frozen=True)
class Content:
    """Everything editors wrote; the inner mappings go by language."""

    folder: Path
    services: tuple[Service, ...]
    terms: Terms
    intents: Mapping[str, Mapping[Language, tuple[str, ...]]] = field(default_factory=dict)
    synonyms: Mapping[str, Mapping[Language, tuple[str, ...]]] = field(default_factory=dict)
    responses: Mapping[str, Mapping[Language, tuple[Variant, ...]]] = field(default_factory=dict)
    page: Mapping[Language, Mapping[str, str]] = field(default_factory=dict)
    response_files: Mapping[str, Mapping[Language, Path]] = field(default_factory=dict)
    heard: Mapping[str, Mapping[Language, tuple[str, ...]]] = field(default_factory=dict)
    marks: Mapping[Path, tuple[Mark, ...]] = field(default_factory=dict)

    def plain_responses(self) -> dict[str, dict[Language, str]]:
        """The first wording of each response: what the gateway itself can say."""
        return {
            name: {language: variants[0].text for language, variants in by_language.items()}
            for name, by_language in self.responses.items()
        }

    @cached_property
    def taught(self) -> Set[str]:
        """What a model learns, the examples as they are written and as they are heard, in their normal form."""
        taught = (*self.intents.values(), *self.heard.values())
        return {normal_form(example) for words in taught for each in words.values() for example in each}

    def values(self) -> dict[str, tuple[str, ...]]:
        """Every input that is one of fixed values, with all its values."""
        values: dict[str, dict[str, None]] = {}
        for entry in self.inputs():
            if entry.one_of:
                values.setdefault(entry.slot, {}).update(dict.fromkeys(entry.one_of))
        return {slot: tuple(known) for slot, known in values.items()}

    def inputs(self) -> Iterator[Input]:
        """The inputs of all services."""
        return (entry for service in self.services for entry in service.inputs)


def read_content(folder: Path) -> Content:
    """The content of a folder laid out like nlu_data/.

    Raises:
        ContentError: the first file that cannot be read, with its line.
    """
    if not folder.is_dir():
        raise ContentError("there is no such content folder", file=str(folder))
    intents: dict[str, dict[Language, tuple[str, ...]]] = {}
    synonyms: dict[str, dict[Language, tuple[str, ...]]] = {}
    responses: dict[str, dict[Language, tuple[Variant, ...]]] = {}
    marks: dict[Path, tuple[Mark, ...]] = {}
    for language, path in _files(folder, "nlu"):
        for entry in read_model(path, NluFile).nlu:
            by_language = (intents if entry.intent else synonyms).setdefault(entry.name, {})
            lines, found = _unmarked(entry.examples) if entry.intent else (entry.lines(), ())
            by_language[language] = by_language.get(language, ()) + lines
            marks[path] = marks.get(path, ()) + found
            _add_phrases(synonyms, language, marks[path])
    files: dict[str, dict[Language, Path]] = {}
    for language, path in _files(folder, "responses"):
        for response, variants in read_model(path, ResponsesFile).responses.items():
            if other := files.setdefault(response, {}).get(language):
                raise ContentError(f"{response} is written in {other}, too", file=str(path))
            responses.setdefault(response, {})[language] = variants
            files[response][language] = path
    page = {language: read_model(path, PageWordsFile).words for language, path in _files(folder, "page")}
    heard = _read_heard(folder)
    services, terms = read_services(folder), read_terms(folder)
    return Content(folder, services, terms, intents, synonyms, responses, page, files, heard, marks)


@lru_cache(maxsize=4096)
def _unmarked(examples: str) -> tuple[tuple[str, ...], tuple[Mark, ...]]:
    """The examples without the marks in them, and the marks."""
    read = [read_marks(line) for line in _lines(examples)]
    return tuple(line for line, _ in read), tuple(mark for _, marks in read for mark in marks)


def _add_phrases(
    synonyms: dict[str, dict[Language, tuple[str, ...]]], language: Language, marks: tuple[Mark, ...]
) -> None:
    """Words that are marked in an example are phrases of their value."""
    for mark in marks:
        known = synonyms.setdefault(mark.value, {}).get(language, ())
        if mark.words not in known:
            synonyms[mark.value][language] = (*known, mark.words)


def read_common_responses(folder: Path) -> dict[str, dict[Language, str]]:
    """The first wording of each response of common/, without reading all of the content.

    Raises:
        ContentError: a file that cannot be read, with its line.
    """
    said: dict[str, dict[Language, str]] = {}
    for language, path in _files(folder / "common", "responses"):
        for name, variants in read_model(path, ResponsesFile).responses.items():
            said.setdefault(name, {})[language] = variants[0].text
    return said


def heard_file(folder: Path, language: Language) -> Path:
    """Where the examples of a language as they are heard stand in a content folder."""
    return folder / HEARD / f"{language}.yml"


def _read_heard(folder: Path) -> dict[str, dict[Language, tuple[str, ...]]]:
    heard: dict[str, dict[Language, tuple[str, ...]]] = {}
    for language in Language:
        path = heard_file(folder, language)
        for entry in read_model(path, NluFile).nlu if path.exists() else ():
            heard.setdefault(entry.name, {})[language] = entry.lines()
    return heard


def _files(folder: Path, kind: str) -> Iterator[tuple[Language, Path]]:
    for language in Language:
        yield from ((language, path) for path in sorted(folder.rglob(f"{kind}.{language}.yml")))
