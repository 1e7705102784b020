import asyncio
import time
from typing import Any

import httpx
import pytest

from actions.xroad.answers import LARGEST_ANSWER_BYTES, Answer, Receipt
from actions.xroad.breaker import Breaker
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId, ServiceId, build_path, build_query
from actions.xroad.question import Question
from assistant.core.errors import (
    OutcomeUnknown,
    ServiceError,
    ServiceRefused,
    ServiceUnavailable,
    ServiceUnintelligible,
)

pytestmark = pytest.mark.unit

SUBJECT = "EE60001019906"
DOCUMENTS = ServiceId.parse("EE/GOV/70008747/itds/documents")
PATH = build_path("/v1/persons/{subject}/documents", {"subject": SUBJECT})
KEY = "d" * 64
BODY = {"validFrom": "2026-12-01", "newAddress": "Pärnu mnt 5"}
PROBLEM = {"Content-Type": "application/problem+json"}
ECHO = {"X-Road-Client": "EE/GOV/70009999/kratt", "X-Road-Service": "EE/GOV/70008747/itds/documents"}


def question(**changes: Any) -> Question:
    return Question(DOCUMENTS, PATH, **{"subject": SUBJECT, "issue": "turn-1", **changes})


async def ask(xroad: XRoadClient, *, seconds: float = 5, **changes: Any) -> object:
    return (await xroad.get(question(**changes), seconds)).body


async def act(xroad: XRoadClient, *, body: Any = BODY, key: str = KEY, seconds: float = 5, **changes: Any) -> Answer:
    return await xroad.post(question(**changes), body, key, seconds)


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

    def client(self, **options: Any) -> XRoadClient:
        ours = ClientId.parse("EE/GOV/70009999/kratt")
        return XRoadClient("http://ss.test", ours, httpx.MockTransport(self), **options)


GOOD = (200, {}, b'{"documents": []}')
DONE = (201, {}, b'{"receiptNumber": "R-1"}')


@pytest.fixture(autouse=True)
def retries_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actions.xroad.client._RETRY_PAUSE_SECONDS", (0, 0))


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
        ((200, {}, b'{"amount": NaN}'), ServiceUnintelligible),
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
    answer: Any, error: type[ServiceError]
) -> None:
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
async def test_get_when_first_try_fails_then_second_counts(failure: Any) -> None:
    server = Scripted(failure, GOOD)
    assert await ask(server.client()) == {"documents": []}
    assert len(server.requests) == 2


async def test_get_when_both_tries_fail_then_does_not_try_again() -> None:
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


async def test_get_when_question_has_everything_then_everything_is_sent_once() -> None:
    server = Scripted(GOOD)
    query = build_query({"owner": "{subject}", "words": "{words}"}, {"subject": SUBJECT, "words": "a&b=c?#/õ"})
    await ask(server.client(), query=query, represented_party="COM/12345678")
    (request,) = server.requests
    assert request.url.raw_path.decode().endswith(f"/documents?owner={SUBJECT}&words=a%26b%3Dc%3F%23%2F%C3%B5")
    assert request.headers.get_list("X-Road-Represented-Party") == ["COM/12345678"]


async def test_get_when_answered_then_receipt_names_the_call() -> None:
    headers = {"X-Road-Request-Id": "request-1", "X-Road-Request-Hash": "aGFzaA=="}
    server = Scripted((200, headers, b"{}"))
    answer = await server.client().get(question(), 5)
    assert answer.receipt == Receipt(server.requests[0].headers["X-Road-Id"], "request-1", "aGFzaA==")


@pytest.mark.parametrize("value", ["", "a\tb", "x" * 201])
async def test_get_when_receipt_has_what_no_id_has_then_is_left_out(value: str) -> None:
    answer = await Scripted((200, {"X-Road-Request-Id": value}, b"{}")).client().get(question(), 5)
    assert (answer.receipt.request_id, answer.receipt.request_hash) == ("", "")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": "999999"}, 3600),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"Retry-After": "-5"}, None),
        ({}, None),
        ({"X-Road-Error": "server.clientproxy.maintenance_mode"}, 900),
        ({"X-Road-Error": "server.clientproxy.maintenance_mode", "Retry-After": "60"}, 60),
    ],
)
async def test_get_when_service_says_when_to_return_then_it_is_kept(headers: Any, seconds: float | None) -> None:
    server = Scripted((503, headers, b""))
    with pytest.raises(ServiceUnavailable) as caught:
        await ask(server.client())
    assert caught.value.retry_after_seconds == seconds
    # Whoever is told to come back in minutes does not come back at once.
    assert len(server.requests) == (1 if seconds else 2)


@pytest.mark.parametrize(
    ("status", "headers", "body", "problem"),
    [
        (404, PROBLEM, b'{"code": "owner_consent_missing", "detail": "Mary"}', "owner_consent_missing"),
        (500, {"Content-Type": "application/problem+json; charset=utf-8"}, b'{"code": "closed"}', "closed"),
        (409, {}, b'{"code": "closed"}', None),
        (409, PROBLEM, b"{}", None),
        (409, PROBLEM, b'{"code": "Mary lives there"}', None),
        (409, PROBLEM, b'{"code": "x\\n"}', None),
        (409, PROBLEM, b'{"code": 5}', None),
        (409, PROBLEM, b"[]", None),
        (409, PROBLEM, b"{", None),
        (409, PROBLEM, b'{"code": "' + b"x" * 65 + b'"}', None),
        (409, PROBLEM, b'"' + b"x" * LARGEST_ANSWER_BYTES + b'"', None),
    ],
)
async def test_either_when_register_refuses_then_its_code_is_kept_and_nothing_else(
    status: int, headers: Any, body: bytes, problem: str | None
) -> None:
    server = Scripted((status, headers, body))
    for call in (ask, act):
        with pytest.raises(ServiceRefused) as caught:
            await call(server.client())
        assert caught.value.problem == problem
        assert str(caught.value) == f"the provider answered {status}"
    assert len(server.requests) == 2


async def test_post_when_done_then_body_and_key_were_sent_and_receipt_is_kept() -> None:
    server = Scripted(DONE)
    answer = await act(server.client())
    (request,) = server.requests
    assert answer.body == {"receiptNumber": "R-1"}
    assert answer.receipt.message_id == request.headers["X-Road-Id"]
    assert request.method == "POST"
    assert request.content == '{"newAddress":"Pärnu mnt 5","validFrom":"2026-12-01"}'.encode()
    assert request.headers.get_list("Content-Type") == ["application/json"]
    assert request.headers.get_list("Idempotency-Key") == [KEY]


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}, b""),
        (500, PROBLEM, b'{"title": "Internal Server Error"}'),
        (500, {}, b'{"code": "closed"}'),
        (503, {"Retry-After": "1"}, b""),
        (408, PROBLEM, b'{"code": "closed"}'),
        (429, PROBLEM, b'{"code": "closed"}'),
        (302, {"Location": "/healthz"}, b""),
        (200, {"Content-Type": "text/html"}, b"<html></html>"),
        (201, {}, b'{"receiptNumber": '),
        (201, {"X-Road-Id": "another"}, b"{}"),
        (404, {"X-Road-Id": "another"}, b"{}"),
        (500, {"X-Road-Error": "server.serverproxy.service_failed.network_error"}, b"{}"),
        (500, {"X-Road-Error": "Server.ServerProxy.IOError"}, b"{}"),
        (500, {"X-Road-Error": "server.clientproxy.inconsistent_response"}, b"{}"),
        (500, {"X-Road-Error": "server.serverproxy.access_denied, server.serverproxy.io_error"}, b"{}"),
        httpx.ReadTimeout(SUBJECT),
        httpx.ReadError(SUBJECT),
        httpx.WriteError(SUBJECT),
        httpx.RemoteProtocolError(SUBJECT),
    ],
)
async def test_post_when_something_may_have_happened_then_outcome_is_unknown_and_nothing_is_sent_again(
    answer: Any,
) -> None:
    server = Scripted(answer)
    with pytest.raises(OutcomeUnknown) as caught:
        await act(server.client())
    assert len(server.requests) == 1
    assert caught.value.message_id == server.requests[0].headers["X-Road-Id"]
    assert SUBJECT not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.ConnectError(SUBJECT), ServiceUnavailable),
        (httpx.ConnectTimeout(SUBJECT), ServiceUnavailable),
        (httpx.PoolTimeout(SUBJECT), ServiceUnavailable),
        (httpx.LocalProtocolError(SUBJECT), ServiceRefused),
        ((500, {"X-Road-Error": "Server.ServerProxy.AccessDenied"}, b"{}"), ServiceRefused),
        ((500, {"X-Road-Error": "server.clientproxy.maintenance_mode"}, b"{}"), ServiceUnavailable),
    ],
)
async def test_post_when_nothing_can_have_happened_then_error_says_so_and_nothing_is_sent_again(
    answer: Any, error: type[ServiceError]
) -> None:
    server = Scripted(answer)
    with pytest.raises(ServiceError) as caught:
        await act(server.client())
    assert type(caught.value) is error
    assert not caught.value.may_have_acted
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"seconds": 0}, ServiceUnavailable),
        ({"key": ""}, ServiceRefused),
        ({"key": "a b"}, ServiceRefused),
        ({"key": "k\r\nX-Road-Client: EE/GOV/1/other"}, ServiceRefused),
        ({"body": {"name": "\ud800"}}, ServiceRefused),
        ({"body": {"amount": float("nan")}}, ServiceRefused),
        ({"body": {"day": object()}}, ServiceRefused),
        ({"represented_party": "a/b/c"}, ServiceRefused),
        ({"represented_party": ""}, ServiceRefused),
        ({"subject": ""}, ServiceRefused),
        ({"issue": "two words"}, ServiceRefused),
    ],
)
async def test_post_when_it_cannot_be_sent_then_nothing_leaves(changes: Any, error: type[ServiceError]) -> None:
    server = Scripted(DONE)
    with pytest.raises(error):
        await act(server.client(), **changes)
    assert server.requests == []


@pytest.mark.parametrize(
    ("answer", "is_alarm"),
    [
        ((200, {"X-Road-Id": "another"}, b"{}"), True),
        ((200, {"X-Road-Id": ""}, b"<html></html>"), False),
        ((200, {}, b"{"), False),
        ((500, {"X-Road-Error": "server.clientproxy.inconsistent_response"}, b""), True),
        ((500, {"X-Road-Error": "Server.ClientProxy.InvalidSignatureValue"}, b""), True),
        ((500, {"X-Road-Error": "server.serverproxy.signature_verification.cert_validation"}, b""), True),
    ],
)
async def test_either_when_answer_was_tampered_with_then_alarm_names_the_call_and_nobody(
    answer: Any, is_alarm: bool, caplog: pytest.LogCaptureFixture
) -> None:
    server = Scripted(answer)
    for call in (ask, act):
        with pytest.raises((ServiceUnintelligible, OutcomeUnknown)):
            await call(server.client())
    alarms = [record for record in caplog.records if record.message == "integrity alarm"]
    assert [record.levelname for record in alarms] == ["ERROR"] * (2 if is_alarm else 0)
    ids = [request.headers["X-Road-Id"] for request in server.requests]
    assert [record.facts["message_id"] for record in alarms] == (ids if is_alarm else [])  # type: ignore[attr-defined]
    assert SUBJECT not in str([vars(record) for record in alarms])


async def test_either_when_service_keeps_failing_then_is_left_alone_and_others_are_not() -> None:
    server = Scripted((503, {}, b""))
    client = server.client(new_breaker=lambda: Breaker(failures=2))
    for _ in range(2):
        with pytest.raises(ServiceUnavailable):
            await ask(client)
    asked = len(server.requests)
    for call in (ask, act):
        with pytest.raises(ServiceUnavailable) as caught:
            await call(client)
        assert not caught.value.may_have_acted
        assert caught.value.retry_after_seconds == pytest.approx(10, abs=1)
    assert len(server.requests) == asked
    other = Question(ServiceId.parse("EE/GOV/70008747/fines/fines"), PATH, subject=None, issue=None)
    with pytest.raises(ServiceUnavailable):
        await client.get(other, 5)
    assert len(server.requests) == asked + 2


async def test_get_when_breaker_lets_one_call_through_then_that_one_is_made_once() -> None:
    seconds = 0.0
    server = Scripted((503, {}, b""))
    client = server.client(new_breaker=lambda: Breaker(failures=1, clock=lambda: seconds))
    with pytest.raises(ServiceUnavailable):
        await ask(client)
    seconds = 11.0
    with pytest.raises(ServiceUnavailable):
        await ask(client)
    assert len(server.requests) == 2 + 1


async def test_post_when_outcome_is_unknown_then_breaker_counts_it() -> None:
    server = Scripted((500, {}, b""))
    client = server.client(new_breaker=lambda: Breaker(failures=1))
    with pytest.raises(OutcomeUnknown):
        await act(client)
    with pytest.raises(ServiceUnavailable):
        await act(client)
    assert len(server.requests) == 1


async def test_get_when_a_proxy_stands_in_the_environment_then_it_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.test:3128")
    client = XRoadClient("http://ss.test", ClientId.parse("EE/GOV/70009999/kratt"))
    assert not client._http._mounts
    await client.close()
