"""Citizens and agents at once, over real HTTP and a real database: nothing is lost, doubled or told to others."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.desk_gateway import SILENTLY, WANTED, DeskGateway, desk_gateway

pytestmark = pytest.mark.integration

CITIZENS, ROUNDS = 5, 3


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[DeskGateway]:
    async with desk_gateway(tmp_path) as running:
        yield running


async def ask(citizen: httpx.AsyncClient, text: str, language: str = "en") -> Any:
    answer = await citizen.post("/v1/turns", json={"text": text, "language": language})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def queue(agent: httpx.AsyncClient) -> list[Any]:
    cases: list[Any] = (await agent.get("/v1/desk/queue")).raise_for_status().json()["cases"]
    return cases


async def answer(agent: httpx.AsyncClient, case_id: str, text: str, key: str) -> httpx.Response:
    return await agent.post(f"/v1/desk/cases/{case_id}/messages", json={"text": text, "key": key})


async def test_citizen_when_a_person_is_called_then_they_talk_and_then_kratt_goes_on(gateway: DeskGateway) -> None:
    async with gateway.citizen() as citizen, gateway.agent() as agent:
        assert (await citizen.get("/v1/messages")).json()["state"] == "none"
        await queue(agent)
        await ask(citizen, "my car")
        assert (await ask(citizen, WANTED))["outcome"] == "handed_over"
        waiting = (await citizen.get("/v1/messages")).json()
        assert (waiting["state"], waiting["place"]) == ("waiting", 1)
        assert "queue: 1" in waiting["notice"]
        said = await ask(citizen, "are you there?")
        assert (said["outcome"], said["intent"]) == ("handed_over", None)

        ((case),) = await queue(agent)
        assert (case["language"], case["reason"], case["is_mine"], case["last_words"]) == ("en", "asked", False, 1)
        assert (await agent.post(f"/v1/desk/cases/{case['case_id']}/claim")).json()["is_mine"]
        talk = (await agent.get(f"/v1/desk/cases/{case['case_id']}")).json()
        assert talk["transcript"] == [{"said": "my car", "replied": "You said: my car"}]
        assert [each["text"] for each in talk["words"]] == ["are you there?"]
        assert (await answer(agent, case["case_id"], "Yes, Tiiu here.", "key-one-1")).status_code == 201

        got = (await citizen.get("/v1/messages")).json()
        assert (got["state"], got["messages"]) == ("claimed", [{"number": 2, "text": "Yes, Tiiu here."}])
        assert (await citizen.get("/v1/messages", params={"after": 2})).json()["messages"] == []
        assert (await agent.post(f"/v1/desk/cases/{case['case_id']}/close")).status_code == 204
        assert (await citizen.get("/v1/messages")).json()["state"] == "closed"
        assert (await ask(citizen, "hello"))["reply"][0]["text"] == "You said: hello"
        assert await queue(agent) == []


async def test_citizen_when_they_say_back_then_the_agent_is_told_by_the_queue(gateway: DeskGateway) -> None:
    async with gateway.citizen() as citizen, gateway.agent() as agent:
        await ask(citizen, SILENTLY)
        ((case),) = await queue(agent)
        await agent.post(f"/v1/desk/cases/{case['case_id']}/claim")
        assert (await agent.get(f"/v1/desk/cases/{case['case_id']}")).json()["transcript"] == []
        assert (await ask(citizen, "Back to Kratt."))["outcome"] == "answered"
        assert await queue(agent) == []
        assert (await answer(agent, case["case_id"], "wait", "key-one-1")).status_code == 404


async def test_case_when_nobody_is_at_the_desk_any_more_then_the_citizen_is_told(gateway: DeskGateway) -> None:
    async with gateway.citizen() as citizen, gateway.agent() as agent:
        await queue(agent)
        await ask(citizen, WANTED)
        ((case),) = await queue(agent)
        await agent.post(f"/v1/desk/cases/{case['case_id']}/claim")
        assert (await agent.post("/v1/desk/leave")).status_code == 204
        told = (await citizen.get("/v1/messages")).json()
        assert told["state"] == "waiting"
        assert "1247" in told["notice"]
        assert "1247" in (await ask(citizen, "hello?"))["reply"][0]["text"]


async def test_case_when_two_agents_claim_it_at_once_then_one_has_it_and_the_other_is_told(
    gateway: DeskGateway,
) -> None:
    async with gateway.citizen() as citizen, gateway.agent("Tiiu") as tiiu, gateway.agent("Rein") as rein:
        await ask(citizen, WANTED, "et")
        ((case),) = await queue(tiiu)
        path = f"/v1/desk/cases/{case['case_id']}/claim"
        done = await asyncio.gather(tiiu.post(path), rein.post(path))
        assert sorted(each.status_code for each in done) == [200, 409]
        refused = next(each.json() for each in done if each.status_code == 409)
        assert refused["code"] == "already_taken"
        assert [len(await queue(agent)) for agent in (tiiu, rein)] in ([0, 1], [1, 0])


async def talk(gateway: DeskGateway, name: str) -> list[str]:
    """A citizen says some things and waits until as many were replied to."""
    heard: list[str] = []
    after = 0
    async with gateway.citizen() as citizen:
        await ask(citizen, WANTED)
        for number in range(ROUNDS):
            await ask(citizen, f"{name} {number}")
        while len(heard) < ROUNDS:
            got = (await citizen.get("/v1/messages", params={"after": after})).json()
            heard += [each["text"] for each in got["messages"]]
            after = max([after, *(each["number"] for each in got["messages"])])
    return heard


async def reply_to_all(agent: httpx.AsyncClient, case_id: str, seen: dict[str, list[str]]) -> None:
    """Answer what the citizen has said since, each request sent twice, as after a lost connection."""
    words = (await agent.get(f"/v1/desk/cases/{case_id}")).json()["words"]
    said = [each["text"] for each in words if not each["is_agents"]]
    for text in said[len(seen.get(case_id, [])) :]:
        sent = [await answer(agent, case_id, f"re: {text}", f"key of {text}") for _ in range(2)]
        assert sent[0].json() == sent[1].json()
    seen[case_id] = said


async def serve(gateway: DeskGateway, name: str, stop: asyncio.Event) -> dict[str, list[str]]:
    """An agent who claims whatever waits; what their citizens said, by case."""
    seen: dict[str, list[str]] = {}
    async with gateway.agent(name) as agent:
        while not stop.is_set():
            for case in await queue(agent):
                path = f"/v1/desk/cases/{case['case_id']}"
                if case["is_mine"] or (await agent.post(f"{path}/claim")).status_code == 200:
                    await reply_to_all(agent, case["case_id"], seen)
    return seen


async def test_crowd_when_it_talks_with_two_agents_at_once_then_nothing_is_lost_or_doubled(
    gateway: DeskGateway,
) -> None:
    stop = asyncio.Event()
    agents = [asyncio.create_task(serve(gateway, name, stop)) for name in ("Tiiu", "Rein")]
    async with asyncio.timeout(60):
        heard = await asyncio.gather(*(talk(gateway, f"citizen-{number}") for number in range(CITIZENS)))
    stop.set()
    served = [words for seen in await asyncio.gather(*agents) for words in seen.values()]
    said = [[f"citizen-{number} {each}" for each in range(ROUNDS)] for number in range(CITIZENS)]
    assert heard == [[f"re: {text}" for text in texts] for texts in said]
    assert sorted(served) == said
