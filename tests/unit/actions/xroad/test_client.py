import asyncio
import time
from typing import Any

import httpx
import pytest

from actions.xroad.client import LARGEST_ANSWER_BYTES, XRoadClient
from actions.xroad.identifiers import ClientId, ServiceId, build_path
from assistant.core.errors import ServiceError, ServiceRefused, ServiceUnavailable, ServiceUnintelligible

pytestmark = pytest.mark.unit

SUBJECT = "EE60001019906"
DOCUMENTS = ServiceId.parse("EE/GOV/70008747/itds/documents")
PATH = build_path("/v1/persons/{subject}/documents", {"subject": SUBJECT})
ECHO = {"X-Road-Client": "EE/GOV/70009999/kratt", "X-Road-Service": "EE/GOV/70008747/itds/documents"}


async def ask(
    xroad: XRoadClient, *, subject: str | None = SUBJECT, issue: str = "turn-1", seconds: float = 5
) -> object:
    return await xroad.get(DOCUMENTS, PATH, subject=subject, issue=issue, timeout_seconds=seconds)


class Scripted:
    """A security server that gives prepared answers one after another; the last one again and again."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        status, headers, body = answer
        echo = {**ECHO, "X-Road-Id": request.headers["X-Road-Id"], "Content-Type": "application/json"}
        return httpx.Response(status, headers={**echo, **headers}, content=body)

    def client(self) -> XRoadClient:
        return XRoadClient("http://ss.test", ClientId.parse("EE/GOV/70009999/kratt"), httpx.MockTransport(self))


GOOD = (200, {}, b'{"documents": []}')


async def test_get_when_answered_then_gives_the_json_and_sent_what_the_protocol_wants() -> None:
    server = Scripted(GOOD)
    assert await ask(server.client()) == {"documents": []}
    (request,) = server.requests
    assert str(request.url) == f"http://ss.test/r1/EE/GOV/70008747/itds/documents/v1/persons/{SUBJECT}/documents"
    assert request.headers.get_list("X-Road-Client") == ["EE/GOV/70009999/kratt"]
    assert request.headers.get_list("Accept") == ["application/json"]
    assert request.headers.get_list("X-Road-UserId") == [SUBJECT]
    assert request.headers.get_list("X-Road-Issue") == ["turn-1"]
    assert len(request.headers["X-Road-Id"]) == 36


async def test_get_when_nobody_is_logged_in_then_names_nobody() -> None:
    server = Scripted(GOOD)
    await ask(server.client(), subject=None)
    assert "X-Road-UserId" not in server.requests[0].headers


async def test_get_when_called_twice_then_ids_differ() -> None:
    server = Scripted(GOOD)
    client = server.client()
    await ask(client)
    await ask(client)
    assert server.requests[0].headers["X-Road-Id"] != server.requests[1].headers["X-Road-Id"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((500, {"X-Road-Error": "server.serverproxy.access_denied"}, b"{}"), ServiceRefused),
        ((500, {"X-Road-Error": "Server.ServerProxy.AccessDenied"}, b"{}"), ServiceRefused),
        ((200, {"X-Road-Error": "server.serverproxy.service_failed"}, b"{}"), ServiceUnavailable),
        ((404, {}, b"{}"), ServiceRefused),
        ((503, {}, b"{}"), ServiceUnavailable),
        ((429, {}, b"{}"), ServiceUnavailable),
        ((302, {"Location": "http://evil.test/"}, b""), ServiceUnintelligible),
        ((204, {}, b""), ServiceUnintelligible),
        ((200, {"Content-Type": "text/html"}, b"<html></html>"), ServiceUnintelligible),
        ((200, {}, b"<html></html>"), ServiceUnintelligible),
        ((200, {}, b'{"documents": ['), ServiceUnintelligible),
        ((200, {}, b"[" * 100_000), ServiceUnintelligible),
        ((200, {}, b"\xff\xfe{}\xff"), ServiceUnintelligible),
        ((200, {}, b'"' + b"x" * LARGEST_ANSWER_BYTES + b'"'), ServiceUnintelligible),
        ((200, {"Content-Encoding": "gzip"}, b"\x1f\x8b"), ServiceUnintelligible),
        ((200, {"X-Road-Id": "another"}, b"{}"), ServiceUnintelligible),
        ((200, {"X-Road-Client": "EE/GOV/70009999/other"}, b"{}"), ServiceUnintelligible),
        ((200, {"X-Road-Service": "EE/GOV/70008747/itds/other"}, b"{}"), ServiceUnintelligible),
        ((200, {"X-Road-Service": ""}, b"{}"), ServiceUnintelligible),
        (httpx.ConnectError(SUBJECT), ServiceUnavailable),
        (httpx.ReadTimeout(SUBJECT), ServiceUnavailable),
        (httpx.PoolTimeout(SUBJECT), ServiceUnavailable),
        (httpx.RemoteProtocolError(SUBJECT), ServiceUnavailable),
        (httpx.LocalProtocolError(SUBJECT), ServiceRefused),
        (httpx.DecodingError(SUBJECT), ServiceUnintelligible),
    ],
)
async def test_get_when_something_is_wrong_then_one_of_our_errors_without_the_subject(
    answer: Any, error: type[ServiceError], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actions.xroad.client._RETRY_PAUSE_SECONDS", (0, 0))
    with pytest.raises(ServiceError) as caught:
        await ask(Scripted(answer).client())
    assert type(caught.value) is error
    assert SUBJECT not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


async def test_get_when_echo_is_encoded_otherwise_then_it_is_the_same() -> None:
    server = Scripted((200, {"X-Road-Service": "EE/GOV/70008747/itds/%64ocuments"}, b"{}"))
    assert await ask(server.client()) == {}


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "application/problem+json", "Application/JSON"]
)
async def test_get_when_content_type_is_json_of_some_kind_then_is_read(content_type: str) -> None:
    assert await ask(Scripted((200, {"Content-Type": content_type}, b"{}")).client()) == {}


@pytest.mark.parametrize("failure", [(503, {}, b""), httpx.ConnectError("down")])
async def test_get_when_first_try_fails_then_second_counts(failure: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actions.xroad.client._RETRY_PAUSE_SECONDS", (0, 0))
    server = Scripted(failure, GOOD)
    assert await ask(server.client()) == {"documents": []}
    assert len(server.requests) == 2


async def test_get_when_both_tries_fail_then_does_not_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actions.xroad.client._RETRY_PAUSE_SECONDS", (0, 0))
    server = Scripted((503, {}, b""))
    with pytest.raises(ServiceUnavailable):
        await ask(server.client())
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "answer", [(500, {"X-Road-Error": "server.serverproxy.access_denied"}, b""), (200, {}, b"no"), (404, {}, b"")]
)
async def test_get_when_a_second_try_cannot_help_then_there_is_none(answer: Any) -> None:
    server = Scripted(answer)
    with pytest.raises(ServiceError):
        await ask(server.client())
    assert len(server.requests) == 1


async def test_get_when_time_is_short_then_does_not_try_again() -> None:
    server = Scripted((503, {}, b""))
    with pytest.raises(ServiceUnavailable):
        await ask(server.client(), seconds=0.1)
    assert len(server.requests) == 1


@pytest.mark.parametrize("seconds", [0, -3])
async def test_get_when_no_time_is_left_then_nothing_leaves(seconds: float) -> None:
    server = Scripted(GOOD)
    with pytest.raises(ServiceUnavailable):
        await ask(server.client(), seconds=seconds)
    assert server.requests == []


async def test_get_when_answer_drips_then_stops_at_the_timeout() -> None:
    async def drip() -> Any:
        while True:
            yield b" "
            await asyncio.sleep(0.001)

    async def serve(request: httpx.Request) -> httpx.Response:
        headers = {**ECHO, "X-Road-Id": request.headers["X-Road-Id"], "Content-Type": "application/json"}
        return httpx.Response(200, headers=headers, content=drip())

    client = XRoadClient("http://ss.test", ClientId.parse("EE/GOV/70009999/kratt"), httpx.MockTransport(serve))
    started = time.monotonic()
    with pytest.raises(ServiceUnavailable):
        await ask(client, seconds=0.02)
    assert time.monotonic() - started < 0.5


async def test_get_when_answer_sets_a_cookie_then_next_request_does_not_carry_it() -> None:
    server = Scripted((200, {"Set-Cookie": "session=mary; Path=/"}, b"{}"))
    client = server.client()
    await ask(client)
    await ask(client)
    assert "Cookie" not in server.requests[1].headers


@pytest.mark.parametrize("subject", ["EE1\r\nX-Road-Client: EE/GOV/1/other", "EE 1", "EEõ", "x" * 101])
async def test_get_when_subject_does_not_fit_into_a_header_then_nothing_leaves(subject: str) -> None:
    server = Scripted(GOOD)
    with pytest.raises(ServiceRefused):
        await ask(server.client(), subject=subject)
    assert server.requests == []


async def test_get_when_a_proxy_stands_in_the_environment_then_it_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.test:3128")
    client = XRoadClient("http://ss.test", ClientId.parse("EE/GOV/70009999/kratt"))
    assert not client._http._mounts
    await client.close()
