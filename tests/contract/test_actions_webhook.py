"""What Rasa 3.6.21 sends to an action server (RemoteAction._action_call_format) and what it understands in return."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId
from assistant.bootstrap.actions import build
from assistant.content.service_spec import Service
from assistant.settings import Settings

pytestmark = pytest.mark.contract

CITIZENS_WORDS = "when are you open in tartu my code is 60001019906"


def in_all(text: str) -> dict[str, str]:
    return {"en": text, "et": text, "ru": text}


OFFICES = Service.model_validate(
    {
        "service": "office_information",
        "title": in_all("Offices"),
        "owner": {"institution": in_all("Police and Border Guard Board"), "code": "70008747"},
        "assurance": "none",
        "data_class": "public",
        "purpose": in_all("Tell"),
        "calls": [
            {
                "id": "offices",
                "register": in_all("the register of offices"),
                "service": "EE/GOV/70008747/offices/offices",
                "operation": "GET /v1/offices/{office}",
                "reads": {"opening_hours": {"from": "openingHours", "as": "localized"}},
            }
        ],
        "inputs": [{"slot": "office", "one_of": ["tallinn", "tartu"], "required": True}],
        "answers": {"each": "utter_office_information_item", "none": "utter_office_information_none"},
        "degrade": "utter_register_unavailable",
    }
)


LISTEN = {
    "event": "action",
    "timestamp": 1764000000.1,
    "metadata": {"model_id": "3d0c"},
    "name": "action_listen",
    "policy": None,
    "confidence": None,
    "action_text": None,
    "hide_rule_turn": False,
}


def payload(action: str, language: str | None = "en", **entities: str) -> dict[str, Any]:
    metadata = {"turn_context": "e30.e30.e30", "language": "en", "turn_id": "5f0c"}
    latest_message = {
        "intent": {"name": "office_information", "confidence": 0.98},
        "entities": [
            {"entity": slot, "start": 21, "end": 26, "value": value, "extractor": "PhraseEntities"}
            for slot, value in entities.items()
        ],
        "text": CITIZENS_WORDS,
        "message_id": "b1c7",
        "metadata": metadata,
        "text_tokens": [[0, 4], [5, 8]],
        "intent_ranking": [{"name": "office_information", "confidence": 0.98}],
    }
    user = {
        "event": "user",
        "timestamp": 1764000001.2,
        "metadata": metadata,
        "text": CITIZENS_WORDS,
        "parse_data": latest_message,
        "input_channel": "kratt",
        "message_id": "b1c7",
    }
    return {
        "next_action": action,
        "sender_id": "d-1",
        "tracker": {
            "sender_id": "d-1",
            "slots": {"language": language, "dialogue_stack": None, "session_started_metadata": None},
            "latest_message": latest_message,
            "latest_event_time": 1764000001.2,
            "followup_action": None,
            "paused": False,
            "events": [LISTEN, user],
            "latest_input_channel": "kratt",
            "active_loop": {},
            "latest_action": {"action_name": "action_listen"},
            "latest_action_name": "action_listen",
        },
        "version": "3.6.21",
        "domain": {"version": "3.1", "intents": ["office_information"], "slots": {}, "responses": {}, "forms": {}},
    }


class FakeRegister:
    broken = False

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.broken:
            raise RuntimeError(CITIZENS_WORDS)
        echo = {name: request.headers[name] for name in ("X-Road-Id", "X-Road-Client")}
        echo["X-Road-Service"] = "EE/GOV/70008747/offices/offices"
        return httpx.Response(200, json={"openingHours": {"en": "9-17", "et": "9-17", "ru": "9-17"}}, headers=echo)


@pytest.fixture
def register() -> FakeRegister:
    return FakeRegister()


@pytest.fixture
def app(register: FakeRegister, tmp_path: Path) -> FastAPI:
    xroad = XRoadClient("http://ss.test", ClientId.parse("EE/GOV/70009999/kratt"), httpx.MockTransport(register))
    return build(
        Settings(state=tmp_path, turn_secret=SecretStr("s" * 32), actions_token=SecretStr("token")), (OFFICES,), xroad
    )


@pytest.fixture
async def engine(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://actions.test",
            headers={"Authorization": "Bearer token"},
        ) as client,
    ):
        yield client


async def test_webhook_when_action_runs_then_answers_events_and_responses(engine: httpx.AsyncClient) -> None:
    answer = await engine.post("/webhook", json=payload("action_office_information", office="tartu"))
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"events", "responses"}
    stack, listen = body["events"]
    assert (stack["event"], stack["name"], stack["value"][0]["asked"]) == ("slot", "dialogue_stack", "?done")
    assert listen == {"event": "followup", "timestamp": None, "name": "action_listen"}
    (response,) = body["responses"]
    assert (response["response"], response["opening_hours"]) == ("utter_office_information_item", "9-17")
    assert set(response["custom"]) == {"outcome", "service", "sources", "act_ms", "open"}
    assert response["text"] is None
    assert response["buttons"] == []


async def test_webhook_when_domain_is_left_out_then_runs_all_the_same(engine: httpx.AsyncClient) -> None:
    call = payload("action_stop")
    del call["domain"]
    assert (await engine.post("/webhook", json=call)).status_code == 200


async def test_webhook_when_something_is_missing_then_asks_and_waits(engine: httpx.AsyncClient) -> None:
    body = (await engine.post("/webhook", json=payload("action_office_information"))).json()
    (response,) = body["responses"]
    assert (response["response"], response["custom"]["outcome"]) == ("utter_ask_office", "asked_detail")
    assert [button["payload"] for button in response["buttons"]] == ["Tallinn", "Tartu"]
    assert body["events"][0]["value"][0]["asked"] == "office"


async def test_webhook_when_action_is_unknown_then_404(engine: httpx.AsyncClient) -> None:
    answer = await engine.post("/webhook", json=payload("action_of_somebody_else"))
    assert answer.status_code == 404
    assert answer.json()["action_name"] == "action_of_somebody_else"


async def test_webhook_when_action_breaks_then_500_and_nothing_said_is_told_or_logged(
    engine: httpx.AsyncClient, register: FakeRegister, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    register.broken = True
    answer = await engine.post("/webhook", json=payload("action_office_information", office="tartu"))
    assert answer.status_code == 500
    assert answer.json() == {"code": "unexpected", "message": "the action failed"}
    (record,) = [entry for entry in caplog.records if entry.message == "action failed"]
    facts = {"action": "action_office_information", "code": "unexpected", "exception": "RuntimeError"}
    assert facts.items() <= record.facts.items()  # type: ignore[attr-defined]
    assert "actions/server.py:" in record.facts["at"][0]  # type: ignore[attr-defined]
    assert all("60001019906" not in str(vars(entry)) for entry in caplog.records)


async def test_webhook_when_language_is_missing_then_500_with_the_code_of_the_error(engine: httpx.AsyncClient) -> None:
    answer = await engine.post("/webhook", json=payload("action_office_information", office="tartu", language=None))
    assert (answer.status_code, answer.json()["code"]) == (500, "unknown_language")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"[" * 100_000,
        b'{"next_action": "", "tracker": {"sender_id": "60001019906", "slots": {}, "latest_message": {}}}',
        b'{"next_action": "action_stop"}',
        b'{"next_action": null, "tracker": {"sender_id": "60001019906", "slots": {}, "latest_message": {}}}',
        b'{"next_action": "action_stop", "tracker": {"sender_id": "60001019906", "slots": [], "latest_message": {}}}',
    ],
)
async def test_webhook_when_body_is_no_call_then_422_without_the_body(body: bytes, engine: httpx.AsyncClient) -> None:
    answer = await engine.post("/webhook", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json() == {"code": "malformed_call", "message": "this is not a call of an action"}


async def test_actions_when_asked_then_lists_every_action(engine: httpx.AsyncClient) -> None:
    names = [entry["name"] for entry in (await engine.get("/actions")).json()]
    assert names == [
        "action_office_information",
        "action_continue",
        "action_stop",
        "action_repeat",
    ]


async def test_healthz_when_running_then_ok(engine: httpx.AsyncClient) -> None:
    assert (await engine.get("/healthz")).json() == {"status": "ok"}


async def test_app_when_it_ends_then_closes_the_client(register: FakeRegister, tmp_path: Path) -> None:
    xroad = XRoadClient("http://ss.test", ClientId.parse("EE/GOV/70009999/kratt"), httpx.MockTransport(register))
    app = build(
        Settings(state=tmp_path, turn_secret=SecretStr("s" * 32), actions_token=SecretStr("token")), (OFFICES,), xroad
    )
    async with app.router.lifespan_context(app):
        assert not xroad._http.is_closed
    assert xroad._http.is_closed


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"subject": ""}', b'{"subject": "EE1", "more": 1}'])
@pytest.mark.parametrize("path", ["/citizen/kept", "/citizen/forget", "/citizen/login", "/citizen/lock"])
async def test_citizen_when_the_body_names_nobody_then_422_without_the_body(
    engine: httpx.AsyncClient, path: str, body: bytes
) -> None:
    answer = await engine.post(path, content=body)
    assert (answer.status_code, answer.json()) == (422, {"detail": "the body is not as described"})


async def test_citizen_when_nothing_is_kept_then_there_is_nothing_to_tell_and_to_forget(
    engine: httpx.AsyncClient,
) -> None:
    for path, records in (("/citizen/kept", []), ("/citizen/forget", 0)):
        assert (await engine.post(path, json={"subject": "EE60001019906"})).json() == {"records": records}
