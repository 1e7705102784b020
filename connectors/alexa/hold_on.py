"""What Alexa says while an answer takes long (ASK, "Send the User a Progressive Response")."""

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

import httpx

from assistant.core.languages import Language
from connectors.alexa.envelope import Envelope

HOLD_ON_SECONDS, SEND_SECONDS = 2.0, 2.0
ENDPOINTS = frozenset({
    "https://api.amazonalexa.com",
    "https://api.eu.amazonalexa.com",
    "https://api.fe.amazonalexa.com",
})  # fmt: skip
"""Where its words may be sent: the address comes with the request, and nobody else may be asked by us."""

_log = logging.getLogger("kratt.alexa")

T = TypeVar("T")


@dataclass(frozen=True)
class HoldOn:
    """Says `words` once, if there is no answer after a while."""

    client: httpx.AsyncClient
    words: Mapping[Language, str]
    after_seconds: float = HOLD_ON_SECONDS

    async def beside(self, answer: Awaitable[T], envelope: Envelope, language: Language) -> T:
        """The answer, with what it raises; nothing is said any more once it is there."""
        saying = asyncio.create_task(self._say(envelope, self.words[language]))
        try:
            return await answer
        finally:
            saying.cancel()
            await asyncio.wait({saying})

    async def _say(self, envelope: Envelope, words: str) -> None:
        await asyncio.sleep(self.after_seconds)
        system = envelope.context.system
        endpoint = (system.api_endpoint or "").rstrip("/")
        if endpoint not in ENDPOINTS or not system.api_access_token:
            return
        header = {"requestId": envelope.request.request_id}
        body = {"header": header, "directive": {"type": "VoicePlayer.Speak", "speech": words}}
        token = {"Authorization": f"Bearer {system.api_access_token}"}
        try:
            async with asyncio.timeout(SEND_SECONDS):
                answer = await self.client.post(f"{endpoint}/v1/directives", json=body, headers=token)
        except (httpx.HTTPError, TimeoutError) as error:
            _log.warning("not told to hold on", extra={"facts": {"error": type(error).__name__}})
            return
        if answer.status_code != HTTPStatus.NO_CONTENT:
            _log.warning("not told to hold on", extra={"facts": {"status": answer.status_code}})
