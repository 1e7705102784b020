"""Calls to registers through our X-Road security server."""

import asyncio
import json
import logging
import random
import ssl
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from actions.xroad.answers import Answer, read_answer
from actions.xroad.breaker import Breaker
from actions.xroad.identifiers import ClientId, ServiceId
from actions.xroad.question import Question, header_value
from actions.xroad.tls import no_certificates, tls_reason
from assistant.core.deadline import Deadline
from assistant.core.errors import (
    OutcomeUnknown,
    ServiceError,
    ServiceRefused,
    ServiceUnavailable,
    ServiceUnintelligible,
)

_CONNECT_SECONDS = 2.0
_RETRY_PAUSE_SECONDS = (0.05, 0.15)
_SHORTEST_TRY_SECONDS = 0.2
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

_log = logging.getLogger("kratt.actions")


@dataclass(frozen=True)
class _Try:
    """One request, made once."""

    method: str
    question: Question
    headers: Mapping[str, str]
    content: bytes | None = None
    message_id: str = field(default_factory=lambda: str(uuid.uuid4()))


class XRoadClient:
    """One consumer at one security server, for the life of the process; `transport` is the seam for tests."""

    def __init__(
        self,
        base_url: str,
        client_id: ClientId,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        new_breaker: Callable[[], Breaker] = Breaker,
    ) -> None:
        self._base = httpx.URL(base_url)
        self._base_path = self._base.raw_path.rstrip(b"/")
        self._client_id = str(client_id)
        self._breakers: defaultdict[ServiceId, Breaker] = defaultdict(new_breaker)
        self._http = httpx.AsyncClient(
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "X-Road-Client": self._client_id},
            # What one citizen's answer sets must never travel with the next citizen's question.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,  # PR-REST 4.4
            trust_env=False,
            verify=tls or (self._base.scheme != "http" or no_certificates()),
            transport=transport,
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def get(self, question: Question, timeout_seconds: float) -> Answer:
        """What a service answers to GET; a read is tried a second time while the timeout allows.

        Raises:
            ServiceRefused: the service was not executed, or said no.
            ServiceUnavailable: it is down or late.
            ServiceUnintelligible: it answered something that is no answer to our question.
        """
        deadline = _deadline(timeout_seconds)
        headers = question.headers
        breaker = self._breakers[question.service]
        with breaker.attempt():
            try:
                return await self._send(_Try("GET", question, headers), deadline)
            except ServiceUnavailable as error:
                pause = random.uniform(*_RETRY_PAUSE_SECONDS)  # noqa: S311  # spreads retries, guards nothing
                pause = max(pause, error.retry_after_seconds or 0)
                if not breaker.is_closed or deadline.remaining_seconds < pause + _SHORTEST_TRY_SECONDS:
                    raise
            await asyncio.sleep(pause)
            return await self._send(_Try("GET", question, headers), deadline)

    async def post(
        self, question: Question, body: Mapping[str, object], idempotency_key: str, timeout_seconds: float
    ) -> Answer:
        """What a service answers to POST, which is sent once and never again.

        The service keeps the key, so that the same act is done once and its state can be asked for.

        Raises:
            ServiceRefused: the service was not executed, or said no.
            ServiceUnavailable: it is down, and proven not to have done anything.
            OutcomeUnknown: everything else.
        """
        deadline = _deadline(timeout_seconds)
        content = _write_json(body)
        key = {"Content-Type": "application/json", "Idempotency-Key": header_value(idempotency_key)}
        attempt = _Try("POST", question, {**question.headers, **key}, content)
        try:
            with self._breakers[question.service].attempt():
                return await self._send(attempt, deadline)
        except ServiceError as error:
            if not error.may_have_acted:
                raise
            raise OutcomeUnknown(error.detail, message_id=attempt.message_id) from None

    async def _send(self, attempt: _Try, deadline: Deadline) -> Answer:
        echo = {
            "X-Road-Id": attempt.message_id,
            "X-Road-Client": self._client_id,
            "X-Road-Service": str(attempt.question.service),
        }
        target = self._base_path + attempt.question.target.encode("ascii")
        try:
            async with asyncio.timeout(deadline.remaining_seconds):
                request = self._http.build_request(
                    attempt.method,
                    self._base.copy_with(raw_path=target),
                    headers={**attempt.headers, "X-Road-Id": attempt.message_id},
                    content=attempt.content,
                    timeout=httpx.Timeout(deadline.remaining_seconds, connect=_CONNECT_SECONDS),
                )
                response = await self._http.send(request, stream=True)
                try:
                    return await read_answer(response, echo)
                finally:
                    await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise _translate(error) from None
        except ServiceUnintelligible as error:
            if error.is_alarming:
                facts = {"detail": error.detail, "service": echo["X-Road-Service"], "message_id": attempt.message_id}
                _log.error("integrity alarm", extra={"facts": facts})
            raise


def _deadline(timeout_seconds: float) -> Deadline:
    deadline = Deadline.after(timeout_seconds)
    if not deadline.remaining_seconds:
        raise ServiceUnavailable("no time is left for the call", may_have_acted=False)
    return deadline


def _write_json(body: Mapping[str, object]) -> bytes:
    # Sorted: what is confirmed twice is the same bytes twice.
    try:
        text = json.dumps(body, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
        return text.encode()
    except (TypeError, ValueError, RecursionError):
        raise ServiceRefused("the body cannot be written as JSON") from None


def _translate(error: Exception) -> ServiceError:
    kind = " ".join(filter(None, (type(error).__name__, tls_reason(error))))
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return ServiceRefused(f"the call could not be sent ({kind})")
    if isinstance(error, httpx.DecodingError):
        return ServiceUnintelligible(f"the answer could not be decoded ({kind})")
    return ServiceUnavailable(f"no answer ({kind})", may_have_acted=not isinstance(error, _NEVER_SENT))
