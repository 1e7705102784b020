"""What is let in over HTTP, by whomever: bodies up to their limit, the caller's address, a request's language."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, HTTPConnection, Request

from assistant.core.errors import MalformedTurn, TooMuch, UnknownLanguage
from assistant.core.languages import Language, parse_language

GREATEST_NUMBER = 2**31 - 1
"""Databases break at greater ones: a column of whole numbers has 32 bits in PostgreSQL."""

BODY_SECONDS = 30.0
"""A body that takes longer to arrive is given up."""

_FIXED_HOST = re.compile(r"(localhost|[\d.]+|\[[\da-f:.]+\])(:\d+)?", re.ASCII)
_HOUSEHOLD_BITS = 64
"""What one household or server gets of IPv6 (RFC 6177): whoever has it has as many addresses as they like."""


async def read_body(request: Request, most_bytes: int) -> bytes:
    """The body, never holding more than `most_bytes` of it.

    Raises:
        TooMuch: the body is longer; the rest of it was not read.
        MalformedTurn: the body did not arrive in time, or the client hung up.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > most_bytes:
        raise TooMuch(f"a body has at most {most_bytes} bytes")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most_bytes:
                    raise TooMuch(f"a body has at most {most_bytes} bytes")
    except (TimeoutError, ClientDisconnect):
        raise MalformedTurn("the body did not arrive") from None
    return bytes(body)


def body_schema(schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """OpenAPI of a body that the route reads by hand, by media type: FastAPI would buffer it whatever its size."""
    content = {kind: {"schema": schema} for kind, schema in schemas.items()}
    return {"requestBody": {"content": content, "required": True}}


def media_type(request: Request) -> str:
    """The content type without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def is_own_page(connection: HTTPConnection, public_url: str) -> bool:
    """Whether a page of our own asks, or no page at all."""
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    public, host = urlsplit(public_url), connection.headers.get("host", "")
    # Another address of ours, localhost above all, but no name: whoever owns one can point it at us (DNS rebinding).
    is_other_address = origin == f"{public.scheme}://{host}" and _FIXED_HOST.fullmatch(host)
    return origin == f"{public.scheme}://{public.netloc}" or bool(is_other_address)


def address_of(connection: HTTPConnection) -> str:
    """The caller's address; of IPv6 the part that a household has."""
    return household_of(connection.client.host if connection.client else "")


def household_of(host: str) -> str:
    """The same of an address that is known otherwise."""
    try:
        address = ip_address(host)
    except ValueError:  # a socket of this machine
        return host
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or IPv6Network((int(address), _HOUSEHOLD_BITS), strict=False))
    return str(address)


def set_language(connection: HTTPConnection, code: str | None, default: Language) -> Language:
    """The language a request names, kept for the words of its errors.

    Raises:
        UnknownLanguage: Kratt has no content in that language.
    """
    language = default if code is None else parse_language(code)
    connection.state.language = language
    return language


def language_of(connection: HTTPConnection, default: Language) -> Language:
    """The best guess at the language of a request that may be broken: named, else the browser's, else the default."""
    named: Language | None = getattr(connection.state, "language", None)
    if named:
        return named
    wanted = [connection.query_params.get("language", ""), *_accepted(connection.headers.get("accept-language", ""))]
    return next(_known(wanted), default)


def _accepted(header: str) -> list[str]:
    """The languages of an Accept-Language header, best first (RFC 9110, section 12.5.4)."""
    ranges = [entry.partition(";") for entry in header[:1000].split(",")]
    return [tag for tag, _, weight in sorted(ranges, key=lambda entry: -_quality(entry[2]))]


def _quality(weight: str) -> float:
    try:
        return float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0


def _known(codes: list[str]) -> Iterator[Language]:
    for code in codes:
        try:
            yield parse_language(code)
        except UnknownLanguage:
            continue
