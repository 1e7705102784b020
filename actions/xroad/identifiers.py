"""Who is called, by whom, and where: X-Road identifiers and the path of an operation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, NewType, Self
from urllib.parse import quote

from assistant.core.errors import ServiceRefused

EncodedPath = NewType("EncodedPath", str)
"""A path whose every segment was checked and percent-encoded by itself; only `build_path` makes one."""

_PART = re.compile(r"[A-Za-z0-9'()+,\-.=?]+")  # PR-REST 4.8
_LITERAL_SEGMENT = re.compile(r"[A-Za-z0-9_~\-.]+")
_PLACEHOLDER = re.compile(r"{(\w+)}")
_DANGEROUS = re.compile(r"\.\.|[%/;@\\]")
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
        if len(parts) != cls.length or not all(_PART.fullmatch(part) and part not in {".", ".."} for part in parts):
            raise ServiceRefused(f"not an X-Road identifier of {cls.length} parts: {text}")
        return cls(parts)

    def __str__(self) -> str:
        """The parts, each percent-encoded by itself, joined by slashes; this form goes into headers and addresses."""
        return "/".join(quote(part, safe="") for part in self.parts)


@dataclass(frozen=True)
class ClientId(_Identifier):
    """A subsystem that calls: instance, member class, member code, subsystem (`EE/GOV/70009999/kratt`)."""

    length = 4


@dataclass(frozen=True)
class ServiceId(_Identifier):
    """A service that is called: a subsystem's parts and the service (`EE/GOV/70008747/itds/documents`)."""

    length = 5

    @property
    def member_code(self) -> str:
        """The register code of the institution that provides the service."""
        return self.parts[2]


def build_path(template: str, values: Mapping[str, str]) -> EncodedPath:
    """The path of an operation such as `/v1/persons/{subject}/documents`.

    A placeholder is a whole segment, so a value can never change how many segments there are.

    Raises:
        ServiceRefused: a value is missing or could mean something in an address; the message does not hold it.
    """
    if not template.startswith("/"):
        raise ServiceRefused("an operation's path starts with a slash")
    return EncodedPath("".join(f"/{_segment(part, values)}" for part in template[1:].split("/")))


def _segment(part: str, values: Mapping[str, str]) -> str:
    placeholder = _PLACEHOLDER.fullmatch(part)
    if placeholder:
        return _encode(placeholder[1], values.get(placeholder[1], ""))
    if not _LITERAL_SEGMENT.fullmatch(part) or part in {".", ".."}:
        raise ServiceRefused(f"not a segment of an operation's path: {part}")
    return part


def _encode(name: str, value: str) -> str:
    # X-Road before 7.7.1 let encoded path traversal past its access rights (XRDDEV-3054): never send what could be one.
    fits = value and value != "." and len(value) <= _LONGEST_VALUE and value.isprintable()
    if not fits or _DANGEROUS.search(value):
        raise ServiceRefused(f"the value of {{{name}}} does not fit into a path")
    return quote(value, safe="")
