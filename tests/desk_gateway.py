"""A gateway with a desk over real HTTP and a real database; the engine calls a person for whoever says so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from assistant.adapters.sql_desk import SqlDesk
from assistant.adapters.sql_devices import SqlDevices
from assistant.adapters.sql_sessions import SqlSessions
from assistant.bootstrap.desk import build_desk
from assistant.content.project import read_common_responses
from assistant.core.deadline import Deadline
from assistant.core.desk_agents import new_agent
from assistant.core.ports import DialogueAnswer, Message, RateLimiter, Session
from assistant.core.turns import Turn, Understanding
from assistant.database import SqlDatabase
from assistant.gateway.app import create_app
from assistant.gateway.parts import GatewayParts
from assistant.pipeline.present import Responses
from assistant.settings import PROJECT, Settings
from tests.serving import served
from tests.unit.gateway.conftest import FakeDialogue, Gateway

OPEN_ALWAYS = PROJECT / "tests" / "data" / "desk.yml"
SECRET = "the operator's secret"
WANTED, SILENTLY = "i want a person", "i want a person who knows nothing"


class CallingDialogue(FakeDialogue):
    """Echoes, and calls a person at once; that it asks before is the action server's matter."""

    async def respond(self, turn: Turn, session: Session, turn_context: str, deadline: Deadline) -> DialogueAnswer:
        if turn.text not in {WANTED, SILENTLY}:
            return DialogueAnswer((Message(f"You said: {turn.text}"),), Understanding())
        called = {"reason": "asked", "service": "", "with_transcript": turn.text == WANTED}
        facts = {"outcome": "handed_over", "called": called}
        return DialogueAnswer((Message("I have called a person.", "utter_desk_called", facts=facts),), Understanding())


@dataclass(frozen=True)
class DeskGateway:
    """Where it is, and the tokens of its agents by name."""

    url: str
    tokens: dict[str, str]
    app: FastAPI

    def parts_with(self, rate_limiter: RateLimiter) -> GatewayParts:
        return replace(self.app.state.parts, rate_limiter=rate_limiter)

    def citizen(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=20)

    def agent(self, name: str = "Tiiu") -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.tokens[name]}"}
        return httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=20, headers=headers)


@cache
def _common_responses() -> Responses:
    return read_common_responses(PROJECT / "nlu_data")


@asynccontextmanager
async def desk_gateway(folder: Path, names: tuple[str, ...] = ("Tiiu", "Rein")) -> AsyncIterator[DeskGateway]:
    """The gateway for the length of a block; its files are in `folder`."""
    made = {name: new_agent(name) for name in names}
    file = folder / "agents"
    await asyncio.to_thread(file.write_text, "\n".join(line for _, line in made.values()), encoding="utf-8")
    settings = Settings(desk_agents=str(file), desk_hours=str(OPEN_ALWAYS))
    address = f"sqlite+aiosqlite:///{folder / 'kratt.db'}"
    database, sessions = SqlDatabase(address, "KRATT_DATABASE"), SqlSessions(address, 1800, SECRET)
    desk, devices = SqlDesk(database, SECRET), SqlDevices(database, 120, SECRET)
    for store in (sessions, desk, devices):
        await store.open()
    fakes = Gateway(sessions=sessions, devices=devices)  # type: ignore[arg-type]
    parts = fakes.parts()
    responses = {**parts.responses, **_common_responses()}
    desk_parts, with_desk, _ = build_desk(settings, desk, CallingDialogue(), responses)
    answer_turn: Any = replace(parts.answer_turn, dialogue=with_desk)
    app = create_app(replace(parts, desk=desk_parts, answer_turn=answer_turn, responses=responses))
    async with served(app) as url:
        yield DeskGateway(url, {name: token for name, (token, _) in made.items()}, app)
    await sessions.close()
    await database.close()
