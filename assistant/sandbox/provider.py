"""A provider behind its security server: what it publishes, what it is asked and what it answers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol

from assistant.sandbox.records import Json
from assistant.sandbox.xroad_message import RestRequest

JSON = "application/json"
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer of a provider; `repeated` names a header that comes twice, which only a fault can do."""

    content: bytes
    status: int = HTTPStatus.OK
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    repeated: str = ""


@dataclass(frozen=True)
class Endpoint:
    """One method and path of a service, with `*` for a segment that may be anything."""

    method: str
    path: str


class Provider(Protocol):
    """A service that a security server passes calls on to."""

    @property
    def endpoints(self) -> Sequence[Endpoint]:
        """What can be called."""

    def describe(self) -> Json:
        """The OpenAPI description."""

    async def answer(self, request: RestRequest, body: bytes) -> Answer:
        """The answer to one call.

        Raises:
            XroadError: the provider cannot be reached.
        """


class Refused(Exception):
    """A provider's own refusal; `code` tells programs which."""

    def __init__(self, status: HTTPStatus, code: str, detail: str = "") -> None:
        """Keep all three: they go to the caller."""
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail


def answer_json(body: object, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    """A good answer."""
    return Answer(json.dumps(body, ensure_ascii=False).encode(), status)


def problem(status: HTTPStatus, detail: str = "", code: str = "") -> Answer:
    """A refusal by the provider itself (RFC 9457)."""
    optional = {"detail": detail, "code": code}
    body = {"type": "about:blank", "title": status.phrase, "status": status.value}
    content = json.dumps(body | {name: value for name, value in optional.items() if value})
    return Answer(content.encode(), status=status, media_type=PROBLEM)
