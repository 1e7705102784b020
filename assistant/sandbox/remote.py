"""A provider at another address: our own services, which the security server passes calls on to."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

import httpx

from assistant.sandbox.provider import JSON, Answer, Endpoint
from assistant.sandbox.records import Json
from assistant.sandbox.xroad_error import PROVIDER_TIMED_OUT, PROVIDER_UNREACHABLE, XroadError
from assistant.sandbox.xroad_message import RestRequest

_TIMEOUT_SECONDS = 30.0
_NOT_PASSED_ON = frozenset(
    {
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "keep-alive",
        "server",
        "transfer-encoding",
    }
)


@dataclass(frozen=True)
class RemoteService:
    """Passes `METHOD {base_url}{path}?{query}` on with the X-Road headers, and its answer back as it is."""

    title: str
    base_url: str
    endpoints: Sequence[Endpoint]
    http: httpx.AsyncClient

    def describe(self) -> Json:
        """Which calls there are; what they answer is the provider's to document."""
        paths: dict[str, Json] = {}
        for endpoint in self.endpoints:
            operation = {"responses": {"200": {"description": "Answered"}}}
            paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation
        return {"openapi": "3.1.0", "info": {"title": self.title, "version": "1.0.0"}, "paths": paths}

    async def answer(self, request: RestRequest, body: bytes) -> Answer:
        """What the provider answered.

        Raises:
            XroadError: it cannot be reached, or it does not answer.
        """
        # Each segment is encoded again by itself: a slash in a value stays in the value.
        path = "".join(f"/{quote(segment, safe='')}" for segment in request.path)
        _, mark, query = request.target.partition("?")
        try:
            response = await self.http.request(
                request.verb,
                f"{self.base_url}{path}{mark}{query}",
                content=body,
                headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.headers],
                timeout=_TIMEOUT_SECONDS,
            )
        except httpx.TimeoutException:
            raise XroadError(PROVIDER_TIMED_OUT, "Read timed out") from None
        except httpx.HTTPError:
            raise XroadError(PROVIDER_UNREACHABLE, "Connection refused") from None
        kept = {name: value for name, value in response.headers.items() if name not in _NOT_PASSED_ON}
        return Answer(response.content, response.status_code, response.headers.get("content-type", JSON), kept)
