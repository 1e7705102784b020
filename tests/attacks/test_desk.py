"""What the desk must not give away: without a token, to other agents, to other citizens, to who comes next."""

import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from assistant.core.errors import TooOften
from assistant.core.ports import Counted
from tests.desk_gateway import WANTED, DeskGateway, desk_gateway

pytestmark = pytest.mark.attack

MARKUP = '<img src=x onerror="alert(1)"><speak>hush</speak> {place} {0}'


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[DeskGateway]:
    async with desk_gateway(tmp_path) as running:
        yield running


async def call(gateway: DeskGateway, citizen: httpx.AsyncClient) -> str:
    """A case of the citizen's, claimed by Tiiu."""
    await citizen.post("/v1/turns", json={"text": WANTED, "language": "en"})
    async with gateway.agent() as agent:
        ((case),) = (await agent.get("/v1/desk/queue")).json()["cases"]
        await agent.post(f"/v1/desk/cases/{case['case_id']}/claim")
        body = {"text": MARKUP, "key": "the first key"}
        await agent.post(f"/v1/desk/cases/{case['case_id']}/messages", json=body)
    return str(case["case_id"])


def requests_of(case_id: str) -> list[tuple[str, str]]:
    acts = ("claim", "messages", "release", "close")
    return [
        ("GET", "/v1/desk/queue"),
        ("POST", "/v1/desk/leave"),
        ("GET", f"/v1/desk/cases/{case_id}"),
        *(("POST", f"/v1/desk/cases/{case_id}/{act}") for act in acts),
    ]


async def test_desk_when_asked_without_an_agents_token_then_nothing_is_told_or_done(gateway: DeskGateway) -> None:
    tokens = (None, "Bearer wrong", "Bearer", "Basic Tiiu", "Bearer Tiiu", "bearer \N{SNOWMAN}")
    async with gateway.citizen() as citizen, gateway.citizen() as thief, gateway.agent() as agent:
        case_id = await call(gateway, citizen)
        for token, (method, path) in itertools.product(tokens, requests_of(case_id)):
            headers = {"Authorization": token.encode()} if token else {}
            body = {"text": "hello", "key": "a key of mine"}
            refused = await thief.request(method, path, headers=headers, json=body)
            assert refused.status_code in {403, 404}, path
            assert set(refused.json()) == {"code", "message"}
        ((case),) = (await agent.get("/v1/desk/queue")).json()["cases"]
        assert (case["is_mine"], case["last_words"]) == (True, 1)


async def test_desk_when_a_citizens_cookie_comes_along_then_it_counts_for_nothing(gateway: DeskGateway) -> None:
    async with gateway.citizen() as citizen:
        case_id = await call(gateway, citizen)
        for method, path in requests_of(case_id):
            assert (await citizen.request(method, path, json={})).status_code == 403


async def test_desk_when_another_page_asks_in_an_agents_browser_then_it_is_refused(gateway: DeskGateway) -> None:
    async with gateway.citizen() as citizen, gateway.agent() as agent:
        case_id = await call(gateway, citizen)
        for method, path in requests_of(case_id):
            refused = await agent.request(method, path, headers={"Origin": "https://evil.example"}, json={})
            assert refused.status_code == 403, path


async def test_case_when_it_is_another_agents_then_it_is_as_if_it_were_not_there(gateway: DeskGateway) -> None:
    async with gateway.citizen() as citizen, gateway.agent("Rein") as rein:
        case_id = await call(gateway, citizen)
        assert (await rein.get("/v1/desk/queue")).json()["cases"] == []
        for method, path in requests_of(case_id)[2:]:
            body = {"text": "hello", "key": "a key of mine"} if path.endswith("messages") else None
            refused = await rein.request(method, path, json=body)
            unknown = await rein.request(method, path.replace(case_id, "x" * len(case_id)), json=body)
            assert refused.status_code == (409 if path.endswith("claim") else 404), path
            assert path.endswith("claim") or refused.json() == unknown.json()


async def test_messages_when_another_citizen_guesses_then_they_get_their_own_or_none(gateway: DeskGateway) -> None:
    async with gateway.citizen() as citizen, gateway.citizen() as thief:
        case_id = await call(gateway, citizen)
        await thief.post("/v1/turns", json={"text": "hello", "language": "en"})
        for guess in ({}, {"case_id": case_id}, {"after": "0"}, {"dialogue_id": case_id}):
            got = await thief.get("/v1/messages", params=guess)
            assert got.json()["messages"] == []
            assert got.json()["state"] == "none"
        thief.headers["Kratt-Conversation"] = case_id
        assert (await thief.get("/v1/messages")).json()["state"] == "none"


async def test_words_when_a_citizen_logs_out_then_the_next_one_at_the_screen_reads_none(gateway: DeskGateway) -> None:
    async with gateway.citizen() as citizen, gateway.agent() as agent:
        await call(gateway, citizen)
        assert (await citizen.get("/v1/messages")).json()["messages"]
        await citizen.post("/v1/logout")
        assert (await citizen.get("/v1/messages")).json()["messages"] == []
        assert (await agent.get("/v1/desk/queue")).json()["cases"] == []


async def test_words_when_an_agent_writes_markup_then_it_is_handed_out_as_it_is_and_formatted_by_nobody(
    gateway: DeskGateway,
) -> None:
    async with gateway.citizen() as citizen:
        await call(gateway, citizen)
        got = await citizen.get("/v1/messages")
        assert got.json()["messages"][0]["text"] == MARKUP
        assert got.headers["content-type"] == "application/json"


async def test_tokens_when_guessed_then_the_address_is_stopped(gateway: DeskGateway) -> None:
    class Stopped:
        async def admit(self, what: Counted, who: str) -> None:
            if what is Counted.LOGIN_OF_ADDRESS:
                raise TooOften(retry_after_seconds=7)

    async with gateway.citizen() as thief, gateway.agent() as agent:
        gateway.app.state.parts = gateway.parts_with(Stopped())
        assert (await thief.get("/v1/desk/queue", headers={"Authorization": "Bearer guess"})).status_code == 429
        assert (await agent.get("/v1/desk/queue")).status_code == 200
