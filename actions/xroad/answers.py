"""What a security server answers: checked, read, and told apart from what only looks like an answer."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import unquote

import httpx

from actions.xroad.errors import classify
from assistant.core.errors import ServiceError, ServiceRefused, ServiceUnavailable, ServiceUnintelligible

LARGEST_ANSWER_BYTES = 1024 * 1024
LONGEST_WAIT_SECONDS = 3600.0

_DONE = frozenset({200, 201})
_LATER = frozenset({408, 429})
_PROBLEM_TYPE = "application/problem+json"
_PROBLEM_CODE = re.compile(r"[a-z0-9_]{1,64}")
_JSON_TYPE = re.compile(r"application/(?:[\w.+-]+\+)?json", re.IGNORECASE)
_RECEIPT_VALUE = re.compile(r"[!-~]{1,200}")
_SECONDS = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Receipt:
    """What finds a call in the message logs of both security servers, and proves it there.

    `request_hash` is X-Road's hash of the request, signed by both sides; we could not compute it ourselves.
    """

    message_id: str
    request_id: str
    request_hash: str


@dataclass(frozen=True)
class Answer:
    """What a service answered, and the receipt of the call."""

    body: object
    receipt: Receipt


async def read_answer(response: httpx.Response, echo: Mapping[str, str]) -> Answer:
    """The answer to the call that sent the headers `echo`.

    Raises:
        ServiceRefused: the service was not executed, or said no.
        ServiceUnavailable: it is down or late.
        ServiceUnintelligible: it answered something that is no answer to our question.
    """
    if code := response.headers.get("X-Road-Error"):
        error = classify(code)
        if isinstance(error, ServiceUnavailable):
            error.retry_after_seconds = _retry_after(response) or error.retry_after_seconds
        raise error
    # Without X-Road-Error the status is the provider's own (PR-REST 4.6).
    if response.status_code not in _DONE:
        raise await _failure(response, echo)
    if name := _lost(response, echo):
        # A page from something on the way has no such header; another one belongs to another answer.
        came = bool(response.headers.get(name))
        raise ServiceUnintelligible(f"{name} of the answer is not the one of the question", is_alarming=came)
    headers = (response.headers.get(name, "") for name in ("X-Road-Request-Id", "X-Road-Request-Hash"))
    receipt = Receipt(echo["X-Road-Id"], *(value if _RECEIPT_VALUE.fullmatch(value) else "" for value in headers))
    if not _JSON_TYPE.fullmatch(_media_type(response)):
        raise ServiceUnintelligible("the answer is not JSON by its content type")
    return Answer(_parse(await _body(response)), receipt)


async def _failure(response: httpx.Response, echo: Mapping[str, str]) -> ServiceError:
    status = response.status_code
    detail = f"the provider answered {status}"
    down = ServiceUnavailable(detail, retry_after_seconds=_retry_after(response))
    if status in _LATER:
        return down
    if not 400 <= status < 600:
        return ServiceUnintelligible(detail)
    problem = await _problem(response)
    if status >= 500 and problem is None:
        return down
    # Without our echo it may come from something on the way, which cannot know what the provider did.
    return ServiceRefused(detail, problem=problem, status=status, may_have_acted=bool(_lost(response, echo)))


def _lost(response: httpx.Response, echo: Mapping[str, str]) -> str:
    """The first header that is not as we sent it; one that came twice reads "a, a" and differs, too."""
    # As ClientRestMessageProcessor.checkConsistency. Decoded: which characters of an identifier are percent-encoded is
    # the security server's choice.
    pairs = ((name, unquote(response.headers.get(name, "")), unquote(sent)) for name, sent in echo.items())
    return next((name for name, came, sent in pairs if came != sent), "")


def _retry_after(response: httpx.Response) -> float | None:
    # The form with a date is left out: it would trust the provider's clock.
    value = response.headers.get("Retry-After", "")
    return min(float(value), LONGEST_WAIT_SECONDS) if _SECONDS.fullmatch(value) else None


async def _problem(response: httpx.Response) -> str | None:
    """The `code` of a problem (RFC 9457), if it looks like one; its words stay where they are."""
    if _media_type(response) != _PROBLEM_TYPE:
        return None
    try:
        problem = _parse(await _body(response))
    except (ServiceUnintelligible, httpx.HTTPError):
        return None
    code = problem.get("code") if isinstance(problem, Mapping) else None
    return code if isinstance(code, str) and _PROBLEM_CODE.fullmatch(code) else None


def _media_type(response: httpx.Response) -> str:
    value: str = response.headers.get("Content-Type", "")
    return value.partition(";")[0].strip().lower()


async def _body(response: httpx.Response) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise ServiceUnintelligible("the answer is compressed, which was not asked for")
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > LARGEST_ANSWER_BYTES:
            raise ServiceUnintelligible("the answer is too large")
    return bytes(body)


def _parse(body: bytes) -> object:
    try:
        answer: object = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise ServiceUnintelligible("the answer is not JSON") from None
    return answer


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity, which Python reads and JSON does not have
