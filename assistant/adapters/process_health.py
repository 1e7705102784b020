"""Whether another process of ours lives."""

from http import HTTPStatus

import httpx

from assistant.core.errors import ServiceUnavailable

ANSWER_SECONDS = 1.5


class ProcessHealth:
    """Asks a process that the gateway never talks to itself; `url` answers 200 while it lives."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url
        self._client = httpx.AsyncClient(
            timeout=ANSWER_SECONDS, trust_env=False, follow_redirects=False, transport=transport
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def check(self) -> None:
        """Raise `ServiceUnavailable` unless it answers 200."""
        try:
            response = await self._client.get(self._url)
        except httpx.HTTPError as error:
            raise ServiceUnavailable(f"no answer: {type(error).__name__}") from None
        if response.status_code != HTTPStatus.OK:
            raise ServiceUnavailable(f"it answered {response.status_code}")
