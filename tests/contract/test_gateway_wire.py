"""The gateway's wire over real sockets: what a client written in another language would see."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from assistant.adapters.limits_rate_limiter import LimitsRateLimiter
from assistant.adapters.sound_samples import SpeechSound
from assistant.adapters.webrtc_voice import WebRtcVoice
from assistant.core.audio import Pcm
from assistant.core.errors import UnknownConversation
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.ports import Session
from assistant.core.turns import Button, Entity, Intent, Part, Reply, Transcript, Understanding, Word
from assistant.gateway.app import create_app
from assistant.gateway.parts import GatewayParts, Limits
from assistant.pipeline.answer_turn import Answer, Request
from assistant.pipeline.expectations import Expectations
from assistant.pipeline.own_data import OwnData
from assistant.pipeline.speaking import Speech
from tests.serving import served

pytestmark = pytest.mark.contract

TRANSCRIPT = Transcript("my passport", Language.ET, (Word("my", 0.0, 0.3, 0.8), Word("passport", 0.3, 0.9, 1.0)))
SOUND = Pcm(bytes(range(250)) * 400, 22050)


class OneStream:
    async def accept(self, samples: bytes) -> str:
        return "my"

    async def finish(self) -> Transcript:
        return TRANSCRIPT

    async def abandon(self) -> None: ...


class OneSpeech:
    def languages(self) -> frozenset[Language]:
        return frozenset({Language.ET})

    async def open_stream(self, language: Language, rate_hertz: int, phrases: Sequence[str] = ()) -> OneStream:
        return OneStream()


class OneSession:
    session = Session("conversation-1", "dialogue-1")

    async def start(self) -> Session:
        return self.session

    async def find(self, conversation_id: str) -> Session:
        if conversation_id != self.session.conversation_id:
            raise UnknownConversation
        return self.session


is_over = asyncio.Event()


async def _another_piece() -> AsyncIterator[Pcm]:
    yield SOUND


async def _endless_pieces() -> AsyncIterator[Pcm]:
    try:
        while True:
            yield SOUND
    finally:
        is_over.set()


class OneAnswer:
    expectations = Expectations()

    async def __call__(self, request: Request, session: Session) -> Answer:
        transcript = None if isinstance(request.said, str | bytes) else await request.said.finish()
        reply = Reply(
            turn_id="turn-1",
            conversation_id=session.conversation_id,
            language=request.language,
            outcome=Outcome.ANSWERED,
            parts=(Part("Kehtib.", (Button("Aitäh", "aitäh"),)),),
            understanding=Understanding(
                (Intent("document_expiry", 0.9),), (Entity("document_type", "passport", 3, 11),)
            ),
            transcript=transcript,
            sources=("PPA",),
            durations_ms={"listen": 1.0, "total": 1.0},
        )
        rest = _endless_pieces() if request.language is Language.RU else _another_piece()
        return Answer(reply, Speech(SOUND, rest) if request.speak else None)


@pytest.fixture(scope="module")
async def address() -> AsyncIterator[str]:
    parts: Any = GatewayParts(
        answer_turn=OneAnswer(),  # type: ignore[arg-type]
        sessions=OneSession(),  # type: ignore[arg-type]
        devices=None,  # type: ignore[arg-type]
        own_screens=None,  # type: ignore[arg-type]
        hand_overs=None,  # type: ignore[arg-type]
        identity=None,  # type: ignore[arg-type]
        link_app=None,  # type: ignore[arg-type]
        speech=OneSpeech(),
        sound_intake=SpeechSound,
        voice_activity=WebRtcVoice,
        responses={
            "utter_error_too_much": dict.fromkeys(Language, "Too much."),
            "utter_failed_unexpected": dict.fromkeys(Language, "Sorry."),
        },
        words={},
        limits=Limits(100, 10.0),
        metrics=bytes,
        own_data=OwnData({}),
        granted_logins=None,  # type: ignore[arg-type]
        logins=None,  # type: ignore[arg-type]
        feedback=None,  # type: ignore[arg-type]
        notices=tuple,
        rate_limiter=LimitsRateLimiter({}, ""),
        metrics_token="",
        default_language=Language.EN,
        public_url="http://kratt.test",
        checks={},
        version={"kratt": "1"},
    )
    async with served(create_app(parts), ws="websockets-sansio") as url:
        yield url.removeprefix("http://")


async def test_utterance_when_streamed_then_events_have_their_documented_shape(address: str) -> None:
    async with connect(f"ws://{address}/v1/speech", origin=f"http://{address}", proxy=None) as socket:  # type: ignore[arg-type]
        assert socket.response
        assert socket.response.headers["Set-Cookie"].startswith("kratt_conversation=conversation-1; HttpOnly;")
        await socket.send(json.dumps({"type": "start", "language": "et", "rate_hertz": 16000}))
        await socket.send(bytes(3200))
        await socket.send(json.dumps({"type": "stop"}))
        received: list[Any] = []
        while not received or received[-1] != {"type": "done"}:
            message = await asyncio.wait_for(socket.recv(), 5)
            received.append(json.loads(message) if isinstance(message, str) else message)
    ready, partial, transcript, reply, *sound, _ = received
    heard = {
        "text": "my passport",
        "confidence": 0.9,
        "words": [
            {"text": "my", "start_seconds": 0.0, "end_seconds": 0.3, "confidence": 0.8},
            {"text": "passport", "start_seconds": 0.3, "end_seconds": 0.9, "confidence": 1.0},
        ],
    }
    assert ready == {"type": "ready", "conversation_id": "conversation-1"}
    assert partial == {"type": "partial", "text": "my"}
    assert transcript == {"type": "transcript", **heard}
    assert reply == {
        "type": "reply",
        "turn_id": "turn-1",
        "conversation_id": "conversation-1",
        "language": "et",
        "outcome": "answered",
        "reply": [{"text": "Kehtib.", "buttons": [{"title": "Aitäh", "payload": "aitäh"}]}],
        "transcript": heard,
        "intent": {"name": "document_expiry", "confidence": 0.9},
        "confidence": 0.9,
        "ranking": [{"name": "document_expiry", "confidence": 0.9}],
        "entities": [{"name": "document_type", "value": "passport", "start": 3, "end": 11}],
        "sources": ["PPA"],
        "expects": None,
        "hand_over": None,
        "consent_url": None,
        "locked_out": False,
        "durations_ms": {"listen": 1.0, "total": 1.0},
        "speech": None,
    }
    announced = [event for event in sound if isinstance(event, dict)]
    assert announced == [{"type": "speech", "rate_hertz": 22050, "bytes": len(SOUND.samples)}] * 2
    assert b"".join(frame for frame in sound if isinstance(frame, bytes)) == SOUND.samples * 2


async def test_reply_when_its_listener_leaves_then_nothing_more_is_spoken(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    is_over.clear()
    async with connect(f"ws://{address}/v1/speech", proxy=None) as socket:
        await socket.send(json.dumps({"type": "start", "language": "ru", "rate_hertz": 16000}))
        await socket.send(bytes(3200))
        await socket.send(json.dumps({"type": "stop"}))
        while not isinstance(await asyncio.wait_for(socket.recv(), 5), bytes):
            pass
    await asyncio.wait_for(is_over.wait(), 5)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_socket_when_another_origin_opens_it_then_the_handshake_is_refused(address: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://{address}/v1/speech", origin="http://evil.test", proxy=None)  # type: ignore[arg-type]
    assert refused.value.response.status_code == 403


async def test_socket_when_the_command_is_none_then_it_closes_with_its_code(address: str) -> None:
    async with connect(f"ws://{address}/v1/speech", proxy=None) as socket:
        await socket.send("hello")
        error = json.loads(await asyncio.wait_for(socket.recv(), 5))
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), 5)
    assert (error["type"], error["code"]) == ("error", "malformed_turn")
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1003


async def test_body_when_chunked_over_the_limit_then_it_is_refused_before_its_end(address: str) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1024):
            yield b" " * 65536

    async with httpx.AsyncClient(trust_env=False) as client:
        headers = {"Content-Type": "application/json"}
        answered = await client.post(f"http://{address}/v1/turns", content=endless(), headers=headers)
    assert (answered.status_code, answered.json()) == (413, {"code": "too_much", "message": "Too much."})


async def test_openapi_when_read_then_it_describes_every_route(address: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        description = (await client.get(f"http://{address}/openapi.json")).json()
    assert set(description["paths"]) == {
        *("/v1/turns", "/v1/turns/audio", "/v1/words", "/v1/notices", "/v1/feedback"),
        *("/v1/login", "/v1/login/callback", "/v1/login/claim", "/v1/logout", "/v1/session"),
        *("/v1/smart-id", "/v1/smart-id/callback", "/v1/smart-id/codes", "/v1/smart-id/codes/next"),
        *("/v1/devices", "/v1/devices/{device_id}", "/v1/devices/link", "/v1/devices/code", "/v1/devices/own"),
        *("/v1/devices/lock", "/v1/waiting", "/v1/own-data", "/v1/handovers", "/v1/handovers/take"),
        *("/v1/messages", "/v1/desk/queue", "/v1/desk/leave", "/v1/desk/cases/{case_id}"),
        *(f"/v1/desk/cases/{{case_id}}/{act}" for act in ("claim", "messages", "release", "close")),
        *("/healthz", "/readyz", "/version", "/metrics"),
    }
    bodies = {
        path: description["paths"][path]["post"]["requestBody"]["content"] for path in ("/v1/turns", "/v1/turns/audio")
    }
    assert set(bodies["/v1/turns"]["application/json"]["schema"]["properties"]) == {
        "text",
        "language",
        "conversation_id",
        "relock",
        "speak",
        "speech_rate_hertz",
    }
    assert "audio/wav" in bodies["/v1/turns/audio"]
    replies = description["paths"]["/v1/turns"]["post"]["responses"]
    assert replies["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/ReplyBody")
    assert replies["413"]["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorBody")
