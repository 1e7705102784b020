"""Who is called, by whom, and where: X-Road identifiers, and the path and the query of an operation."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, NewType, Self
from urllib.parse import quote

from assistant.core.errors import ServiceRefused

EncodedPath = NewType("EncodedPath", str)
"""A path whose every segment was checked and percent-encoded by itself; only `build_path` makes one."""

NO_PATH = EncodedPath("")
"""A service itself, as X-Road's own (`listMethods`) are called."""

EncodedQuery = NewType("EncodedQuery", str)
"""A query whose every name and value was checked and percent-encoded by itself; only `build_query` makes one."""

_PART = re.compile(r"[A-Za-z0-9'()+,\-.=?]+")  # PR-REST 4.8
_LITERAL_SEGMENT = re.compile(r"[A-Za-z0-9_~\-.]+")
_PLACEHOLDER = re.compile(r"{(\w+)}")
_QUERY_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]*")
_DANGEROUS_IN_PATH = re.compile(r"\.\.|[%/;@\\]|\A\.\Z")
_DANGEROUS_IN_QUERY = re.compile(r"[%\\]")
_MOST_PARTY_PARTS = 2
_LONGEST_VALUE = 200  # PR-REST 4.3 advises URLs of about 2000 characters


@dataclass(frozen=True)
class _Identifier:
    length: ClassVar[int]
    parts: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """The identifier written as its parts with slashes between them.

        Raises:
            ServiceRefused: another number of parts, or a character X-Road does not allow.
        """
        parts = tuple(text.split("/"))
        if len(parts) != cls.length or not all(map(_is_part, parts)):
            raise ServiceRefused(f"not an X-Road identifier of {cls.length} parts: {text}")
        return cls(parts)

    def __str__(self) -> str:
        """The parts, each percent-encoded by itself, joined by slashes; this form goes into headers and addresses."""
        return _join(self.parts)


@dataclass(frozen=True)
class ClientId(_Identifier):
    """A subsystem that calls: instance, member class, member code, subsystem (`EE/GOV/70009999/kratt`)."""

    length = 4


@dataclass(frozen=True)
class ServiceId(_Identifier):
    """A service that is called: a subsystem's parts and the service (`EE/GOV/70008747/itds/documents`)."""

    length = 5

    @property
    def provider(self) -> tuple[str, ...]:
        """The subsystem that provides the service."""
        return self.parts[:-1]

    @property
    def member_code(self) -> str:
        """The register code of the institution that provides the service."""
        return self.parts[2]


def parse_represented_party(text: str) -> str:
    """The value of `X-Road-Represented-Party`, from `[class/]code` (PR-REST 4.3).

    Raises:
        ServiceRefused: more than one slash, or a character X-Road does not allow; the message does not hold it.
    """
    parts = text.split("/")
    if len(parts) > _MOST_PARTY_PARTS or len(text) > _LONGEST_VALUE or not all(map(_is_part, parts)):
        raise ServiceRefused("not a represented party")
    return _join(parts)


def build_path(template: str, values: Mapping[str, str]) -> EncodedPath:
    """The path of an operation such as `/v1/persons/{subject}/documents`.

    A placeholder is a whole segment, so a value can never change how many segments there are.

    Raises:
        ServiceRefused: a value is missing or could mean something in an address; the message does not hold it.
    """
    if not template.startswith("/"):
        raise ServiceRefused("an operation's path starts with a slash")
    return EncodedPath("".join(f"/{_segment(part, values)}" for part in template[1:].split("/")))


def build_query(template: Mapping[str, str], values: Mapping[str, str]) -> EncodedQuery:
    """The query of an operation such as `{"owner": "{subject}", "since": "2026-01-01"}`.

    A placeholder is a whole value, so what it stands for can never add a parameter.

    Raises:
        ServiceRefused: a value is missing or could mean something in an address; the message does not hold it.
    """
    return EncodedQuery("&".join(_parameter(name, text, values) for name, text in template.items()))


def _segment(part: str, values: Mapping[str, str]) -> str:
    placeholder = _PLACEHOLDER.fullmatch(part)
    if placeholder:
        return _encode(placeholder[1], values, _DANGEROUS_IN_PATH)
    if not _LITERAL_SEGMENT.fullmatch(part) or part in {".", ".."}:
        raise ServiceRefused(f"not a segment of an operation's path: {part}")
    return part


def _parameter(name: str, text: str, values: Mapping[str, str]) -> str:
    if not _QUERY_NAME.fullmatch(name):
        raise ServiceRefused(f"not a name of a query's parameter: {name}")
    placeholder = _PLACEHOLDER.fullmatch(text)
    known = values if placeholder else {name: text}
    return f"{name}={_encode(placeholder[1] if placeholder else name, known, _DANGEROUS_IN_QUERY)}"


def _encode(name: str, values: Mapping[str, str], dangerous: re.Pattern[str]) -> str:
    # X-Road before 7.7.1 let encoded path traversal past its access rights (XRDDEV-3054): never send what could be one,
    # nor what becomes one where a register folds full-width and other compatible characters.
    value = values.get(name, "")
    fits = value and len(value) <= _LONGEST_VALUE and value.isprintable()
    if not fits or dangerous.search(unicodedata.normalize("NFKC", value)):
        raise ServiceRefused(f"the value of {{{name}}} does not fit into an address")
    return quote(value, safe="")


def _is_part(text: str) -> bool:
    return _PART.fullmatch(text) is not None and text not in {".", ".."}


def _join(parts: Iterable[str]) -> str:
    return "/".join(quote(part, safe="") for part in parts)
