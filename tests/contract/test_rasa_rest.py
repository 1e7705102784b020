"""Rasa's REST channel, as a chat that was made for Rasa sees it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from assistant.core.languages import Language
from assistant.core.ports import Counted
from connectors.rasa_channels import MOST_BYTES, Access
from connectors.rasa_channels.rest import build_rest
from tests.outside import ADDRESS, RESPONSES, OutsideWorld

pytestmark = pytest.mark.contract

WEBHOOK = "/webhooks/rest/webhook"
CHAT = "https://chat.example.ee"


@pytest.fixture
def world() -> OutsideWorld:
    return OutsideWorld(lambda turns: build_rest(turns, Access(ADDRESS, frozenset({CHAT}))))


@pytest.fixture
async def client(world: OutsideWorld) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(world.app), base_url=ADDRESS) as http:
        yield http


async def test_health_when_asked_then_is_ok(client: httpx.AsyncClient) -> None:
    answer = await client.get("/webhooks/rest/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_message_when_answered_then_paragraphs_are_messages(client: httpx.AsyncClient) -> None:
    answer = await client.post(WEBHOOK, json={"sender": "anna", "message": " hello "})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    texts = ("You said: hello", "One.", "Two.")
    assert answer.json() == [{"recipient_id": "anna", "text": text} for text in texts]


async def test_message_when_there_are_choices_then_the_text_is_whole_and_has_buttons(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post(WEBHOOK, json={"sender": "anna", "message": "office", "input_channel": "web"})
    buttons = [{"title": "Tallinn", "payload": "in tallinn"}, {"title": "Tartu", "payload": "in tartu"}]
    expected = {"recipient_id": "anna", "text": "Which office?\n\nThere are two.", "buttons": buttons}
    assert answer.json() == [expected]


async def test_stream_when_asked_for_then_each_message_is_a_line(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"{WEBHOOK}?stream=true", json={"sender": "anna", "message": "hello"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.endswith("\n")
    assert [json.loads(line)["text"] for line in answer.text.splitlines()] == ["You said: hello", "One.", "Two."]


async def test_sender_when_a_number_then_is_told_as_text_like_by_rasa(client: httpx.AsyncClient) -> None:
    answer = await client.post(WEBHOOK, json={"sender": 7, "message": "hello"})
    assert answer.json()[0]["recipient_id"] == "7"


async def test_senders_when_they_differ_then_each_has_a_dialogue(
    client: httpx.AsyncClient, world: OutsideWorld
) -> None:
    for sender in ("anna", "jaak", "anna"):
        await client.post(WEBHOOK, json={"sender": sender, "message": "hello"})
    dialogues = [session.dialogue_id for _, session in world.taken]
    assert dialogues == ["dialogue 0", "dialogue 1", "dialogue 0"]


async def test_language_when_metadata_name_it_then_it_is_the_turns(
    client: httpx.AsyncClient, world: OutsideWorld
) -> None:
    for message, metadata in (("tere", {"language": "et"}), ("привет", None), ("да", "no mapping"), ("yes", {})):
        await client.post(WEBHOOK, json={"sender": "anna", "message": message, "metadata": metadata})
    assert [request.language for request, _ in world.taken] == ["et", "et", "ru", "ru"]


BAD = [
    ({"message": "hello"}, 400, "malformed_turn"),
    ({"sender": None, "message": "hello"}, 400, "malformed_turn"),
    ({"sender": "", "message": "hello"}, 400, "malformed_turn"),
    ({"sender": "x" * 201, "message": "hello"}, 400, "malformed_turn"),
    ({"sender": True, "message": "hello"}, 400, "malformed_turn"),
    ({"sender": {"$ne": 1}, "message": "hello"}, 400, "malformed_turn"),
    ({"sender": "anna"}, 400, "malformed_turn"),
    ({"sender": "anna", "message": " "}, 400, "malformed_turn"),
    ({"sender": "anna", "message": "x" * 101}, 413, "too_much"),
    ({"sender": "anna", "message": "hi", "metadata": {"language": "tlh"}}, 400, "unknown_language"),
    ("hello", 400, "malformed_turn"),
    ([], 400, "malformed_turn"),
]


@pytest.mark.parametrize(("body", "status", "code"), BAD)
@pytest.mark.parametrize("query", ["", "?stream=true"])
async def test_request_when_it_is_no_turn_then_the_status_says_so(
    client: httpx.AsyncClient, world: OutsideWorld, body: Any, status: int, code: str, query: str
) -> None:
    answer = await client.post(WEBHOOK + query, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert world.taken == []


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"sender": "\\ud800", "message": "hi"}', b"[" * 5000])
async def test_body_when_it_is_no_json_then_is_refused(client: httpx.AsyncClient, content: bytes) -> None:
    answer = await client.post(WEBHOOK, content=content)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_turn")


async def test_body_when_too_long_then_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post(WEBHOOK, content=b" " * (MOST_BYTES + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_much")


@pytest.mark.parametrize("language", list(Language))
async def test_error_when_told_then_in_the_language_of_the_metadata(
    client: httpx.AsyncClient, language: Language
) -> None:
    body = {"sender": "anna", "message": "x" * 101, "metadata": {"language": language.value}}
    answer = await client.post(WEBHOOK, json=body)
    assert answer.json()["message"] == RESPONSES["utter_error_too_much"][language]


@pytest.mark.parametrize(
    ("outcome", "status"), [("failed_dialogue", 503), ("failed_deadline", 503), ("failed_unexpected", 500)]
)
async def test_turn_when_it_failed_then_the_status_says_so_and_rasas_200_with_nothing_does_not(
    client: httpx.AsyncClient, outcome: str, status: int
) -> None:
    answer = await client.post(WEBHOOK, json={"sender": "anna", "message": outcome})
    assert (answer.status_code, answer.json()) == (status, {"code": outcome, "message": "Sorry."})


@pytest.mark.parametrize("what", [Counted.TURN_OF_ADDRESS, Counted.TURN_OF_DEVICE])
async def test_sender_when_asking_too_often_then_is_told_when_to_return(what: Counted) -> None:
    world = OutsideWorld(lambda turns: build_rest(turns, Access(ADDRESS)), {what: 2})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(world.app), base_url=ADDRESS) as client:
        answers = [await client.post(WEBHOOK, json={"sender": "anna", "message": "hello"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1


async def test_page_when_its_origin_is_in_the_setting_then_it_may_read_answers_and_errors(
    client: httpx.AsyncClient,
) -> None:
    asked = {"Origin": CHAT, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "Content-Type"}
    preflight = await client.options(WEBHOOK, headers=asked)
    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (200, CHAT)
    for body in ({"sender": "anna", "message": "hello"}, {}):
        answer = await client.post(WEBHOOK, json=body, headers={"Origin": CHAT})
        assert answer.headers["access-control-allow-origin"] == CHAT
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://chat.example.ee.evil.example"])
async def test_page_when_its_origin_is_another_then_nothing_is_answered(
    client: httpx.AsyncClient, world: OutsideWorld, origin: str
) -> None:
    body = {"sender": "anna", "message": "hello"}
    answer = await client.post(WEBHOOK, json=body, headers={"Origin": origin})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert "access-control-allow-origin" not in answer.headers
    assert world.taken == []
