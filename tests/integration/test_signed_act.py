"""An act that is signed, from the request to the receipt: actions, database, X-Road and Mobile-ID over sockets."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import SecretStr

from assistant.adapters.turn_signer import JwtTurnSigner
from assistant.bootstrap.actions import build
from assistant.content.compile import DIALOGUE_STACK
from assistant.core.deadline import Deadline
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.ports import Session
from assistant.core.turns import Turn
from assistant.operate.supervision import no_certificates
from assistant.sandbox.app import create_app as create_sandbox
from assistant.sandbox.phone_certificates import Authority
from assistant.sandbox.population import MARY
from assistant.settings import Settings
from tests.serving import served

pytestmark = pytest.mark.integration

SECRET = "the key that only the gateway and the actions know"
TOKEN = "the token that only the engine and the actions know"
SERVICE = "driving_licence_renew"


@dataclass
class Citizen:
    """Talks to the action server as the engine would, and keeps the dialogue's slot."""

    engine: httpx.AsyncClient
    sandbox: httpx.AsyncClient
    stack: object = None
    dialogue: str = field(default_factory=lambda: uuid.uuid4().hex)
    code: str = ""

    async def says(self, text: str, intent: str) -> list[str]:
        turn = Turn(uuid.uuid4().hex, "web", Language.EN, text)
        session = Session("conversation", self.dialogue, MARY, "", Assurance.HIGH)
        token = JwtTurnSigner(SECRET).sign(turn, session, Deadline.after(10))
        known = {"name": intent, "confidence": 0.95}
        heard = {"text": text, "metadata": {"turn_context": token}, "intent": known, "entities": []}
        slots = {"language": "en", DIALOGUE_STACK: self.stack}
        tracker = {"sender_id": self.dialogue, "slots": slots, "latest_message": heard, "events": []}
        answer = await self.engine.post("/webhook", json={"next_action": f"action_{SERVICE}", "tracker": tracker})
        answer.raise_for_status()
        told = answer.json()
        self.stack = next(event["value"] for event in told["events"] if event.get("name") == DIALOGUE_STACK)
        self.code = next((each["code"] for each in told["responses"] if "code" in each), self.code)
        return [each["response"] for each in told["responses"]]

    async def asks(self) -> None:
        assert (await self.says("i want to renew my driving licence", SERVICE))[-1] == "utter_confirm_question"
        assert await self.says("yes", "affirm") == ["utter_phone_asked"]

    async def phone(self, **behaviour: str) -> None:
        (await self.sandbox.put(f"/sandbox/phones/{MARY}", json=behaviour)).raise_for_status()

    async def has_applied(self) -> bool:
        said = await self.says("i want to renew my driving licence", SERVICE)
        return said == ["utter_driving_licence_renew_already_applied"]


@pytest.fixture
async def citizen(tmp_path: Path) -> AsyncIterator[Citizen]:
    authority = Authority.new()
    (tmp_path / "phones.crt").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    sandbox = create_sandbox(
        issuer="http://127.0.0.1",
        client_id="kratt",
        client_secret="s" * 32,
        redirect_uris=frozenset(),
        phone_authority=authority,
    )
    secrets = {"turn_secret": SecretStr(SECRET), "actions_token": SecretStr(TOKEN)}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with served(sandbox, lifespan="on") as sandbox_url:
        settings = Settings(
            state=tmp_path,
            xroad_url=sandbox_url,
            mobile_id_url=f"{sandbox_url}/mid-api",
            ocsp_url=f"{sandbox_url}/ocsp",
            phone_authorities=str(tmp_path / "phones.crt"),
            **secrets,
        )
        common: dict[str, Any] = {"trust_env": False, "verify": no_certificates(), "timeout": 15}
        async with (
            served(build(settings), lifespan="on") as url,
            httpx.AsyncClient(base_url=url, headers=headers, **common) as engine,
            httpx.AsyncClient(base_url=sandbox_url, **common) as state,
        ):
            yield Citizen(engine, state)


async def test_act_when_the_phone_confirms_then_the_register_has_it(citizen: Citizen) -> None:
    await citizen.asks()
    assert len(citizen.code.replace(" ", "")) == 4
    assert await citizen.says("done", "nlu_fallback") == ["utter_driving_licence_renew_done"]
    assert await citizen.has_applied()


@pytest.mark.parametrize(
    "told",
    [
        {"behaviour": "refused"},
        {"behaviour": "timeout"},
        {"behaviour": "unknown"},
        {"lie": "other_person"},
        {"lie": "revoked"},
    ],
    ids=["refused", "not answered", "no Mobile-ID", "somebody else answers", "revoked"],
)
async def test_act_when_the_phone_does_not_confirm_then_the_register_has_nothing(
    citizen: Citizen, told: dict[str, str]
) -> None:
    await citizen.phone(**told)
    await citizen.asks()
    assert await citizen.says("done", "nlu_fallback") == ["utter_phone_not_confirmed"]
    assert not await citizen.has_applied()


async def test_act_when_the_phone_waits_then_nothing_is_sent_until_it_confirms(citizen: Citizen) -> None:
    await citizen.phone(behaviour="silent")
    await citizen.asks()
    code = citizen.code
    assert await citizen.says("done", "nlu_fallback") == ["utter_phone_waiting"]
    assert citizen.code == code
    assert await citizen.says("no", "deny") == ["utter_not_sent"]
    assert not await citizen.has_applied()


async def test_act_when_phones_are_down_then_nothing_is_sent_and_that_is_said(citizen: Citizen) -> None:
    await citizen.phone(behaviour="down")
    await citizen.says("i want to renew my driving licence", SERVICE)
    assert await citizen.says("yes", "affirm") == ["utter_phone_unavailable"]
    assert not await citizen.has_applied()


async def test_stack_when_forged_as_if_the_phone_had_been_asked_then_nothing_is_sent(citizen: Citizen) -> None:
    """Slots are never proof: whoever could write one still has no confirmation."""
    await citizen.says("i want to renew my driving licence", SERVICE)
    assert isinstance(citizen.stack, list)
    citizen.stack = [{**frame, "asked": "?phone"} for frame in citizen.stack]
    assert await citizen.says("done", "nlu_fallback") == ["utter_phone_not_confirmed"]
    assert not await citizen.has_applied()
