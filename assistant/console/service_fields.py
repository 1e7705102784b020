"""The fields of a service.yml: what a form shows of it, and what it means when it comes back."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import get_args

from assistant.console.forms import Form
from assistant.console.service_cells import (
    CONDITIONS,
    FIELDS,
    OFFERS,
    PAIRS,
    READS,
    REFUSALS,
    SAYING,
    STOPS,
    Row,
    Rows,
    names,
)
from assistant.content.editing.services import Place, at
from assistant.content.editing.yaml_text import Plain
from assistant.content.input_spec import ValueKind
from assistant.core.errors import EditRefused
from assistant.core.languages import Language

_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,4})?")


class Kind(Enum):
    """How a field is filled in."""

    TEXT = "text"
    NUMBER = "number"
    SWITCH = "switch"
    NAMES = "names"
    WORDS = "words"
    ROWS = "rows"


@dataclass(frozen=True)
class Field:
    """One field; `place` leads to it in the service.yml, `options` are what it can be chosen from."""

    place: Place
    label: str
    kind: Kind = Kind.TEXT
    options: tuple[str, ...] = ()
    rows: Rows | None = None
    listed: str = ""

    @property
    def name(self) -> str:
        """What a browser calls it."""
        return ".".join(map(str, self.place))


@dataclass(frozen=True)
class Section:
    """Fields that belong together; `place` is that of a part that can be taken out."""

    title: str
    fields: tuple[Field, ...]
    place: Place = ()

    @property
    def name(self) -> str:
        """What a browser calls it."""
        return ".".join(map(str, self.place))


@dataclass(frozen=True)
class Shown:
    """What a field shows: a text, words by language, or rows."""

    text: str = ""
    words: Mapping[Language, str] | None = None
    rows: tuple[Row, ...] = ()


def _rows(place: Place, label: str, rows: Rows) -> Field:
    return Field(place, label, Kind.ROWS, rows=rows)


_SERVICE = (
    Field(("title",), "What it is called", Kind.WORDS),
    Field(("purpose",), "Why data is read or sent: “To ...”", Kind.WORDS),
    Field(("owner", "institution"), "Institution that answers for it", Kind.WORDS),
    Field(("owner", "code"), "Its register code"),
    Field(("data_class",), "Its data are", options=("public", "personal", "sensitive")),
    Field(("assurance",), "How surely the citizen is known", options=("none", "substantial", "high")),
    Field(("confirm",), "How the citizen confirms", options=("", "none", "read_back", "in_words", "sign")),
    Field(("any_voice",), "Whoever is in the room may confirm", Kind.SWITCH),
    Field(("any_capacity",), "Minors, and whose legal capacity is restricted, may confirm", Kind.SWITCH),
    Field(("phone",), "The citizen's own phone, as call.read; for what is signed"),
)
_CALL = (
    Field(("id",), "Name"),
    Field(("register",), "What the register is called in a sentence", Kind.WORDS),
    Field(("service",), "X-Road identifier"),
    Field(("operation",), "Operation: GET and the path"),
    _rows(("query",), "Parameters", PAIRS),
    _rows(("when",), "Only if", CONDITIONS),
    Field(("items",), "Field that holds the list, if it is one"),
    Field(("consent",), "Purpose that the citizen has to consent to"),
    _rows(("where",), "Only items whose field is what the citizen named", FIELDS),
    _rows(("reads",), "What is read", READS),
    _rows(("each",), "What is said of each item", SAYING),
    _rows(("all",), "What is said of all items together", SAYING),
)
_INPUT = (
    Field(("slot",), "Name"),
    Field(("label",), "Its short name, as a heading", Kind.WORDS),
    Field(("why",), "Why it is asked: “To ...”", Kind.WORDS),
    Field(("one_of",), "One of these values", Kind.NAMES),
    Field(("type",), "Or a value in the citizen's own words", options=("", *get_args(ValueKind))),
    Field(("choose", "calls"), "Or an item that these calls list", Kind.NAMES),
    Field(("choose", "key"), "Read that identifies the item"),
    Field(("choose", "label"), "Reads that the citizen hears and says", Kind.NAMES),
    Field(("choose", "represents"), "The item is somebody for whom the citizen acts", Kind.SWITCH),
    Field(("required",), "It is asked if it is not known", Kind.SWITCH),
    _rows(("when",), "Only if", CONDITIONS),
    Field(("prefill",), "Taken from a register instead of asking, as call.read"),
    Field(("default",), "Value if nothing was said"),
    Field(("first_wins",), "The first of several values that are named is meant", Kind.SWITCH),
    Field(("at_least",), "At least", Kind.NUMBER),
    Field(("at_most",), "At most", Kind.NUMBER),
)
_WRITE = (
    Field(("id",), "Name"),
    Field(("register",), "What the register is called in a sentence", Kind.WORDS),
    Field(("service",), "X-Road identifier"),
    Field(("operation",), "Operation: POST and the path"),
    _rows(("when",), "Only if", CONDITIONS),
    _rows(("body",), "What is sent", FIELDS),
    Field(("status",), "Where the register tells whether it was done: GET and the path"),
    _rows(("reads",), "What is read from the answer", READS),
    _rows(("refusals",), "What is said to the register's no", REFUSALS),
)
_ANSWERS = (
    _rows(("stops",), "When it ends early", STOPS),
    _rows(("answers", "found"), "What is said once, before the items", SAYING),
    _rows(("answers", "each"), "What is said of each item", SAYING),
    _rows(("answers", "none"), "What is said if there is none", SAYING),
    _rows(("answers", "read_back"), "What is said before the citizen confirms", SAYING),
    _rows(("answers", "done"), "What is said when it is done", SAYING),
    Field(("answers", "page"), "So many items at once", Kind.NUMBER),
    Field(("answers", "newest_first"), "Read by which the latest item comes first"),
    Field(("answers", "distinct"), "Items that sound the same are told once", Kind.SWITCH),
    Field(("sum",), "Read whose sum is told"),
    Field(("degrade",), "What is said if a register does not answer", listed="responses"),
    _rows(("next",), "Services that are offered afterwards", OFFERS),
)
_PARTS = {"calls": ("Call", _CALL, "id"), "inputs": ("Input", _INPUT, "slot"), "writes": ("Write", _WRITE, "id")}
PARTS = {key: title for key, (title, _, _) in _PARTS.items()}
"""What a service may have several of."""


def sections(service: Plain) -> tuple[Section, ...]:
    """All fields of a service as it is."""
    parts = (section for key in _PARTS for section in _sections_of(service, key))
    return (Section("The service", _SERVICE), *parts, Section("What is said", _ANSWERS))


def new_part(service: Plain, key: str) -> tuple[Place, Plain]:
    """A further part of a service and its place; its fields are still to be filled in.

    Raises:
        EditRefused: a service has no such parts.
    """
    if key not in _PARTS:
        raise EditRefused(f"a service has no {key}")
    title, _, name = _PARTS[key]
    count = len(_list(service, key))
    return (key, count), {name: f"{title.lower()}_{count + 1}"}


def shown(field: Field, service: Plain) -> Shown:
    """What a field shows of a service."""
    value = at(service, field.place)
    if field.rows:
        return Shown(rows=field.rows.shown(value))
    if field.kind is Kind.WORDS:
        words = value if isinstance(value, dict) else {}
        return Shown(words={language: str(words.get(language.value) or "") for language in Language})
    if isinstance(value, list):
        return Shown(", ".join(map(str, value)))
    return Shown("" if value is None or value is False else str(value))


def sent(field: Field, form: Form) -> Shown:
    """What a field showed when it was sent."""
    if field.rows:
        columns = [form.all(f"{field.name}:{column.name}") for column in field.rows.columns]
        rows = (tuple(cell.strip() for cell in row) for row in zip(*columns, strict=False))
        return Shown(rows=tuple(row for row in rows if any(row)))
    if field.kind is Kind.WORDS:
        return Shown(words={language: form.get(f"{field.name}:{language.value}") for language in Language})
    return Shown(form.get(field.name))


def meant(field: Field, said: Shown, before: Plain) -> Plain:
    """The value of a field, None for none; as it is spelled before where it says the same.

    Raises:
        EditRefused: it is none.
    """
    if field.rows:
        return field.rows.value(said.rows, before) or None
    if field.kind is Kind.WORDS:
        return {language.value: text for language, text in (said.words or {}).items() if text} or None
    if field.kind is Kind.SWITCH:
        return True if said.text else before if before is False else None
    if field.kind is Kind.NAMES:
        return before if names(said.text) == _names(before) else [*names(said.text)] or None
    if field.kind is Kind.NUMBER:
        return _number(said.text)
    return said.text or None


def field_of(place: Place, fields: tuple[Field, ...]) -> Field | None:
    """The field that a place is in, or that is in the place."""
    inside = [each for each in fields if place[: len(each.place)] == each.place]
    around = [each for each in fields if place and each.place[: len(place)] == place]
    return max(inside, key=lambda each: len(each.place), default=around[0] if around else None)


def _sections_of(service: Plain, key: str) -> Iterator[Section]:
    title, fields, name = _PARTS[key]
    for number, part in enumerate(_list(service, key)):
        placed = tuple(replace(each, place=(key, number, *each.place)) for each in fields)
        named = part.get(name) if isinstance(part, dict) else None
        yield Section(f"{title} {named or number + 1}", placed, (key, number))


def _list(service: Plain, key: str) -> list[Plain]:
    value = at(service, (key,))
    return value if isinstance(value, list) else []


def _names(value: Plain) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [] if value is None else [str(value)]


def _number(text: str) -> int | float | None:
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise EditRefused(f"“{text}” is no number")
    return float(text) if "." in text else int(text)
