"""What a hostile page or client can do to the gateway by its requests alone: nothing."""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from assistant.adapters.limits_rate_limiter import LimitsRateLimiter
from assistant.adapters.sound_samples import SpeechSound
from assistant.adapters.webrtc_voice import WebRtcVoice
from assistant.core.errors import UnknownConversation
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.ports import Session
from assistant.core.turns import Part, Reply
from assistant.gateway import speech
from assistant.gateway.app import create_app
from assistant.gateway.parts import GatewayParts, Limits
from assistant.pipeline.answer_turn import Answer, Request
from assistant.pipeline.expectations import Expectations
from assistant.pipeline.own_data import OwnData

pytestmark = pytest.mark.attack

PUBLIC = "https://kratt.test"
START = {"type": "start", "language": "en", "rate_hertz": 16000}
SHORT_SECONDS = 0.1


class Streams:
    """Speech streams that hear nothing; `open` counts those not given back."""

    def __init__(self) -> None:
        self.open = 0

    def languages(self) -> frozenset[Language]:
        return frozenset({Language.EN})

    async def open_stream(self, language: Language, rate_hertz: int, phrases: Sequence[str] = ()) -> "Streams":
        self.open += 1
        return self

    async def accept(self, samples: bytes) -> str:
        return ""

    async def abandon(self) -> None:
        self.open -= 1


class Anonymous:
    async def start(self) -> Session:
        return Session("conversation", "dialogue")

    async def find(self, conversation_id: str) -> Session:
        raise UnknownConversation


class Yes:
    expectations = Expectations()

    async def __call__(self, request: Request, session: Session) -> Answer:
        return Answer(Reply("turn", session.conversation_id, request.language, Outcome.ANSWERED, (Part("Yes."),)))


@pytest.fixture
def parts() -> Any:
    return GatewayParts(
        answer_turn=Yes(),  # type: ignore[arg-type]
        sessions=Anonymous(),  # type: ignore[arg-type]
        devices=None,  # type: ignore[arg-type]
        own_screens=None,  # type: ignore[arg-type]
        hand_overs=None,  # type: ignore[arg-type]
        identity=None,  # type: ignore[arg-type]
        link_app=None,  # type: ignore[arg-type]
        speech=Streams(),  # type: ignore[arg-type]
        sound_intake=SpeechSound,
        voice_activity=WebRtcVoice,
        responses={"utter_failed_unexpected": dict.fromkeys(Language, "Sorry.")},
        words={language: {"title": "Kratt"} for language in Language},
        limits=Limits(text_characters=100, speech_seconds=SHORT_SECONDS),
        default_language=Language.EN,
        public_url=PUBLIC,
        checks={},
        version={"kratt": "1"},
        metrics=bytes,
        metrics_token="",
        own_data=OwnData({}),
        granted_logins=None,  # type: ignore[arg-type]
        logins=None,  # type: ignore[arg-type]
        feedback=None,  # type: ignore[arg-type]
        notices=tuple,
        rate_limiter=LimitsRateLimiter({}, ""),
        uploads=asyncio.Semaphore(1),
    )


@pytest.fixture
def app(parts: GatewayParts) -> FastAPI:
    return create_app(parts)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC) as http:
        yield http


ORIGINS = [
    (PUBLIC, "kratt.test", 200),
    ("https://localhost:8080", "localhost:8080", 200),
    ("https://[::1]:8080", "[::1]:8080", 200),
    ("https://evil.test:8080", "evil.test:8080", 403),  # DNS rebinding: the name of the attacker, our address
    ("https://1.evil.test", "1.evil.test", 403),
    ("https://localhost.evil.test", "localhost.evil.test", 403),
    ("http://kratt.test", "kratt.test", 403),  # a page that somebody on the way may have written
    ("http://localhost:8080", "localhost:8080", 403),
    ("https://sub.kratt.test", "kratt.test", 403),
    ("https://kratt.test:8443", "kratt.test", 403),
    ("https://kratt.test/", "kratt.test", 403),
    ("https://kratt.test@evil.test", "kratt.test", 403),
    ("https://[", "kratt.test", 403),
    ("https://", "", 403),
    ("null", "kratt.test", 403),
]


@pytest.mark.parametrize(("origin", "host", "status"), ORIGINS)
async def test_post_when_a_page_of_an_origin_sends_it_then_only_our_own_may(
    client: httpx.AsyncClient, origin: str, host: str, status: int
) -> None:
    reply = await client.post("/v1/turns", json={"text": "hello"}, headers={"Origin": origin, "Host": host})
    assert reply.status_code == status


async def test_changes_when_a_page_of_another_origin_sends_them_then_each_is_refused(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    """All of them: one that is added without the check is found here."""
    described = app.openapi()["paths"]
    changes = [(method, path) for path, methods in described.items() for method in methods if method != "get"]
    assert len(changes) > 20
    for method, path in changes:
        address = re.sub(r"{\w+}", "1", path)
        for origin in ("https://evil.test", "null"):
            reply = await client.request(method.upper(), address, json={}, headers={"Origin": origin})
            assert (reply.status_code, reply.json()["code"]) == (403, "not_allowed"), path


@pytest.mark.parametrize(("origin", "host", "status"), ORIGINS)
async def test_socket_when_a_page_of_an_origin_opens_it_then_only_our_own_may(
    app: FastAPI, origin: str, host: str, status: int
) -> None:
    first = (await _drip(app, {"host": host, "origin": origin}, frames=0))[0]
    assert first["type"] == ("websocket.accept" if status == 200 else "websocket.close")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json", ""]
)
async def test_post_when_a_form_could_send_its_body_then_it_is_no_turn(client: httpx.AsyncClient, kind: str) -> None:
    reply = await client.post("/v1/turns", content=b'{"text": "hello"}', headers={"Content-Type": kind})
    assert (reply.status_code, reply.json()["code"]) == (400, "malformed_turn")


@pytest.mark.parametrize("path", ["/page", "/v1/turns/", "/v1/session/", "/healthz/", "//evil.test", "/v1/login/"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_request_when_its_host_is_forged_then_nothing_answered_names_that_host(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    forged = {"Host": "evil.test", "X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"}
    reply = await client.request(method, f"{PUBLIC}{path}", headers=forged)
    assert reply.status_code in {404, 405}
    assert "evil" not in str(reply.headers) + reply.text


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "state=s",
        "state=s&nonce=n&conversation_id=c&more=1",
        "state=other&nonce=n&conversation_id=c&embedder=&then=evil",
        "state=%ed%a0%80&nonce=n&conversation_id=c",
        "state[]=s&nonce=n&conversation_id=c",
        "W" * 8000,
        base64.urlsafe_b64encode(b"[" * 6000).decode(),
        base64.urlsafe_b64encode(b'{"state": "\\ud800", "nonce": "n", "conversation_id": ""}').decode(),
    ],
)
async def test_callback_when_its_cookie_is_made_up_then_it_is_refused(client: httpx.AsyncClient, cookie: str) -> None:
    headers = {"Cookie": f"kratt_login={cookie}"}
    reply = await client.get("/v1/login/callback?code=good&state=other", headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize(("url", "header"), [(PUBLIC, "max-age=31536000"), ("http://kratt.test", None)])
async def test_page_when_public_by_https_then_browsers_never_ask_for_it_in_plain(
    parts: GatewayParts, url: str, header: str | None
) -> None:
    app = create_app(replace(parts, public_url=url))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=url) as http:
        assert (await http.get("/")).headers.get("strict-transport-security") == header


async def test_recordings_when_as_many_as_allowed_arrive_then_one_more_is_told_busy(
    client: httpx.AsyncClient,
) -> None:
    begun, finish = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"RIFF"
        begun.set()
        await finish.wait()

    wav = {"Content-Type": "audio/wav"}
    held = asyncio.create_task(client.post("/v1/turns/audio", content=slow(), headers=wav))
    await asyncio.wait_for(begun.wait(), 2)
    one_more = await client.post("/v1/turns/audio", content=b"RIFF", headers=wav)
    assert (one_more.status_code, one_more.json()["code"]) == (503, "busy")
    finish.set()
    assert (await held).status_code == 200
    assert (await client.post("/v1/turns/audio", content=b"RIFF", headers=wav)).status_code == 200


@pytest.mark.parametrize("frame", [b"", b"\0\0"])
async def test_utterance_when_sent_more_slowly_than_anybody_speaks_then_its_stream_is_given_back(
    app: FastAPI, parts: GatewayParts, monkeypatch: pytest.MonkeyPatch, frame: bytes
) -> None:
    monkeypatch.setattr(speech, "STALL_SECONDS", SHORT_SECONDS)
    sent = await _drip(app, {"host": "kratt.test"}, frames=200, frame=frame)
    assert json.loads(sent[-2]["text"])["code"] == "malformed_turn"
    assert sent[-1]["type"] == "websocket.close"
    assert parts.speech.open == 0  # type: ignore[attr-defined]


async def test_upload_when_the_client_hangs_up_then_it_is_no_failure_of_ours(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    events = [{"type": "http.request", "body": b"RIFF", "more_body": True}, {"type": "http.disconnect"}]
    scope = {"type": "http", "method": "POST", "path": "/v1/turns/audio", "query_string": b"", "http_version": "1.1"}
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return events.pop(0) if events else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app({**scope, "headers": [(b"content-type", b"audio/wav")]}, receive, send)
    assert sent[0]["status"] == 400
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_socket_when_the_client_leaves_in_its_handshake_then_it_is_no_failure_of_ours(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    scope = {"type": "websocket", "path": "/v1/speech", "query_string": b"", "headers": [(b"host", b"kratt.test")]}

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(_: Any) -> None:
        raise OSError  # as uvicorn does

    await app(scope, receive, send)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def _drip(app: FastAPI, headers: dict[str, str], frames: int, frame: bytes = b"") -> list[Any]:
    """What the gateway sends to a client that starts an utterance and sends a frame now and then, never a stop."""
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "websocket", "path": "/v1/speech", "query_string": b"", "headers": raw}
    sent: list[Any] = []
    to_come = iter([{"type": "websocket.connect"}, {"type": "websocket.receive", "text": json.dumps(START)}])
    left = frames

    async def receive() -> dict[str, Any]:
        nonlocal left
        if (message := next(to_come, None)) is not None:
            return message
        await asyncio.sleep(SHORT_SECONDS / 10)
        left -= 1
        return {"type": "websocket.receive", "bytes": frame} if left > 0 else {"type": "websocket.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await asyncio.wait_for(app(scope, receive, send), 5)
    return sent


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("GET", "/page/main.js"), ("GET", "/v1/words"), ("GET", "/nowhere"), ("POST", "/v1/turns")],
)
async def test_page_when_another_one_would_frame_it_then_browsers_do_not(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    headers = (await client.request(method, path)).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("guess", ["", "x", "0" * 22, "A" * 200, "\u0000", "' OR 1=1 --", "../../etc/passwd", "ä" * 22])
async def test_conversation_when_guessed_then_every_guess_gets_the_same_answer(
    client: httpx.AsyncClient, guess: str
) -> None:
    replies = [
        await client.post("/v1/turns", json={"text": "hello", "conversation_id": each}) for each in ("never-was", guess)
    ]
    first, second = [(reply.status_code, reply.content, sorted(reply.headers.items())) for reply in replies]
    assert first == second
    assert first[0] == 404
