"""Speakers by voice, from the words to the gateway's tables: actions, databases and X-Road over sockets."""

import socket
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from assistant.adapters.sql_devices import SqlDevices
from assistant.adapters.turn_signer import JwtTurnSigner
from assistant.bootstrap.actions import build
from assistant.content.compile import DIALOGUE_STACK
from assistant.core.deadline import Deadline
from assistant.core.devices import Change
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.ports import Session
from assistant.core.turns import Turn
from assistant.database import SqlDatabase
from assistant.operate.supervision import no_certificates
from assistant.sandbox.app import create_app as create_sandbox
from assistant.sandbox.population import JAAK, MARY
from assistant.settings import Settings
from tests.serving import served

pytestmark = pytest.mark.integration

SECRET = "the key that only the gateway and the actions know"
TOKEN = "the token that only the engine and the actions know"
OWNER = Session("conversation", "dialogue", MARY, "MARY", Assurance.HIGH)


@dataclass
class Room:
    """Somebody who speaks to a speaker, or types on the page, with what the engine would make of their words."""

    engine: httpx.AsyncClient
    devices: SqlDevices
    said: dict[str, Any] = field(default_factory=dict)
    stack: object = None

    async def speaker(self, name: str, owner: Session = OWNER) -> str:
        """The token of a speaker that is linked and may speak."""
        device, token, code = await self.devices.register()
        await self.devices.link(code, name, owner)
        await self.devices.change(device.device_id, Change(may_speak=True, is_locked=False), owner)
        return token

    async def says(self, text: str, intent: str, token: str | None = None, **named: str) -> list[str]:
        """What is answered to words that are spoken to the speaker of a token, or typed on Mary's page."""
        device = await self.devices.begin_turn(token) if token else None
        session, channel = (device.session, device.channel.value) if device else (OWNER, "web")
        turn = Turn(uuid.uuid4().hex, channel, Language.EN, text)
        signed = JwtTurnSigner(SECRET).sign(turn, session, Deadline.after(10))
        entities = [{"entity": slot, "value": value, "start": 0, "end": 1} for slot, value in named.items()]
        known = {"name": intent, "confidence": 0.99}
        heard = {"text": text, "metadata": {"turn_context": signed}, "intent": known, "entities": entities}
        slots = {"language": "en", DIALOGUE_STACK: self.stack}
        tracker = {"sender_id": session.dialogue_id, "slots": slots, "latest_message": heard, "events": []}
        answer = await self.engine.post("/webhook", json={"next_action": "action_speakers", "tracker": tracker})
        told = answer.raise_for_status().json()
        self.stack = next(event["value"] for event in told["events"] if event.get("name") == DIALOGUE_STACK)
        self.said = {name: value for each in told["responses"] for name, value in each.items()}
        return [each["response"].removeprefix("utter_") for each in told["responses"]]

    async def names(self) -> list[str]:
        return [each.name for each in await self.devices.of(MARY)]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    sandbox_url, actions_url = (f"http://127.0.0.1:{each.getsockname()[1]}" for each in listeners)
    secrets = {name: SecretStr(name * 8) for name in ("data_key", "metrics_token")}
    settings = Settings(
        state=tmp_path, xroad_url=sandbox_url, turn_secret=SecretStr(SECRET), actions_token=SecretStr(TOKEN), **secrets
    )
    sandbox = create_sandbox(
        issuer=sandbox_url,
        client_id="kratt",
        client_secret="s" * 32,
        redirect_uris=frozenset(),
        own_services_url=f"{actions_url}/xroad",
    )
    database = SqlDatabase(settings.database_url, "KRATT_DATABASE")
    common: dict[str, Any] = {"trust_env": False, "verify": no_certificates(), "timeout": 15}
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(served(sandbox, listeners[0], lifespan="on"))
        await stack.enter_async_context(served(build(settings), listeners[1], lifespan="on"))
        headers = {"Authorization": f"Bearer {TOKEN}"}
        engine = httpx.AsyncClient(base_url=actions_url, headers=headers, **common)
        yield Room(
            await stack.enter_async_context(engine),
            SqlDevices(database, settings.speaker_idle_seconds, settings.secret("data_key")),
        )
    await database.close()


CONFIRM = ["read_back_item", "confirm_question"]


async def test_speaker_when_it_is_this_one_then_it_is_unlinked_and_no_other(room: Room) -> None:
    kitchen, _ = await room.speaker("Kitchen"), await room.speaker("Bedroom")
    unlink = {"speaker_task": "unlink_speaker"}
    assert await room.says("unlink this speaker", "speakers", kitchen, **unlink) == ["speakers_unlink", *CONFIRM]
    assert room.said["value"] == "Kitchen"
    assert await room.says("yes", "affirm", kitchen) == ["speakers_unlinked"]
    assert await room.names() == ["Bedroom"]
    room.stack = None
    assert await room.says("which speakers do i have", "speakers", kitchen) == ["ask_elsewhere"]


async def test_speaker_when_another_is_named_then_that_one_is_meant(room: Room) -> None:
    kitchen, _ = await room.speaker("Kitchen"), await room.speaker("Bedroom")
    await room.says("unlink the bedroom speaker", "speakers", kitchen, speaker_task="unlink_speaker")
    assert room.said["value"] == "Bedroom"
    assert await room.says("no", "deny", kitchen) != ["speakers_unlinked"]
    assert await room.names() == ["Kitchen", "Bedroom"]


async def test_speaker_when_renamed_then_is_asked_how_and_called_so(room: Room) -> None:
    kitchen = await room.speaker("Kitchen")
    rename = {"speaker_task": "rename_speaker"}
    assert await room.says("rename this speaker", "speakers", kitchen, **rename) == ["ask_speaker_new_name"]
    assert (await room.says("living room", "nlu_fallback", kitchen))[0] == "speakers_rename"
    assert await room.says("yes", "affirm", kitchen) == ["speakers_renamed"]
    assert [name.casefold() for name in await room.names()] == ["living room"]


async def test_speaker_when_unlinked_on_the_page_then_is_chosen_by_its_name(room: Room) -> None:
    for name in ("Kitchen", "Bedroom"):
        await room.speaker(name)
    unlink = {"speaker_task": "unlink_speaker"}
    assert await room.says("unlink a speaker", "speakers", **unlink) == ["ask_speaker"]
    assert (await room.says("the kitchen one", "nlu_fallback"))[0] == "speakers_unlink"
    assert await room.says("yes", "affirm") == ["speakers_unlinked"]
    assert await room.names() == ["Bedroom"]


async def test_speakers_when_listed_then_each_is_told_and_nobody_elses(room: Room) -> None:
    kitchen, _ = (
        await room.speaker("Kitchen"),
        await room.speaker("Jaak's", Session("c", "d", JAAK, "", OWNER.assurance)),
    )
    assert await room.says("which speakers do i have", "speakers", kitchen) == ["speakers_item"]
    assert (room.said["speaker_name"], room.said["speaker_state"]) == ("Kitchen", "unlocked")


@pytest.mark.parametrize("task", ["list_speakers", "unlink_speaker", "rename_speaker"])
async def test_speakers_when_this_one_is_locked_then_nothing_is_told(room: Room, task: str) -> None:
    kitchen = await room.speaker("Kitchen")
    await room.devices.lock((await room.devices.find(kitchen)).device_id)
    assert await room.says("my speakers", "speakers", kitchen, speaker_task=task) == ["unlock_first"]
    assert await room.names() == ["Kitchen"]
