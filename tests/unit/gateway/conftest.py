"""A whole gateway on fakes: no engine, no recogniser, no voice, no database."""

import asyncio
import io
import json
import secrets
import wave
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from ruamel.yaml import YAML
from starlette.types import Message as Event

from assistant.adapters.prometheus_metrics import PrometheusMetrics
from assistant.adapters.sound_samples import SpeechSound
from assistant.adapters.webrtc_voice import WebRtcVoice
from assistant.content.notices import Notice
from assistant.content.own_responses import FORGOTTEN
from assistant.core.audio import ORDINARY, Manner, Pcm
from assistant.core.deadline import Deadline
from assistant.core.errors import (
    Busy,
    DialogueFailed,
    NotAllowed,
    ServiceUnavailable,
    SpeechToTextFailed,
    TextToSpeechFailed,
    TooOften,
    UnknownConversation,
    UnsupportedAudio,
    WrongCode,
)
from assistant.core.feedback import Feedback
from assistant.core.granted_logins import GrantedLogin
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.logins import NotedLogin
from assistant.core.outcomes import OUTCOME_RESPONSES
from assistant.core.ports import (
    Counted,
    DialogueAnswer,
    IdentityProvider,
    Login,
    Message,
    Person,
    RateLimiter,
    Session,
)
from assistant.core.turns import Button, Entity, Intent, Transcript, Turn, Understanding, Word
from assistant.gateway.app import create_app
from assistant.gateway.parts import GatewayParts, Limits
from assistant.pipeline.answer_turn import AnswerTurn
from assistant.pipeline.listen import Listen
from assistant.pipeline.own_data import OwnData
from assistant.pipeline.speaking import Speak
from assistant.settings import PROJECT

PERSON = Person("EE60001019906", "Mary Änn", Assurance.SUBSTANTIAL)
CALLER_ERRORS = (
    "unknown_device",
    "wrong_code",
    "too_many_guesses",
    "malformed_turn",
    "unknown_language",
    "unsupported_audio",
    "unknown_conversation",
    "not_allowed",
    "too_much",
    "too_often",
    "busy",
)

SMALL_LIMITS = Limits(text_characters=200, speech_seconds=1.0, json_bytes=4096, audio_bytes=65536)


@dataclass
class FakeDialogue:
    """Answers a few sentences; anything else is echoed. `fails` makes it fail like a missing engine."""

    fails: Exception | None = None
    forgets: bool = False
    turns: list[tuple[Turn, str]] = field(default_factory=list)

    async def respond(self, turn: Turn, session: Session, turn_context: str, deadline: Deadline) -> DialogueAnswer:
        self.turns.append((turn, session.dialogue_id))
        if self.fails:
            raise self.fails
        understanding = Understanding(
            (Intent("document_expiry", 0.97), Intent("greet", 0.02)), (Entity("document_type", "passport", 13, 21),)
        )
        awaiting = None
        if "passport" in turn.text and turn_context == "nobody":
            message = Message("Please log in first.", "utter_login_required")
        elif "passport" in turn.text:
            facts = {"outcome": "answered", "sources": ["Police and Border Guard Board"], "act_ms": 1.0}
            message = Message("Your passport is valid until 5 May 2027.", facts=facts)
        elif "office" in turn.text:
            buttons = (Button("Tallinn", "in tallinn"), Button("Tartu", "in tartu"))
            asks = {"expected": {"kind": "choice", "phrases": ["tallinn", "tartu"]}}
            message = Message("Which office do you mean?", "utter_ask_office", buttons, asks)
            awaiting = "office"
        elif self.forgets:
            message = Message("You are forgotten.", FORGOTTEN)
        else:
            message = Message(f"You said: {turn.text}")
        return DialogueAnswer((message,), understanding, awaiting, model="fake-model")

    async def parse(self, said: str | Transcript, language: Language, deadline: Deadline) -> Understanding:
        return Understanding()

    async def check(self) -> str:
        if self.fails:
            raise DialogueFailed("down")
        return "fake-model"


@dataclass
class FakeSessions:
    live: dict[str, Session] = field(default_factory=dict)
    started: int = 0

    async def start(self) -> Session:
        self.started += 1
        return self._keep(Session(secrets.token_urlsafe(16), secrets.token_urlsafe(16)))

    async def find(self, conversation_id: str) -> Session:
        if conversation_id not in self.live:
            raise UnknownConversation
        return self.live[conversation_id]

    async def log_in(self, conversation_id: str, subject: str, given_name: str, assurance: Assurance) -> Session:
        old = await self.find(conversation_id)
        del self.live[conversation_id]
        new_id = secrets.token_urlsafe(16)
        return self._keep(
            replace(old, conversation_id=new_id, subject=subject, given_name=given_name, assurance=assurance)
        )

    async def log_out(self, conversation_id: str) -> Session:
        del self.live[(await self.find(conversation_id)).conversation_id]
        return await self.start()

    async def go_on_with(self, conversation_id: str, dialogue_id: str) -> Session:
        old = self.live.pop(conversation_id)
        return self._keep(replace(old, conversation_id=secrets.token_urlsafe(16), dialogue_id=dialogue_id))

    async def owner_of_dialogue(self, dialogue_id: str) -> str | None:
        return self._in(dialogue_id).subject

    async def leave_dialogue(self, dialogue_id: str) -> None:
        self._keep(replace(self._in(dialogue_id), dialogue_id=secrets.token_urlsafe(16)))

    def _in(self, dialogue_id: str) -> Session:
        for session in self.live.values():
            if session.dialogue_id == dialogue_id:
                return session
        raise WrongCode

    async def check(self) -> None: ...

    def _keep(self, session: Session) -> Session:
        self.live[session.conversation_id] = session
        return session


@dataclass
class FakeStream:
    """Hears one word of `says` per frame; silence if it says nothing."""

    speech: "FakeSpeech"
    language: Language
    frames: int = 0
    is_open: bool = True

    async def accept(self, samples: bytes) -> str:
        self.speech.heard += samples
        self.frames += 1
        if self.speech.breaks:
            raise SpeechToTextFailed("broke")
        return " ".join(self.speech.says.split()[: self.frames])

    async def finish(self) -> Transcript:
        words = tuple(Word(text, at / 2, at / 2 + 0.5, 0.9) for at, text in enumerate(self.speech.says.split()))
        return Transcript(self.speech.says, self.language, words)

    async def abandon(self) -> None:
        if self.is_open:
            self.speech.open_streams -= 1
        self.is_open = False


@dataclass
class FakeSpeech:
    says: str = "when does my passport expire"
    most_streams: int = 2
    breaks: bool = False
    open_streams: int = 0
    heard: bytes = b""
    phrases: list[Sequence[str]] = field(default_factory=list)

    def languages(self) -> frozenset[Language]:
        return frozenset({Language.EN})

    async def open_stream(self, language: Language, rate_hertz: int, phrases: Sequence[str] = ()) -> FakeStream:
        if not 8000 <= rate_hertz <= 48000:
            raise UnsupportedAudio("rate")
        if language not in self.languages():
            raise SpeechToTextFailed("no model")
        if self.open_streams >= self.most_streams:
            raise Busy
        self.open_streams += 1
        self.phrases.append(phrases)
        return FakeStream(self, language)


class FakeSounds:
    async def decode(self, data: bytes) -> Pcm:
        try:
            with wave.open(io.BytesIO(data)) as wav:
                return Pcm(wav.readframes(wav.getnframes()), wav.getframerate())
        except (wave.Error, EOFError):
            raise UnsupportedAudio("not a WAV file") from None


@dataclass
class FakeVoice:
    fails: bool = False
    rates: list[int | None] = field(default_factory=list)

    async def speak(self, text: str, language: Language, deadline: Deadline, manner: Manner = ORDINARY) -> Pcm:
        self.rates.append(manner.rate_hertz)
        if self.fails:
            raise TextToSpeechFailed("down")
        return Pcm(b"\x01\x02" * 22050, 22050)

    async def check(self) -> None:
        if self.fails:
            raise TextToSpeechFailed("down")


class FakeIdentity:
    """Knows one code; a browser sent to it comes straight back."""

    def begin(self, language: Language) -> Login:
        state = secrets.token_urlsafe(16)
        return Login(f"/v1/login/callback?code=good&state={state}", state, "nonce")

    async def finish(self, code: str, nonce: str) -> Person:
        if (code, nonce) != ("good", "nonce"):
            raise NotAllowed("unknown code")
        return PERSON


@dataclass
class FakeStore:
    """Keeps records by person; `fails` like one that is down."""

    kept: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    fails: bool = False

    async def kept_of(self, subject: str) -> list[dict[str, object]]:
        if self.fails:
            raise DialogueFailed("down")
        return self.kept.get(subject, [])

    async def forget(self, subject: str) -> int:
        return len(await self.kept_of(subject)) and len(self.kept.pop(subject))


@dataclass
class FakeLogins:
    """Knows browsers by their ids; `fails` like a database that is down."""

    known: list[str] = field(default_factory=list)
    fails: bool = False

    async def note(self, person: Person, browser_ids: Sequence[str]) -> NotedLogin:
        if self.fails:
            raise ServiceUnavailable("down")
        found = next((each for each in browser_ids if each in self.known), None)
        noted = NotedLogin(found or secrets.token_urlsafe(16), is_unfamiliar=bool(self.known) and not found)
        self.known.append(noted.browser_id)
        return noted


@dataclass
class FakeGrantedLogins:
    granted: dict[str, GrantedLogin] = field(default_factory=dict)

    async def grant(self, login: GrantedLogin) -> str:
        token = secrets.token_urlsafe(16)
        self.granted[token] = login
        return token

    async def take(self, token: str, origin: str) -> Person:
        login = self.granted.pop(token, None)
        if login is None or login.origin != origin:
            raise NotAllowed("no such login")
        return login.person


@dataclass
class FakeFeedbacks:
    given: list[Feedback] = field(default_factory=list)

    async def add(self, feedback: Feedback) -> None:
        self.given.append(feedback)


@dataclass
class FakeRateLimiter:
    """Admits everything except acts in `refuses`; keeps who did what."""

    refuses: set[Counted] = field(default_factory=set)
    counted: list[tuple[Counted, str]] = field(default_factory=list)

    async def admit(self, what: Counted, who: str) -> None:
        if what in self.refuses:
            raise TooOften(retry_after_seconds=7)
        self.counted.append((what, who))


class FakeSigner:
    def sign(self, turn: Turn, session: Session, deadline: Deadline) -> str:
        return session.subject or "nobody"


def _own_phrases() -> dict[str, dict[Language, str]]:
    names = [*OUTCOME_RESPONSES.values(), *(f"utter_error_{code}" for code in CALLER_ERRORS)]
    words = {name: {language: f"{name} in {language}" for language in Language} for name in names}
    return {**words, "utter_pairing_code": {language: f"{language}: {{code}}" for language in Language}}


def _page_words() -> dict[Language, dict[str, str]]:
    folder = PROJECT / "nlu_data" / "common"
    return {code: dict(YAML(typ="safe").load(folder / f"page.{code}.yml")["words"]) for code in Language}


@dataclass
class Gateway:
    """The gateway under test and the fakes behind it."""

    dialogue: FakeDialogue = field(default_factory=FakeDialogue)
    sessions: FakeSessions = field(default_factory=FakeSessions)
    speech: FakeSpeech = field(default_factory=FakeSpeech)
    voice: FakeVoice = field(default_factory=FakeVoice)
    identity: IdentityProvider = field(default_factory=FakeIdentity)
    devices: Any = None
    own_screens: Any = None
    hand_overs: Any = None
    link_app: Any = None
    limits: Limits = SMALL_LIMITS
    stores: dict[str, Any] = field(default_factory=lambda: {"first": FakeStore(), "second": FakeStore()})
    rate_limiter: RateLimiter = field(default_factory=FakeRateLimiter)
    logins: FakeLogins = field(default_factory=FakeLogins)
    granted_logins: FakeGrantedLogins = field(default_factory=FakeGrantedLogins)
    feedback: FakeFeedbacks = field(default_factory=FakeFeedbacks)
    notices: tuple[Notice, ...] = ()
    embedders: frozenset[str] = frozenset()
    public_url: str = "http://kratt.test"

    def app(self) -> FastAPI:
        return create_app(self.parts())

    def parts(self) -> GatewayParts:
        responses = _own_phrases()
        listen, metrics = Listen(FakeSounds(), self.speech), PrometheusMetrics()
        return GatewayParts(
            answer_turn=AnswerTurn(
                listen,
                self.dialogue,
                Speak(self.voice),
                FakeSigner(),
                responses,
                5.0,
                self.limits.text_characters,
                metrics,
            ),
            sessions=self.sessions,
            devices=self.devices,
            own_screens=self.own_screens,
            hand_overs=self.hand_overs,
            identity=self.identity,
            link_app=self.link_app,
            speech=self.speech,
            sound_intake=SpeechSound,
            voice_activity=WebRtcVoice,
            responses=responses,
            words=_page_words(),
            limits=self.limits,
            default_language=Language.EN,
            public_url=self.public_url,
            checks={"engine": self.dialogue.check, "voice": self.voice.check, "database": self.sessions.check},
            version={"kratt": "1.2.3"},
            metrics=metrics.exposition,
            metrics_token="token of the metrics",
            rate_limiter=self.rate_limiter,
            own_data=OwnData(self.stores),
            granted_logins=self.granted_logins,
            logins=self.logins,
            feedback=self.feedback,
            notices=lambda: self.notices,
            embedders=self.embedders,
        )


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
async def client(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(gateway.app())
    async with httpx.AsyncClient(transport=transport, base_url=gateway.public_url) as http:
        yield http


class Socket:
    """The client's end of a WebSocket, straight on the application."""

    def __init__(self, app: FastAPI, headers: dict[str, str]) -> None:
        named = {"host": "kratt.test", **headers}
        raw = [(name.encode(), value.encode()) for name, value in named.items()]
        self._scope = {"type": "websocket", "path": "/v1/speech", "query_string": b"", "headers": raw}
        self._app = app
        self._to_app: asyncio.Queue[Event] = asyncio.Queue()
        self._from_app: asyncio.Queue[Event] = asyncio.Queue()

    async def __aenter__(self) -> "Socket":
        self._served = asyncio.create_task(self._app(self._scope, self._to_app.get, self._from_app.put))
        await self._to_app.put({"type": "websocket.connect"})
        self.handshake = await self._next()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._to_app.put({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self._served, 1)

    async def say(self, *messages: dict[str, object] | bytes | str) -> None:
        for message in messages:
            if isinstance(message, bytes):
                await self._to_app.put({"type": "websocket.receive", "bytes": message})
            else:
                text = message if isinstance(message, str) else json.dumps(message)
                await self._to_app.put({"type": "websocket.receive", "text": text})

    async def event(self) -> Any:
        """What the gateway sends next: an event, sound, or the code it closes with."""
        message = await self._next()
        if message["type"] == "websocket.close":
            return message["code"]
        return message["bytes"] if message.get("bytes") is not None else json.loads(message["text"])

    async def events_until(self, *types: str) -> dict[str, Any]:
        """Events by type up to one of these; of several of a type the last."""
        events: dict[str, Any] = {}
        while not events.keys() & set(types):
            event = await self.event()
            events[event["type"] if isinstance(event, dict) else "sound"] = event
        return events

    async def _next(self) -> Event:
        return await asyncio.wait_for(self._from_app.get(), 2)


@pytest.fixture
def open_socket(gateway: Gateway) -> Callable[..., Socket]:
    def open_it(**headers: str) -> Socket:
        return Socket(gateway.app(), headers)

    return open_it


@pytest.fixture
def wav() -> Callable[..., bytes]:
    def make(seconds: float = 0.5, rate_hertz: int = 16000) -> bytes:
        return Pcm(bytes(2 * int(seconds * rate_hertz)), rate_hertz).to_wav()

    return make
