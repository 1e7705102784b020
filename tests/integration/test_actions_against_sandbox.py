"""The action server with the real content, over real sockets, against the sandbox's X-Road security server."""

import asyncio
import sqlite3
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from assistant.adapters.turn_signer import JwtTurnSigner
from assistant.bootstrap.actions import build
from assistant.core.deadline import Deadline
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.ports import Session
from assistant.core.turns import Turn
from assistant.operate.supervision import no_certificates
from assistant.sandbox.app import create_app as create_sandbox
from assistant.settings import Settings
from tests.serving import served

pytestmark = pytest.mark.integration

SECRET = "the key that only the gateway and the actions know"
TOKEN = "the token that only the engine and the actions know"
CLIENT = "EE/GOV/70009999/kratt"
MARY, JAAK, NO_DOCUMENTS = "EE60001019906", "EE38001085718", "EE60001017869"


@pytest.fixture(scope="module")
async def sandbox_url() -> AsyncIterator[str]:
    app = create_sandbox(
        issuer="http://127.0.0.1",
        client_id="kratt",
        client_secret="s" * 32,
        redirect_uris=frozenset({"http://127.0.0.1/callback"}),
        xroad_client=CLIENT,
    )
    async with served(app, lifespan="on") as url:
        yield url


def actions_of(sandbox_url: str, state: Path) -> FastAPI:
    secrets = {"turn_secret": SecretStr(SECRET), "actions_token": SecretStr(TOKEN)}
    return build(Settings(state=state, xroad_url=sandbox_url, xroad_failures=0, **secrets))


@pytest.fixture(scope="module")
async def actions_url(sandbox_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    async with served(actions_of(sandbox_url, tmp_path_factory.mktemp("state")), lifespan="on") as url:
        yield url


@pytest.fixture
async def faults(sandbox_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=f"{sandbox_url}/sandbox", trust_env=False, verify=no_certificates()
    ) as client:
        yield client
        await client.delete("/faults")


async def run(
    url: str, action: str, subject: str | None, language: Language = Language.EN, seconds: float = 10, **slots: str
) -> tuple[list[str], dict[str, Any], list[dict[str, Any]]]:
    turn = Turn(uuid.uuid4().hex, "web", language, "words")
    session = Session("conversation", "dialogue", subject, "", Assurance.HIGH if subject else Assurance.NONE)
    token = JwtTurnSigner(SECRET).sign(turn, session, Deadline.after(seconds))
    intent = {"name": action.removeprefix("action_"), "confidence": 0.9}
    entities = [{"entity": slot, "value": value, "start": 0, "end": 0} for slot, value in slots.items()]
    heard = {"text": "words", "metadata": {"turn_context": token}, "intent": intent, "entities": entities}
    tracker = {
        "sender_id": "dialogue",
        "slots": {"language": language.value},
        "latest_message": heard,
        "events": [],
    }
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(timeout=15, trust_env=False, verify=no_certificates(), headers=headers) as engine:
        answer = await engine.post(f"{url}/webhook", json={"next_action": action, "tracker": tracker})
    answer.raise_for_status()
    messages = answer.json()["responses"]
    return [message["response"] for message in messages], messages[-1]["custom"], messages


@pytest.mark.parametrize(
    ("language", "card"), [(Language.EN, "ID card"), (Language.ET, "ID-kaart"), (Language.RU, "ID-карта")]
)
async def test_document_expiry_when_logged_in_then_reads_the_register(
    language: Language, card: str, actions_url: str
) -> None:
    said, facts, messages = await run(actions_url, "action_document_expiry", MARY, language)
    assert (facts["outcome"], len(facts["sources"])) == ("answered", 1)
    assert said[0] == "utter_document_expiry"
    assert "utter_document_expiry_item_with_certificates" in said
    with_certificates = next(message for message in messages if "certificate_valid_until" in message)
    assert with_certificates["document"].casefold() == card.casefold()


async def test_document_expiry_when_person_has_none_then_says_so(actions_url: str) -> None:
    said, facts, _ = await run(actions_url, "action_document_expiry", NO_DOCUMENTS)
    assert (said, facts["outcome"]) == (["utter_document_expiry_none"], "answered")


async def test_document_expiry_when_nobody_is_logged_in_then_asks_to_log_in(actions_url: str) -> None:
    said, facts, _ = await run(actions_url, "action_document_expiry", None)
    assert (said, facts["outcome"]) == (["utter_login_required"], "asked_login")


async def test_debts_and_fines_when_two_registers_answer_then_adds_up(actions_url: str) -> None:
    said, facts, messages = await run(actions_url, "action_debts_and_fines", MARY)
    assert said == ["utter_debts_and_fines", "utter_debts_and_fines_item", "utter_debts_and_fines_item"]
    assert messages[0]["total"].endswith(" euros")
    assert (facts["outcome"], len(facts["sources"])) == ("answered", 2)


async def test_debts_and_fines_when_nothing_is_owed_then_says_so(actions_url: str) -> None:
    said, facts, _ = await run(actions_url, "action_debts_and_fines", JAAK)
    assert (said, facts["outcome"]) == (["utter_debts_and_fines_none"], "answered")


@pytest.mark.parametrize(
    ("slots", "value", "response"),
    [
        ({"office_topic": "opening_hours", "office": "tartu"}, "opening_hours", "hours"),
        ({"office_topic": "place", "office": "johvi"}, "address", "place"),
        ({"office_topic": "price", "document_type": "passport"}, "fee", "price"),
        ({"office_topic": "what_to_bring", "document_type": "driving_licence"}, "bring", "bring"),
    ],
)
async def test_office_information_when_anybody_asks_then_is_told(
    slots: dict[str, str], value: str, response: str, actions_url: str
) -> None:
    said, facts, messages = await run(actions_url, "action_office_information", None, Language.ET, **slots)
    assert (said, facts["outcome"]) == ([f"utter_office_information_{response}"], "answered")
    assert messages[0][value]


@pytest.mark.parametrize("kind", ["html", "server_error", "xroad_error", "redirect", "truncated", "wrong_echo"])
async def test_debts_and_fines_when_one_register_misbehaves_then_the_other_answers(
    kind: str, actions_url: str, faults: httpx.AsyncClient
) -> None:
    (await faults.put("/faults/taxdebts", json={"fault": kind})).raise_for_status()
    said, facts, _ = await run(actions_url, "action_debts_and_fines", MARY)
    assert said == ["utter_debts_and_fines", "utter_debts_and_fines_item", "utter_register_unavailable"]
    assert facts["outcome"] == "answered_partly"


async def test_document_expiry_when_register_is_slow_then_gives_up_before_the_turn_does(
    actions_url: str, faults: httpx.AsyncClient
) -> None:
    (await faults.put("/faults/documents", json={"fault": "delay", "seconds": 3})).raise_for_status()
    started = time.monotonic()
    said, facts, _ = await run(actions_url, "action_document_expiry", MARY, seconds=2)
    assert (said, facts["outcome"]) == (["utter_register_unavailable"], "failed_register")
    assert 1 < time.monotonic() - started < 2


async def test_document_expiry_when_security_server_is_down_then_degrades(tmp_path: Path) -> None:
    async with served(actions_of("http://127.0.0.1:9", tmp_path), lifespan="on") as url:
        said, facts, _ = await run(url, "action_document_expiry", MARY)
    assert (said, facts["outcome"]) == (["utter_register_unavailable"], "failed_register")


async def test_read_when_it_is_answered_then_is_on_record_for_the_data_tracker(actions_url: str) -> None:
    headers = {"X-Road-Client": "EE/GOV/70006317/datatracker", "X-Road-UserId": JAAK}
    async with httpx.AsyncClient(
        base_url=f"{actions_url}/xroad/findUsage/v2", trust_env=False, verify=no_certificates()
    ) as tracker:
        before = (await tracker.get("/findUsage", params={"userCode": JAAK}, headers=headers)).json()["totalUsages"]
        await run(actions_url, "action_document_expiry", JAAK)
        after = (await tracker.get("/findUsage", params={"userCode": JAAK}, headers=headers)).json()
    assert after["totalUsages"] == before + 1
    assert after["usages"][0]["action"]


def lose_head(record: Path) -> None:
    with closing(sqlite3.connect(record)) as database, database:
        database.execute("DELETE FROM accesses_head")


async def test_read_when_the_record_cannot_be_written_then_no_register_is_asked(
    sandbox_url: str, tmp_path: Path
) -> None:
    async with served(actions_of(sandbox_url, tmp_path), lifespan="on") as url:
        await asyncio.to_thread(lose_head, tmp_path / "record.db")  # our own server may be writing meanwhile
        said, facts, _ = await run(url, "action_document_expiry", MARY)
    assert (said, facts["outcome"]) == (["utter_record_unavailable"], "failed_register")
