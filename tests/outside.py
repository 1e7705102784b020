"""A gateway that has a connector and answers everybody by itself: sessions and answers are fakes, all else is real."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property
from typing import Any

from fastapi import APIRouter, FastAPI

from assistant.adapters.limits_rate_limiter import LimitsRateLimiter
from assistant.content.project import read_content
from assistant.core.audio import Pcm
from assistant.core.calls import Calls, CallsHere
from assistant.core.errors import UnknownConversation
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.ports import Counted, Session
from assistant.core.turns import Button, Part, Reply
from assistant.gateway.app import create_app
from assistant.gateway.parts import GatewayParts, Limits
from assistant.pipeline.answer_turn import Answer, Request, checked_text
from assistant.pipeline.expectations import Expectations
from assistant.pipeline.outside_turns import OutsideTurns
from assistant.pipeline.own_data import OwnData
from assistant.pipeline.speaking import Speech
from assistant.settings import PROJECT

RESPONSES = read_content(PROJECT / "nlu_data").plain_responses()
OFFICES = Part("Which office?\n\nThere are two.", (Button("Tallinn", "in tallinn"), Button("Tartu", "in tartu")))
ADDRESS = "http://kratt.test"


SOUND = bytes(range(250)) * 400


async def _at_once() -> None: ...


async def _nothing() -> AsyncIterator[Pcm]:
    return
    yield


@dataclass
class OutsideWorld:
    """Echoes what is said; asks back for an office, and fails when told to."""

    connector: Callable[[OutsideTurns], APIRouter] = lambda _: APIRouter()
    per_minute: dict[Counted, int] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    taken: list[tuple[Request, Session]] = field(default_factory=list)
    expectations: Expectations = field(default_factory=Expectations)
    calls: Calls = field(default_factory=CallsHere)
    started: int = 0
    before: Callable[[], Awaitable[object]] = _at_once
    """What an answer waits for."""

    async def find_or_start(self, conversation_id: str) -> Session:
        self.started += conversation_id not in self.sessions
        return self.sessions.setdefault(conversation_id, Session(conversation_id, f"dialogue {self.started - 1}"))

    async def log_out(self, conversation_id: str) -> Session:
        if conversation_id not in self.sessions:
            raise UnknownConversation
        return self.sessions.pop(conversation_id)

    async def __call__(self, request: Request, session: Session) -> Answer:
        said = request.said
        assert not isinstance(said, bytes)
        text = checked_text(said if isinstance(said, str) else (await said.finish()).text, 100)
        await self.before()
        self.taken.append((request, session))
        outcome, parts = Outcome.ANSWERED, (Part(f"You said: {text}"), Part("One.\n\nTwo."))
        if text == "office":
            outcome, parts = Outcome.ASKED_DETAIL, (OFFICES,)
        elif text.endswith("i wonder"):
            parts = (Part("Who knows?"),)
        elif text.startswith("failed_"):
            outcome, parts = Outcome(text), (Part("Sorry."),)
        language = Language.RU if text == "привет" else request.language
        reply = Reply("turn", session.conversation_id, language, outcome, parts)
        return Answer(
            reply, Speech(Pcm(SOUND, request.speech_rate_hertz or 22050), _nothing()) if request.speak else None
        )

    @property
    def app(self) -> FastAPI:
        return create_app(self.parts, connectors=[self.connector(self.turns)])

    @cached_property
    def turns(self) -> OutsideTurns:
        parts = self.parts
        return OutsideTurns(parts.take_turn, parts.sessions, "secret", RESPONSES, Language.EN, calls=self.calls)

    @property
    def parts(self) -> GatewayParts:
        nothing = {each.name: None for each in fields(GatewayParts) if each.default is each.default_factory is MISSING}
        wanted: dict[str, Any] = {
            **nothing,
            "answer_turn": self,
            "sessions": self,
            "responses": RESPONSES,
            "words": {language: {"title": "Kratt"} for language in Language},
            "limits": Limits(text_characters=100, speech_seconds=1),
            "default_language": Language.EN,
            "public_url": ADDRESS,
            "version": {"kratt": "1"},
            "own_data": OwnData({}),
            "rate_limiter": LimitsRateLimiter(self.per_minute, "secret"),
        }
        return GatewayParts(**wanted)

    @property
    def connector_alone(self) -> FastAPI:
        """The connector without the rest of the gateway, which takes a second to build."""
        app = FastAPI(openapi_url=None)
        app.include_router(self.connector(self.turns))
        return app
