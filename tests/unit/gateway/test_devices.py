"""Speakers over HTTP and WebSocket, on real tables in memory."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from assistant.adapters.sql_devices import SqlDevices
from assistant.adapters.sql_hand_overs import SqlHandOvers
from assistant.adapters.sql_own_screens import SqlOwnScreens
from assistant.core.ports import DialogueAnswer, Message
from assistant.core.turns import Turn, Understanding
from assistant.database import SqlDatabase

pytestmark = pytest.mark.unit

QUESTION = {"text": "when does my passport expire"}


@pytest.fixture
async def gateway(gateway: Any) -> AsyncIterator[Any]:
    database = SqlDatabase("sqlite+aiosqlite://", "KRATT_DATABASE")
    gateway.devices, gateway.own_screens = SqlDevices(database, 120, "a secret"), SqlOwnScreens(database, "a secret")
    gateway.hand_overs = SqlHandOvers(database)
    for store in (gateway.devices, gateway.own_screens, gateway.hand_overs):
        await store.open()
    yield gateway
    await database.close()


@pytest.fixture
async def citizen(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A browser in which Mary is logged in."""
    await client.get((await client.get("/v1/login")).headers["location"])
    return client


class Speaker:
    """A speaker's own client: no cookies, and its token with every request."""

    def __init__(self, http: httpx.AsyncClient, known: dict[str, Any]) -> None:
        self.http, self.code, self.device_id = http, known["code"], known["device_id"]
        self.headers = {"Authorization": f"Bearer {known['token']}"}

    async def post(self, path: str, **content: Any) -> httpx.Response:
        return await self.http.post(path, headers=self.headers, **content)

    async def ask(self, **more: Any) -> Any:
        return (await self.post("/v1/turns", json={**QUESTION, **more})).json()

    async def own(self) -> dict[str, bool]:
        state: dict[str, bool] = (await self.http.get("/v1/devices/own", headers=self.headers)).json()
        return state


@pytest.fixture
async def speaker(gateway: Any) -> AsyncIterator[Speaker]:
    transport = httpx.ASGITransport(gateway.app())
    async with httpx.AsyncClient(transport=transport, base_url=gateway.public_url) as http:
        yield Speaker(http, (await http.post("/v1/devices?language=en")).json())


@pytest.fixture
async def linked(citizen: httpx.AsyncClient, speaker: Speaker) -> Speaker:
    answer = await citizen.post("/v1/devices/link", json={"code": speaker.code, "name": "Kitchen"})
    assert answer.status_code == 200, answer.text
    return speaker


async def change(citizen: httpx.AsyncClient, speaker: Speaker, **changes: Any) -> Any:
    answer = await citizen.patch(f"/v1/devices/{speaker.device_id}", json=changes)
    assert answer.status_code == 200, answer.text
    return answer.json()


def channel_of(gateway: Any) -> str:
    turn: Turn = gateway.dialogue.turns[-1][0]
    return turn.channel


async def test_speaker_when_registered_then_has_words_for_its_code(gateway: Any, client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/devices?language=et")
    body = answer.json()
    assert answer.status_code == 201
    assert body["say"].replace(" ", "").replace(",", "") == f"et:{body['code']}"
    assert (body["seconds"], "set-cookie" in answer.headers) == (300, False)


async def test_turn_when_the_speaker_is_nobodys_then_nobody_asks(speaker: Speaker, gateway: Any) -> None:
    assert (await speaker.ask())["outcome"] == "asked_login"
    assert channel_of(gateway) == "shared_speaker"
    assert await speaker.own() == {"is_linked": False, "is_locked": True}


async def test_turn_when_the_speaker_is_linked_then_its_citizen_asks_once_it_is_unlocked(
    linked: Speaker, citizen: httpx.AsyncClient, gateway: Any
) -> None:
    assert (await linked.ask())["outcome"] == "asked_login"
    assert channel_of(gateway) == "locked_speaker"
    await change(citizen, linked, is_locked=False)
    assert (await linked.ask())["outcome"] == "answered"
    assert channel_of(gateway) == "quiet_speaker"
    await change(citizen, linked, may_speak=True)
    assert (await linked.ask())["outcome"] == "answered"
    assert channel_of(gateway) == "unlocked_speaker"
    assert await linked.own() == {"is_linked": True, "is_locked": False}


@pytest.mark.parametrize("way", ["flag", "request", "page", "utter_stop", "utter_lock_speaker"])
async def test_speaker_when_locked_in_any_way_then_the_next_turn_is_nobodys(
    linked: Speaker, citizen: httpx.AsyncClient, gateway: Any, way: str
) -> None:
    await change(citizen, linked, is_locked=False, may_speak=True)
    assert (await linked.ask())["outcome"] == "answered"
    match way:
        case "request":
            assert (await linked.post("/v1/devices/lock")).status_code == 204
        case "page":
            await change(citizen, linked, is_locked=True)
        case "utter_stop" | "utter_lock_speaker":
            answers = gateway.dialogue.respond

            async def stop(*_: object) -> DialogueAnswer:
                return DialogueAnswer((Message("Stopped.", way),), Understanding())

            gateway.dialogue.respond = stop
            assert (await linked.ask())["outcome"] == "answered"
            gateway.dialogue.respond = answers
    assert (await linked.ask(relock=way == "flag"))["outcome"] == "asked_login"
    (_, old), (_, new) = gateway.dialogue.turns[-2:]
    assert old != new


async def test_speaker_when_unlinked_then_its_next_turn_is_nobodys(
    linked: Speaker, citizen: httpx.AsyncClient, gateway: Any
) -> None:
    await change(citizen, linked, is_locked=False, may_speak=True)
    assert (await citizen.delete(f"/v1/devices/{linked.device_id}")).status_code == 204
    assert (await linked.ask())["outcome"] == "asked_login"
    assert channel_of(gateway) == "shared_speaker"
    assert (await citizen.get("/v1/devices")).json() == []
    code = (await linked.post("/v1/devices/code?language=ru")).json()
    assert (await citizen.post("/v1/devices/link", json={"code": code["code"], "name": "Hall"})).status_code == 200


async def test_speakers_when_listed_then_each_shows_its_state_and_its_name_can_change(
    linked: Speaker, citizen: httpx.AsyncClient
) -> None:
    await change(citizen, linked, name="  Big   kitchen ", may_speak=True)
    assert (await citizen.get("/v1/devices")).json() == [
        {"device_id": linked.device_id, "name": "Big kitchen", "is_locked": True, "may_speak": True}
    ]


async def test_code_when_said_in_groups_then_is_understood(citizen: httpx.AsyncClient, speaker: Speaker) -> None:
    said = f"{speaker.code[:3]} {speaker.code[3:]}"
    assert (await citizen.post("/v1/devices/link", json={"code": said, "name": "Hall"})).status_code == 200


@pytest.mark.parametrize(
    ("status", "code", "body"),
    [
        (404, "wrong_code", {"code": "1", "name": "Hall"}),
        (400, "malformed_turn", {"code": "1", "name": " "}),
        (400, "malformed_turn", {"code": "1", "name": "x" * 41}),
        (400, "malformed_turn", {"code": "1", "name": "a\u202eb"}),
        (400, "malformed_turn", {"code": "1", "name": "Hall", "subject": "EE38001085718"}),
    ],
)
async def test_link_when_the_request_is_wrong_then_says_so(
    citizen: httpx.AsyncClient, status: int, code: str, body: dict[str, str]
) -> None:
    answer = await citizen.post("/v1/devices/link", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_conversation_when_a_speaker_names_its_own_then_goes_on_and_another_does_not(
    linked: Speaker, citizen: httpx.AsyncClient
) -> None:
    assert (await linked.ask(conversation_id=linked.device_id))["conversation_id"] == linked.device_id
    page = (await citizen.post("/v1/turns", json=QUESTION)).json()["conversation_id"]
    assert (await linked.ask(conversation_id=page))["code"] == "unknown_conversation"
    named = await citizen.post("/v1/turns", json={**QUESTION, "conversation_id": linked.device_id})
    assert named.json()["code"] == "unknown_conversation"


async def test_recording_when_a_speaker_sends_it_then_is_its_turn(
    linked: Speaker, citizen: httpx.AsyncClient, gateway: Any, wav: Any
) -> None:
    await change(citizen, linked, is_locked=False, may_speak=True)
    linked.headers["Content-Type"] = "audio/wav"
    assert (await linked.post("/v1/turns/audio", content=wav())).json()["outcome"] == "answered"
    assert (await linked.post("/v1/turns/audio?relock=true", content=wav())).json()["outcome"] == "asked_login"
    assert channel_of(gateway) == "locked_speaker"


async def test_socket_when_a_speaker_opens_it_then_each_utterance_is_its_turn(
    linked: Speaker, citizen: httpx.AsyncClient, gateway: Any, open_socket: Any
) -> None:
    await change(citizen, linked, is_locked=False, may_speak=True)
    start = {"type": "start", "language": "en", "rate_hertz": 16000, "speak": False}
    outcomes = []
    async with open_socket(authorization=linked.headers["Authorization"]) as socket:
        for more in ({}, {"relock": True}):
            await socket.say({**start, **more}, bytes(6400), {"type": "stop"})
            events = await socket.events_until("done")
            outcomes.append(events["reply"]["outcome"])
            assert events["reply"]["conversation_id"] == linked.device_id
    assert outcomes == ["answered", "asked_login"]


async def test_socket_when_unlinked_while_somebody_speaks_then_the_answer_is_for_nobody(
    linked: Speaker, citizen: httpx.AsyncClient, gateway: Any, open_socket: Any
) -> None:
    await change(citizen, linked, is_locked=False, may_speak=True)
    async with open_socket(authorization=linked.headers["Authorization"]) as socket:
        await socket.say({"type": "start", "language": "en", "rate_hertz": 16000, "speak": False}, bytes(6400))
        await socket.events_until("partial")
        await citizen.delete(f"/v1/devices/{linked.device_id}")
        await socket.say({"type": "stop"})
        assert (await socket.events_until("done"))["reply"]["outcome"] == "asked_login"
    assert channel_of(gateway) == "shared_speaker"


async def test_request_when_it_is_for_the_own_screen_then_waits_there_once(
    linked: Speaker, citizen: httpx.AsyncClient, gateway: Any
) -> None:
    await change(citizen, linked, is_locked=False, may_speak=True)

    async def send(*_: object) -> DialogueAnswer:
        facts = {"own_screen": ["my prescriptions"], "outcome": "answered_elsewhere"}
        return DialogueAnswer((Message("It waits.", "utter_sent_to_screen", facts=facts),), Understanding())

    gateway.dialogue.respond = send
    assert (await linked.ask())["outcome"] == "answered_elsewhere"
    waiting = [(await citizen.post("/v1/waiting")).json() for _ in range(2)]
    assert waiting == [
        {"requests": [{"text": "my prescriptions", "language": "en", "hand_over": None}]},
        {"requests": []},
    ]


async def offered(speaker: Speaker) -> str:
    answer = await speaker.post("/v1/handovers")
    assert answer.status_code == 201
    body = answer.json()
    assert body["url"] == f"http://kratt.test/#continue={body['token']}"
    token: str = body["token"]
    return token


async def test_dialogue_when_handed_over_then_goes_on_in_the_browser_and_the_speaker_begins_anew(
    speaker: Speaker, client: httpx.AsyncClient, gateway: Any
) -> None:
    before = (await client.post("/v1/turns", json=QUESTION)).json()["conversation_id"]
    await speaker.ask()
    spoken = gateway.dialogue.turns[-1][1]
    taken = await client.post("/v1/handovers/take", json={"token": await offered(speaker)})
    assert (taken.status_code, taken.json()) == (200, {"logged_in": False, "given_name": ""})
    after = (await client.post("/v1/turns", json=QUESTION)).json()["conversation_id"]
    assert gateway.dialogue.turns[-1][1] == spoken
    assert before != after
    await speaker.ask()
    assert gateway.dialogue.turns[-1][1] != spoken


async def test_dialogue_when_its_citizen_logs_in_first_then_the_link_still_works(
    linked: Speaker, citizen: httpx.AsyncClient, gateway: Any
) -> None:
    await change(citizen, linked, is_locked=False, may_speak=True)
    token = await offered(linked)
    await citizen.post("/v1/logout")
    refused = await citizen.post("/v1/handovers/take", json={"token": token})
    assert refused.json()["code"] == "not_allowed"
    await citizen.get((await citizen.get("/v1/login")).headers["location"])
    taken = await citizen.post("/v1/handovers/take", json={"token": token})
    assert taken.json() == {"logged_in": True, "given_name": "Mary Änn"}


async def test_pages_dialogue_when_handed_over_then_its_short_code_works_once_in_any_writing(
    gateway: Any, client: httpx.AsyncClient
) -> None:
    transport = httpx.ASGITransport(gateway.app())
    async with httpx.AsyncClient(transport=transport, base_url=gateway.public_url) as telephone:
        began = (await client.post("/v1/turns", json=QUESTION)).json()["conversation_id"]
        dialogue = gateway.dialogue.turns[-1][1]
        body = (await client.post("/v1/handovers")).json()
        assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{8}", body["token"])
        assert body["url"] == f"http://kratt.test/#continue={body['token']}"
        typed = f"{body['token'][:4]} {body['token'][4:]}".lower().replace("0", "o").replace("1", "l")
        taken = await telephone.post("/v1/handovers/take", json={"token": typed})
        assert taken.status_code == 200
        assert (await telephone.post("/v1/handovers/take", json={"token": typed})).status_code == 404
        await telephone.post("/v1/turns", json=QUESTION)
        assert gateway.dialogue.turns[-1][1] == dialogue
        here = (await client.post("/v1/turns", json=QUESTION)).json()["conversation_id"]
        assert here == began  # the same conversation, in a new dialogue
        assert gateway.dialogue.turns[-1][1] != dialogue


async def test_pages_dialogue_when_there_is_none_then_nothing_is_offered(client: httpx.AsyncClient) -> None:
    refused = await client.post("/v1/handovers")
    assert (refused.status_code, refused.json()["code"]) == (404, "unknown_conversation")


async def test_pages_dialogue_when_it_ended_meanwhile_then_there_is_nothing_to_take(
    citizen: httpx.AsyncClient, gateway: Any
) -> None:
    await citizen.post("/v1/turns", json=QUESTION)
    token = (await citizen.post("/v1/handovers")).json()["token"]
    await citizen.post("/v1/logout")
    assert (await citizen.post("/v1/handovers/take", json={"token": token})).status_code == 404
