"""A citizen who talks to the action server with the real content, over real sockets, before the sandbox's state."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from assistant.adapters.actions_data import ActionsData
from assistant.adapters.turn_signer import JwtTurnSigner
from assistant.bootstrap.actions import build
from assistant.content.compile import CONTINUE
from assistant.core.deadline import Deadline
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.ports import Session
from assistant.core.turns import Turn
from assistant.operate.supervision import no_certificates
from assistant.sandbox.app import create_app as create_sandbox
from assistant.settings import Settings
from tests.serving import served

SECRET = "the key that only the gateway and the actions know"
TOKEN = "the token that only the engine and the actions know"


@dataclass
class State:
    """The state of the sandbox, and the action server before it."""

    sandbox: httpx.AsyncClient
    engine: httpx.AsyncClient
    data: ActionsData

    async def enter(self, subject: str, **entry: object) -> None:
        """Change what the population register has entered of somebody."""
        (await self.sandbox.put(f"/sandbox/standings/{subject}", json=entry)).raise_for_status()

    async def undo(self, subject: str) -> None:
        (await self.sandbox.delete(f"/sandbox/standings/{subject}")).raise_for_status()

    async def calls(self, service: str) -> int:
        """How often a service was called, by the end of its name."""
        told = (await self.sandbox.get("/sandbox/calls")).json()
        return sum(str(call["service"]).endswith(service) for call in told)

    def talk(self, subject: str, channel: str = "web", language: Language = Language.EN) -> "Talk":
        return Talk(self.engine, subject, channel, language)


@dataclass
class Talk:
    """One conversation; the slots are kept as the engine keeps them."""

    engine: httpx.AsyncClient
    subject: str
    channel: str
    language: Language
    dialogue_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    slots: dict[str, Any] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)

    async def says(self, words: str, intent: str, **mentions: str) -> list[str]:
        """What is uttered for words that the engine takes for this intent, with these values in them."""
        text = " ".join((words, *mentions.values()))
        turn = Turn(uuid.uuid4().hex, self.channel, self.language, text)
        session = Session("conversation", self.dialogue_id, self.subject, "", Assurance.HIGH)
        token = JwtTurnSigner(SECRET).sign(turn, session, Deadline.after(10))
        entities = [
            {"entity": slot, "value": value, "start": text.index(value), "end": text.index(value) + len(value)}
            for slot, value in mentions.items()
        ]
        heard = {"text": text, "metadata": {"turn_context": token}, "entities": entities}
        tracker = {
            "sender_id": self.dialogue_id,
            "slots": {"language": self.language.value, **self.slots},
            "latest_message": {**heard, "intent": {"name": intent, "confidence": 0.9}},
            "events": [],
        }
        answer = await self.engine.post("/webhook", json={"next_action": CONTINUE, "tracker": tracker})
        answer.raise_for_status()
        told = answer.json()
        self.slots |= {each["name"]: each["value"] for each in told["events"] if each["event"] == "slot"}
        self.messages = told["responses"]
        return [message["response"].removeprefix("utter_") for message in self.messages]

    @property
    def outcome(self) -> str:
        return str(self.messages[-1]["custom"]["outcome"])


@asynccontextmanager
async def state_of(folder: Path) -> AsyncIterator[State]:
    """A sandbox, and an action server before it."""
    sandbox = create_sandbox(
        issuer="http://127.0.0.1", client_id="kratt", client_secret="s" * 32, redirect_uris=frozenset()
    )
    secrets = {"turn_secret": SecretStr(SECRET), "actions_token": SecretStr(TOKEN)}
    client = {"timeout": 15, "trust_env": False, "verify": no_certificates()}
    async with served(sandbox, lifespan="on") as sandbox_url:
        actions = build(Settings(state=folder, xroad_url=sandbox_url, xroad_failures=0, **secrets))
        async with (
            served(actions, lifespan="on") as actions_url,
            httpx.AsyncClient(base_url=sandbox_url, **client) as state,
            httpx.AsyncClient(base_url=actions_url, headers={"Authorization": f"Bearer {TOKEN}"}, **client) as engine,
        ):
            data = ActionsData(actions_url, TOKEN)
            yield State(state, engine, data)
            await data.close()
