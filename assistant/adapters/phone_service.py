"""HTTP with a service that reaches citizens' phones: JSON in, JSON out, and nothing of it in any error."""

import asyncio
import base64
import binascii
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

from assistant.adapters.pinned_tls import pinned_tls
from assistant.core.errors import NotAllowed, ServiceUnavailable

REQUEST_SECONDS = 5.0
POLL_MARGIN_SECONDS = 1.5
"""How much longer than the service we wait for an answer to a poll (Mobile-ID REST API, section 3.3)."""

LARGEST_ANSWER_BYTES = 64 * 1024

_SESSION = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class RelyingParty:
    """Who we are to such a service."""

    uuid: str
    name: str

    @property
    def fields(self) -> dict[str, str]:
        """In a request."""
        return {"relyingPartyUUID": self.uuid.lower(), "relyingPartyName": self.name}


class UnknownToService(Exception):
    """There is no such account, or no such session any more (404)."""


class PhoneService:
    """One such service; `authority` is the file of the only authority whose server we believe, if it speaks TLS."""

    def __init__(self, url: str, authority: str = "", transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url.rstrip("/")
        self._client = httpx.AsyncClient(
            timeout=REQUEST_SECONDS,
            trust_env=False,
            follow_redirects=False,
            transport=transport,
            verify=pinned_tls(authority, "KRATT_PHONE_TLS_CA"),
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def post(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        """What it answers.

        Raises:
            UnknownToService: there is no such account.
            ServiceUnavailable: it is down or late, or it answers something that was not promised.
        """
        return await self._exchange("POST", path, REQUEST_SECONDS, json=body)

    async def poll(self, path: str, wait_seconds: float) -> dict[str, Any]:
        """The state of a session, once there is news or the time is over.

        Raises:
            UnknownToService: there is no such session any more.
            ServiceUnavailable: as `post`.
        """
        wait = {"timeoutMs": str(round(wait_seconds * 1000))}
        return await self._exchange("GET", path, wait_seconds + POLL_MARGIN_SECONDS, params=wait)

    async def _exchange(self, method: str, path: str, seconds: float, **content: Any) -> dict[str, Any]:
        try:
            async with (
                asyncio.timeout(seconds),
                self._client.stream(method, f"{self._url}/{path}", timeout=seconds, **content) as response,
            ):
                return _read(response.status_code, await _body(response))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
            raise ServiceUnavailable("the phone service does not answer") from None


def made_up_session() -> str:
    """The id of a session that is not: who has no phone is asked after like everybody else, and takes as long."""
    return str(uuid.uuid4())


def session_of(answer: Mapping[str, Any]) -> str:
    """The id of the session that was begun; it becomes part of an address.

    Raises:
        ServiceUnavailable: there is none.
    """
    session = text_of(answer, "sessionID")
    if not _SESSION.fullmatch(session):
        raise ServiceUnavailable("the phone service named no session")
    return session


def text_of(body: Mapping[str, Any], *path: str) -> str:
    """A text in an answer; empty if there is none."""
    value: object = body
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""


async def _body(response: httpx.Response) -> bytes:
    body = b""
    async for part in response.aiter_bytes():
        body += part
        if len(body) > LARGEST_ANSWER_BYTES:
            raise ServiceUnavailable("the phone service answers more than it promised")
    return body


def _read(status: int, content: bytes) -> dict[str, Any]:
    if status == HTTPStatus.NOT_FOUND:
        raise UnknownToService
    if status != HTTPStatus.OK:
        raise ServiceUnavailable(f"the phone service answered {status}")
    try:
        body = json.loads(content)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ServiceUnavailable("the phone service did not answer in JSON")
    return body


def decoded(value: object) -> bytes:
    """Bytes in base64, of an answer.

    Raises:
        NotAllowed: it is none.
    """
    try:
        return base64.b64decode(value if isinstance(value, str) else "", validate=True)
    except binascii.Error:
        raise NotAllowed("the phone's answer fails a check: form") from None
