"""A gateway with the skill, before Amazon's cloud of the tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import httpx
from fastapi import APIRouter

from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.ports import Counted, Session
from assistant.core.turns import Part, Reply
from assistant.pipeline.answer_turn import Answer, Request
from assistant.pipeline.link_account import LinkAccount
from assistant.pipeline.outside_turns import OutsideTurns
from connectors.alexa import PATH
from connectors.alexa.chains import Chains
from connectors.alexa.endpoint import build_alexa
from connectors.alexa.hold_on import HoldOn
from connectors.alexa.skill import Skill
from connectors.alexa.verification import VerifyRequest
from tests.alexa import SKILL, Amazon
from tests.outside import ADDRESS, OutsideWorld

OWN_PAGE = "https://kratt.example.ee"
SENTENCES = {
    name: {Language.EN: sentence}
    for name, sentence in {
        "greet": "hello",
        "affirm": "yes",
        "deny": "no",
        **{name: name for name in ("help", "repeat", "stop", "vehicle")},
    }.items()
}


@dataclass
class Gateway(OutsideWorld):
    """Says a word as often as `length` asks for; asks to log in when told to."""

    length: int = 0

    async def __call__(self, request: Request, session: Session) -> Answer:
        if request.said == "asked_login":
            return self._told(request, session, Outcome.ASKED_LOGIN, "Sorry.")
        if self.length:
            text = (f"{request.said} & " * self.length)[: self.length]
            return self._told(request, session, Outcome.ASKED_DETAIL, text)
        return await super().__call__(request, session)

    def _told(self, request: Request, session: Session, outcome: Outcome, text: str) -> Answer:
        self.taken.append((request, session))
        return Answer(Reply("turn", session.conversation_id, request.language, outcome, (Part(text),)))


@dataclass
class AlexaWorld:
    """What a test needs; `post` signs an envelope and sends it."""

    per_minute: Mapping[Counted, int] = field(default_factory=dict)
    hold_on_after: float = 3600
    amazon: Amazon = field(default_factory=Amazon)
    link_account: LinkAccount | None = None
    is_whole: bool = False
    """Whether all of the gateway is there, which takes a second to build."""

    def __post_init__(self) -> None:
        self.client = self.amazon.client
        self.verify = VerifyRequest(
            Chains(self.client, self.amazon.roots), frozenset({SKILL}), clock=lambda: self.amazon.now
        )
        self.gateway = Gateway(self._connector, dict(self.per_minute))
        self.app = self.gateway.app if self.is_whole else self.gateway.connector_alone
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=ADDRESS)

    def _connector(self, turns: OutsideTurns) -> APIRouter:
        hold_on = HoldOn(self.client, dict.fromkeys(Language, "One moment, please"), self.hold_on_after)
        skill = Skill(turns, hold_on, SENTENCES, OWN_PAGE, dict.fromkeys(Language, "Kratt"), self.link_account)
        return build_alexa(self.verify, skill, self.client)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()
        await self.client.aclose()

    async def post(self, envelope: object, **signing: Any) -> httpx.Response:
        return await self.send(*self.amazon.signed(envelope, **signing))

    async def send(self, headers: Mapping[str, str], body: bytes) -> httpx.Response:
        return await self._http.post(PATH, headers=dict(headers), content=body)
