"""The X-Road message protocol for REST, version r1 (PR-REST 1.0.4), as a consumer's security server reads a request."""

import base64
import hashlib
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote, unquote

from assistant.sandbox.xroad_error import ACCESS_DENIED, MALFORMED, NO_CLIENT, XroadError

Headers: TypeAlias = tuple[tuple[str, str], ...]
Identifier: TypeAlias = tuple[str, ...]

VERBS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE")

_CLIENT_PARTS = (3, 4)
_SERVER_PARTS = 4
_TARGET_PARTS = 7  # "", r1, and the five parts of a service
_IDENTIFIER_PART = re.compile(r"[A-Za-z0-9'()+,\-.=?]+")  # PR-REST section 4.8
_UNESCAPED_IN_PARTS = "'()+,="
_PERCENT_ENCODED = re.compile(r"(?:[^%]|%[0-9A-Fa-f]{2})*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SEGMENT_BORDER = re.compile(r"[/\\]")
_MOST_ENCODINGS = 4

# Not passed on and not hashed: hop-by-hop headers and those that only the security servers may set.
_DROPPED_HEADERS = frozenset(
    {
        *("transfer-encoding", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "upgrade"),
        *("connection", "user-agent", "host", "content-length", "server", "expect"),
        *("x-road-request-id", "x-road-request-hash"),
    }
)


@dataclass(frozen=True)
class RestRequest:
    """One request on its way to a provider; `headers` are those passed on, and the ids the security server adds."""

    verb: str
    target: str
    headers: Headers
    client: Identifier
    service: Identifier
    path: tuple[str, ...]

    def header(self, name: str) -> str | None:
        """A header's value; if it came more than once, the last."""
        return last_header(self.headers, name)

    def receipt(self, body: bytes) -> dict[str, str]:
        """The headers that X-Road adds to the answer."""
        return {
            "X-Road-Client": write_identifier(self.client),
            "X-Road-Service": write_identifier(self.service),
            "X-Road-Id": self.header("x-road-id") or "",
            "X-Road-Request-Id": self.header("x-road-request-id") or "",
            "X-Road-Request-Hash": request_hash(header_block(self.verb, self.target, self.headers), body),
        }


def read_request(verb: str, raw_path: str, query: str, headers: Headers) -> RestRequest:
    """The request, from its target as it came over the wire (still percent-encoded).

    Raises:
        XroadError: the security server would not pass it on.
    """
    parts = raw_path.split("/", _TARGET_PARTS)
    if len(parts) < _TARGET_PARTS or parts[:2] != ["", "r1"]:
        raise XroadError(MALFORMED, "Invalid request URI")
    service = tuple(_read_part(part) for part in parts[2:_TARGET_PARTS])
    client = _read_client(last_header(headers, "x-road-client"))
    _check_optional_headers(headers)
    return RestRequest(
        verb=verb,
        target=f"{raw_path}?{query}" if query else raw_path,
        headers=_passed_on(headers, client),
        client=client,
        service=service,
        path=_read_path("".join(parts[_TARGET_PARTS:])),
    )


def read_identifier(encoded: str) -> Identifier:
    """The parts of an identifier; each is percent-encoded by itself, the slashes between them never are.

    Raises:
        XroadError: a part is empty or has a character that identifiers cannot have.
    """
    return tuple(_read_part(part) for part in encoded.split("/"))


def write_identifier(parts: Identifier) -> str:
    """The identifier as it stands in headers and paths."""
    return "/".join(quote(part, safe=_UNESCAPED_IN_PARTS) for part in parts)


def last_header(headers: Headers, name: str) -> str | None:
    """A header's value; if it came more than once, the last one counts."""
    return next((value for key, value in reversed(headers) if key.lower() == name), None)


def header_block(verb: str, target: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """The request without its body, serialised the way it is hashed (`RestRequest.toByteArray`)."""
    lines = (verb, target, *(f"{name}:{value}" for name, value in headers))
    return "".join(f"{line}\r\n" for line in lines).encode()


def request_hash(block: bytes, body: bytes) -> str:
    """`X-Road-Request-Hash`: base64 of SHA-512 over the block, or over both digests if there is a body."""
    if body:
        block = hashlib.sha512(block).digest() + hashlib.sha512(body).digest()
    return base64.b64encode(hashlib.sha512(block).digest()).decode()


def _read_part(encoded: str) -> str:
    part = _decode_once(encoded)
    if not _IDENTIFIER_PART.fullmatch(part) or part in {".", ".."}:
        raise XroadError(MALFORMED, "Invalid identifier")
    return part


def _decode_once(encoded: str) -> str:
    try:
        if _PERCENT_ENCODED.fullmatch(encoded):
            return unquote(encoded, errors="strict")
    except UnicodeDecodeError:
        pass
    raise XroadError(MALFORMED, "Malformed percent-encoding")


def _read_client(value: str | None) -> Identifier:
    if not value:
        raise XroadError(NO_CLIENT, "The client identifier is missing")
    client = read_identifier(value)
    if len(client) not in _CLIENT_PARTS:
        raise XroadError(MALFORMED, "Invalid Client Id")
    return client


def _check_optional_headers(headers: Headers) -> None:
    server = last_header(headers, "x-road-security-server")
    if server is not None and len(read_identifier(server)) != _SERVER_PARTS:
        raise XroadError(MALFORMED, "Invalid SecurityServer Id")
    party = last_header(headers, "x-road-represented-party")
    if party is not None and party.count("/") > 1:
        raise XroadError(MALFORMED, "Invalid RepresentedParty Id")


def _passed_on(headers: Headers, client: Identifier) -> Headers:
    kept = tuple((name, value) for name, value in headers if name.lower() not in _DROPPED_HEADERS)
    if not last_header(kept, "x-road-id"):
        kept += (("x-road-id", f"{client[0]}-{uuid.uuid4()}"),)
    return (*kept, ("x-road-request-id", str(uuid.uuid4())))


def _read_path(encoded: str) -> tuple[str, ...]:
    if any(map(_is_traversal, _SEGMENT_BORDER.split(_decode_fully(encoded)))):
        raise XroadError(ACCESS_DENIED, "Request is not allowed: the path leaves the service")
    return tuple(_decode_once(segment) for segment in encoded.split("/"))


def _decode_fully(encoded: str) -> str:
    # A path may be decoded again further on, so `%252e%252e` is as much a way out as `..`.
    text = _decode_once(encoded)
    for _ in range(_MOST_ENCODINGS):
        again = unquote(text)
        if again == text:
            break
        text = again
    else:
        raise XroadError(MALFORMED, "Malformed percent-encoding")
    if _CONTROL.search(text):
        raise XroadError(MALFORMED, "Invalid request URI")
    return text


def _is_traversal(segment: str) -> bool:
    return segment.partition(";")[0] in {".", ".."}
