"""Calls to registers through our X-Road security server."""

import asyncio
import json
import random
import re
import uuid
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import unquote

import httpx

from actions.xroad.errors import classify
from actions.xroad.identifiers import ClientId, EncodedPath, ServiceId
from assistant.core.deadline import Deadline
from assistant.core.errors import ServiceError, ServiceRefused, ServiceUnavailable, ServiceUnintelligible

LARGEST_ANSWER_BYTES = 1024 * 1024
_CONNECT_SECONDS = 2.0
_RETRY_PAUSE_SECONDS = (0.05, 0.15)
_SHORTEST_TRY_SECONDS = 0.2
_HEADER_VALUE = re.compile(r"[!-~]{1,100}")
_JSON_TYPE = re.compile(r"application/(?:[\w.+-]+\+)?json", re.IGNORECASE)


class XRoadClient:
    """One consumer at one security server, for the life of the process; `transport` is the seam for tests."""

    def __init__(self, base_url: str, client_id: ClientId, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._base = httpx.URL(base_url)
        self._client_id = str(client_id)
        self._http = httpx.AsyncClient(
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "X-Road-Client": self._client_id},
            # What one citizen's answer sets must never travel with the next citizen's question.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,  # PR-REST 4.4
            trust_env=False,
            transport=transport,
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def get(
        self, service: ServiceId, path: EncodedPath, *, subject: str | None, issue: str | None, timeout_seconds: float
    ) -> object:
        """The JSON that a service answers to GET; a read is tried a second time while the timeout allows.

        `subject` is on whose behalf we ask and `issue` the turn that made us; both end in the provider's message log.

        Raises:
            ServiceRefused: the service was not executed, or said no.
            ServiceUnavailable: it is down or late.
            ServiceUnintelligible: it answered something that is no answer to our question.
        """
        deadline = Deadline.after(timeout_seconds)
        if not deadline.remaining_seconds:
            raise ServiceUnavailable("no time is left for the call")
        headers = _headers(subject, issue)
        try:
            return await self._try(service, path, headers, deadline)
        except ServiceError as error:
            pause = random.uniform(*_RETRY_PAUSE_SECONDS)  # noqa: S311  # spreads retries, guards nothing
            if not error.retryable or deadline.remaining_seconds < pause + _SHORTEST_TRY_SECONDS:
                raise
        await asyncio.sleep(pause)
        return await self._try(service, path, headers, deadline)

    async def _try(
        self, service: ServiceId, path: EncodedPath, headers: Mapping[str, str], deadline: Deadline
    ) -> object:
        message_id = str(uuid.uuid4())
        echo = {"X-Road-Id": message_id, "X-Road-Client": self._client_id, "X-Road-Service": str(service)}
        target = self._base.raw_path.rstrip(b"/") + f"/r1/{service}{path}".encode("ascii")
        try:
            async with asyncio.timeout(deadline.remaining_seconds):
                request = self._http.build_request(
                    "GET",
                    self._base.copy_with(raw_path=target),
                    headers={**headers, "X-Road-Id": message_id},
                    timeout=httpx.Timeout(deadline.remaining_seconds, connect=_CONNECT_SECONDS),
                )
                response = await self._http.send(request, stream=True)
                try:
                    _check(response, echo)
                    return _parse(response, await _body(response))
                finally:
                    await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise _translate(error) from None


def _headers(subject: str | None, issue: str | None) -> dict[str, str]:
    headers = {name: value for name, value in (("X-Road-UserId", subject), ("X-Road-Issue", issue)) if value}
    if not all(_HEADER_VALUE.fullmatch(value) for value in headers.values()):
        raise ServiceRefused("the subject or the issue does not fit into a header")
    return headers


def _check(response: httpx.Response, echo: Mapping[str, str]) -> None:
    if code := response.headers.get("X-Road-Error"):
        raise classify(code)
    # Without X-Road-Error the status is the provider's own (PR-REST 4.6).
    if response.status_code in {408, 429} or response.status_code >= 500:
        raise ServiceUnavailable(f"the provider answered {response.status_code}")
    if 400 <= response.status_code < 500:
        raise ServiceRefused(f"the provider answered {response.status_code}")
    if response.status_code != 200:
        raise ServiceUnintelligible(f"the provider answered {response.status_code}")
    # As ClientRestMessageProcessor.checkConsistency; a header that came twice reads "a, a" and differs, too.
    for name, sent in echo.items():
        # Decoded: which characters of an identifier are percent-encoded is the security server's choice.
        if unquote(response.headers.get(name, "")) != unquote(sent):
            raise ServiceUnintelligible(f"{name} of the answer is not the one of the question")


async def _body(response: httpx.Response) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise ServiceUnintelligible("the answer is compressed, which was not asked for")
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > LARGEST_ANSWER_BYTES:
            raise ServiceUnintelligible("the answer is too large")
    return bytes(body)


def _parse(response: httpx.Response, body: bytes) -> object:
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
    if not _JSON_TYPE.fullmatch(media_type):
        raise ServiceUnintelligible("the answer is not JSON by its content type")
    try:
        answer: object = json.loads(body)
    except (ValueError, RecursionError):
        raise ServiceUnintelligible("the answer is not JSON") from None
    return answer


def _translate(error: Exception) -> ServiceError:
    kind = type(error).__name__
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return ServiceRefused(f"the call could not be sent ({kind})")
    if isinstance(error, httpx.DecodingError):
        return ServiceUnintelligible(f"the answer could not be decoded ({kind})")
    return ServiceUnavailable(f"no answer ({kind})")
