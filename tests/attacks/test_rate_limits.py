"""Whoever asks without end, as a person, as a device or from an address, is told when to return."""

import asyncio
from typing import Any

import httpx
import pytest
from starlette.requests import HTTPConnection

from assistant.adapters.limits_rate_limiter import LimitsRateLimiter
from assistant.adapters.sound_samples import SpeechSound
from assistant.adapters.webrtc_voice import WebRtcVoice
from assistant.content.project import read_content
from assistant.core.errors import UnknownConversation
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.ports import Counted, Session
from assistant.core.turns import Part, Reply
from assistant.gateway.app import create_app
from assistant.gateway.parts import GatewayParts, Limits
from assistant.intake import address_of
from assistant.pipeline.answer_turn import Answer, Request
from assistant.pipeline.expectations import Expectations
from assistant.pipeline.own_data import OwnData
from assistant.settings import PROJECT

pytestmark = pytest.mark.attack

MOST = 3
RESPONSES = read_content(PROJECT / "nlu_data").plain_responses()
MARY, JAAK = "EE60001019906", "EE38001085718"


class OneConversationEach:
    """`mary-1` and `mary-2` are conversations of Mary's, `anybody-1` is nobody's."""

    async def start(self) -> Session:
        return Session("new", "dialogue of a new one")

    async def find(self, conversation_id: str) -> Session:
        name = conversation_id.partition("-")[0]
        if name == "made":
            raise UnknownConversation
        subject = {"mary": MARY, "jaak": JAAK}.get(name)
        return Session(conversation_id, f"dialogue of {conversation_id}", subject, "", Assurance.HIGH)


class Yes:
    expectations = Expectations()

    async def __call__(self, request: Request, session: Session) -> Answer:
        return Answer(Reply("turn", session.conversation_id, request.language, Outcome.ANSWERED, (Part("Yes."),)))


def gateway(*acts: Counted) -> Any:
    parts = GatewayParts(
        answer_turn=Yes(),  # type: ignore[arg-type]
        sessions=OneConversationEach(),  # type: ignore[arg-type]
        devices=None,  # type: ignore[arg-type]
        own_screens=None,  # type: ignore[arg-type]
        hand_overs=None,  # type: ignore[arg-type]
        identity=None,  # type: ignore[arg-type]
        link_app=None,  # type: ignore[arg-type]
        speech=None,  # type: ignore[arg-type]
        sound_intake=SpeechSound,
        voice_activity=WebRtcVoice,
        responses=RESPONSES,
        words={language: {"title": "Kratt"} for language in Language},
        limits=Limits(text_characters=100, speech_seconds=1),
        default_language=Language.EN,
        public_url="http://kratt.test",
        checks={},
        version={"kratt": "1"},
        metrics=bytes,
        metrics_token="",
        own_data=OwnData({}),
        granted_logins=None,  # type: ignore[arg-type]
        logins=None,  # type: ignore[arg-type]
        feedback=None,  # type: ignore[arg-type]
        notices=tuple,
        rate_limiter=LimitsRateLimiter(dict.fromkeys(acts, MOST), "secret"),
    )
    return create_app(parts)


def client_of(app: Any, address: str = "203.0.113.7") -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(address, 4711)), base_url="http://kratt.test")


async def ask(client: httpx.AsyncClient, conversation: str | None = None, language: str = "en") -> httpx.Response:
    body = {"text": "hello", "language": language} | ({"conversation_id": conversation} if conversation else {})
    return await client.post("/v1/turns", json=body)


@pytest.mark.parametrize("language", ["en", "et", "ru"])
async def test_person_when_asking_too_often_in_many_conversations_then_is_told_when_to_return(language: str) -> None:
    app = gateway(Counted.TURN_OF_PERSON)
    async with client_of(app) as one, client_of(app, "203.0.113.8") as other:
        for at in range(MOST):
            assert (await ask(one, f"mary-{at}")).status_code == 200
        refused = await ask(other, "mary-9", language)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_often")
        assert refused.json()["message"] == RESPONSES["utter_error_too_often"][Language(language)]
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert (await ask(one, "jaak-1")).status_code == 200


async def test_device_when_asking_too_often_then_another_one_is_not_held_up() -> None:
    async with client_of(gateway(Counted.TURN_OF_DEVICE)) as client:
        for _ in range(MOST):
            assert (await ask(client, "anybody-1")).status_code == 200
        assert (await ask(client, "anybody-1")).status_code == 429
        assert (await ask(client, "anybody-2")).status_code == 200


@pytest.mark.parametrize("forged", [{}, {"X-Forwarded-For": "198.51.100.1"}, {"Forwarded": "for=198.51.100.1"}])
async def test_address_when_guessing_conversations_then_is_stopped_whatever_it_says_of_itself(
    forged: dict[str, str],
) -> None:
    app = gateway(Counted.TURN_OF_ADDRESS)
    async with client_of(app) as client, client_of(app, "203.0.113.8") as neighbour:
        client.headers.update(forged)
        for at in range(MOST):
            assert (await ask(client, f"made-up-{at}")).status_code == 404
        assert (await ask(client, "mary-1")).status_code == 429
        assert (await ask(neighbour, "mary-1")).status_code == 200


async def test_recordings_when_too_many_then_are_refused_before_they_are_read() -> None:
    async with client_of(gateway(Counted.TURN_OF_ADDRESS)) as client:
        wav = {"Content-Type": "audio/wav"}
        await asyncio.gather(*(client.post("/v1/turns/audio", content=b"RIFF", headers=wav) for _ in range(MOST)))

        async def never() -> Any:
            pytest.fail("the body was read")
            yield b""

        assert (await client.post("/v1/turns/audio", content=never(), headers=wav)).status_code == 429


async def test_login_when_tried_too_often_then_a_page_says_so() -> None:
    async with client_of(gateway(Counted.LOGIN_OF_ADDRESS)) as client:
        client.headers["Accept"] = "text/html"
        for _ in range(MOST):
            assert (await client.get("/v1/login/callback?code=guess&state=x")).status_code == 403
        refused = await client.get("/v1/login/callback?code=guess&state=x")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    assert RESPONSES["utter_error_too_often"][Language.EN] in refused.text


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),  # a household has all of a /64
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("", "", True),
    ],
)
def test_addresses_when_one_household_has_them_then_are_one(one: str, other: str, is_same: bool) -> None:
    assert (address_of(connection_from(one)) == address_of(connection_from(other))) is is_same


def connection_from(host: str) -> HTTPConnection:
    return HTTPConnection({"type": "http", "client": (host, 4711) if host else None, "headers": []})
