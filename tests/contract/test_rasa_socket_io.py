"""Rasa's Socket.IO channel, by the real client of python-socketio over real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import jwt
import pytest
import socketio
from socketio.exceptions import ConnectionError as Refused

from assistant.core.ports import Counted
from connectors.rasa_channels import MOST_BYTES, Access
from connectors.rasa_channels.socket_io import build_socket_io
from tests.outside import ADDRESS, RESPONSES, OutsideWorld
from tests.serving import served

pytestmark = pytest.mark.contract

KEY = "k" * 32
CHAT = "https://chat.example.ee"
OWN = Access(ADDRESS)


class Chat:
    """A chat made for Rasa, whose blocking client has a thread for each call."""

    def __init__(self) -> None:
        self.client = socketio.SimpleClient()

    async def session(self, asked: object = None) -> str:
        await asyncio.to_thread(self.client.emit, "session_request", {"session_id": asked})
        name, value = await asyncio.to_thread(self.client.receive, 5)
        assert name == "session_confirm"
        return str(value)

    async def say(self, data: object) -> Any:
        """The acknowledgement, which comes once a message was answered."""
        return await asyncio.to_thread(self.client.call, "user_uttered", data, 5)

    async def hears(self, count: int) -> list[Any]:
        heard = [await asyncio.to_thread(self.client.receive, 5) for _ in range(count)]
        assert {name for name, _ in heard} <= {"bot_uttered"}
        return [payload for _, payload in heard]


class Served:
    """A gateway with the channel, and the chats that connect to it."""

    def __init__(self, url: str, world: OutsideWorld) -> None:
        self.url = url
        self.world = world

    @asynccontextmanager
    async def chat(self, **options: Any) -> AsyncIterator[Chat]:
        chat = Chat()
        await asyncio.to_thread(chat.client.connect, self.url, **options)
        try:
            yield chat
        finally:
            await asyncio.to_thread(chat.client.disconnect)


@asynccontextmanager
async def gateway(access: Access = OWN, per_minute: dict[Counted, int] | None = None) -> AsyncIterator[Served]:
    world = OutsideWorld(lambda turns: build_socket_io(turns, access), per_minute or {})
    async with served(world.app, ws="websockets-sansio") as url:
        yield Served(url, world)


@pytest.fixture(scope="module")
async def open_gateway() -> AsyncIterator[Served]:
    async with gateway() as running:
        yield running


TEXTS = [{"text": "You said: hello"}, {"text": "One."}, {"text": "Two."}]


@pytest.mark.parametrize("transports", [["websocket"], ["polling", "websocket"]])
async def test_message_when_answered_then_each_paragraph_is_uttered(
    open_gateway: Served, transports: list[str]
) -> None:
    async with open_gateway.chat(transports=transports) as chat:
        name = await chat.session()
        assert await chat.say({"message": "hello", "session_id": name}) == {}
        assert await chat.hears(3) == TEXTS


async def test_message_when_sent_and_polled_for_without_a_websocket_then_is_answered(open_gateway: Served) -> None:
    async with httpx.AsyncClient(base_url=open_gateway.url) as client:
        opened = await client.get("/socket.io/", params={"EIO": 4, "transport": "polling"})
        asked = {"EIO": 4, "transport": "polling", "sid": json.loads(opened.text[1:])["sid"]}
        for packet in ("40", '42["user_uttered",{"message":"hello"}]'):
            assert (await client.post("/socket.io/", params=asked, content=packet)).text == "OK"
        polled = ""
        while "Two." not in polled:
            polled += (await client.get("/socket.io/", params=asked)).text
    assert '42["bot_uttered",{"text":"You said: hello"}]' in polled


async def test_choices_when_offered_then_are_quick_replies_of_the_last_paragraph(open_gateway: Served) -> None:
    async with open_gateway.chat() as chat:
        await chat.say({"message": "office", "session_id": await chat.session()})
        first, last = await chat.hears(2)
    assert first == {"text": "Which office?", "quick_replies": []}
    assert last["text"] == "There are two."
    assert last["quick_replies"] == [
        {"content_type": "text", "title": "Tallinn", "payload": "in tallinn"},
        {"content_type": "text", "title": "Tartu", "payload": "in tartu"},
    ]


async def test_session_when_the_chat_connects_again_then_goes_on(open_gateway: Served) -> None:
    taken = open_gateway.world.taken
    async with open_gateway.chat() as chat:
        name = await chat.session()
        await chat.say({"message": "hello", "session_id": name})
    async with open_gateway.chat() as chat:
        assert await chat.session(name) == name
        await chat.say({"message": "hello again", "session_id": name})
    async with open_gateway.chat() as chat:
        await chat.say({"message": "and without a session"})
    first, second, third = [session.dialogue_id for _, session in taken[-3:]]
    assert first == second != third


async def test_reply_when_a_session_has_two_windows_then_both_show_it(open_gateway: Served) -> None:
    async with open_gateway.chat() as chat, open_gateway.chat() as window:
        name = await chat.session()
        assert await window.session(name) == name
        await chat.say({"message": "hello", "session_id": name})
        assert await chat.hears(3) == await window.hears(3) == TEXTS


@pytest.mark.parametrize("made_up", ["anna", "", "a.b", ".", "x" * 5000, "õ.\ud800".encode(errors="replace").decode()])
async def test_session_when_its_name_is_made_up_then_another_one_is_confirmed(
    open_gateway: Served, made_up: str
) -> None:
    async with open_gateway.chat() as chat:
        assert await chat.session(made_up) not in {made_up, ""}
        await chat.say({"message": "hello", "session_id": made_up})
        mine = open_gateway.world.taken[-1][1]
    async with open_gateway.chat() as chat:
        await chat.say({"message": "hello", "session_id": made_up})
    assert open_gateway.world.taken[-1][1] != mine


@pytest.mark.parametrize(
    "metadata",
    [
        {"metadata": {"language": "et"}},
        {"metadata": '{"language": "et"}'},
        {"customData": {"language": "et"}},  # rasa-webchat's
        {"metadata": "{", "customData": {"language": "et"}},
    ],
)
async def test_language_when_metadata_name_it_then_is_the_turns(open_gateway: Served, metadata: Any) -> None:
    async with open_gateway.chat() as chat:
        await chat.say({"message": "tere", **metadata})
        await chat.say({"message": "jah"})
    assert [request.language for request, _ in open_gateway.world.taken[-2:]] == ["et", "et"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (None, "malformed_turn"),
        ("hello", "malformed_turn"),
        ({}, "malformed_turn"),
        ({"message": ["hello"]}, "malformed_turn"),
        ({"message": ""}, "malformed_turn"),
        ({"message": "x" * 101}, "too_much"),
        ({"message": "hello", "metadata": {"language": "tlh"}}, "unknown_language"),
    ],
)
async def test_message_when_it_is_no_turn_then_the_chat_is_told_and_the_next_one_is_answered(
    open_gateway: Served, data: Any, code: str
) -> None:
    async with open_gateway.chat() as chat:
        assert await chat.say(data) == {"code": code}
        assert await chat.say({"message": "hello"}) == {}
        told, *others = await chat.hears(4)
    assert told == {"text": RESPONSES[f"utter_error_{code}"]["en"]}
    assert others == TEXTS


@pytest.mark.parametrize("event", ["connect", "disconnect", "no_such_event", "on_user_uttered", "trigger_event"])
@pytest.mark.parametrize("data", [(), ({"asgi.scope": {"client": ["203.0.113.1", 1]}},), ("a", "b", "c")])
async def test_event_when_a_client_sends_one_of_the_librarys_own_then_it_gains_nothing(
    open_gateway: Served, event: str, data: tuple[Any, ...]
) -> None:
    async with open_gateway.chat() as chat:
        await asyncio.to_thread(chat.client.emit, event, data)
    async with open_gateway.chat() as chat:
        assert await chat.say({"message": "hello"}) == {}


async def test_messages_when_sent_without_waiting_then_are_answered_in_order_and_too_many_are_refused() -> None:
    async with gateway() as running, running.chat() as chat:
        acknowledged: asyncio.Queue[Any] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def send(number: int) -> None:
            def keep(code: Any) -> None:
                loop.call_soon_threadsafe(acknowledged.put_nowait, (number, code))

            chat.client.client.emit("user_uttered", {"message": f"number {number}"}, callback=keep)

        release = asyncio.Event()
        running.world.before = release.wait
        for number in range(6):
            await asyncio.to_thread(send, number)
        refused = [await asyncio.wait_for(acknowledged.get(), 5) for _ in range(2)]
        release.set()
        answered = [await asyncio.wait_for(acknowledged.get(), 5) for _ in range(4)]
    assert refused == [(4, {"code": "busy"}), (5, {"code": "busy"})]
    assert answered == [(number, {}) for number in range(4)]
    assert [request.said for request, _ in running.world.taken] == [f"number {number}" for number in range(4)]


async def test_sender_when_asking_too_often_then_is_told_so_and_new_connections_are_refused() -> None:
    async with gateway(per_minute={Counted.TURN_OF_ADDRESS: 3}) as running:
        async with running.chat(transports=["websocket"]) as chat:  # a connection counts as well
            codes = [await chat.say({"message": "hello"}) for _ in range(3)]
        assert codes == [{}, {}, {"code": "too_often"}]
        with pytest.raises(Refused):
            await asyncio.to_thread(Chat().client.connect, running.url, transports=["websocket"])
        async with httpx.AsyncClient(base_url=running.url) as client:
            refused = await client.get("/socket.io/?EIO=4&transport=polling")
        assert (refused.status_code, refused.json()["code"]) == (429, "too_often")


TOKENS = [
    ({"token": jwt.encode({"user": "anna"}, KEY)}, True),
    ({"token": f"Bearer {jwt.encode({}, KEY)}"}, True),
    (None, False),
    ({"token": None}, False),
    ({"token": ""}, False),
    ({"token": jwt.encode({}, "l" * 32)}, False),
    ({"token": jwt.encode({"exp": 1}, KEY)}, False),
    ({"token": "eyJhbGciOiJub25lIn0.e30."}, False),  # {"alg": "none"}
]


async def test_token_when_a_key_is_set_then_only_those_signed_by_it_get_in() -> None:
    async with gateway(Access(ADDRESS, jwt_key=KEY)) as running:
        for auth, gets_in in TOKENS:
            if gets_in:
                async with running.chat(auth=auth) as chat:
                    assert await chat.say({"message": "hello"}) == {}
                continue
            with pytest.raises(Refused):
                await asyncio.to_thread(Chat().client.connect, running.url, auth=auth)
        assert len(running.world.taken) == 2


@pytest.mark.parametrize(
    ("origins", "origin", "status"),
    [
        ({CHAT}, CHAT, 200),
        ({"*"}, "https://anywhere.example", 200),
        ({CHAT}, "https://evil.example", 400),
        ({CHAT}, f"{CHAT}.evil.example", 400),
        (set(), "https://evil.example", 400),
        (set(), None, 200),
    ],
)
async def test_page_when_its_origin_is_not_in_the_setting_then_it_gets_no_connection(
    origins: set[str], origin: str | None, status: int
) -> None:
    async with (
        gateway(Access(ADDRESS, frozenset(origins))) as running,
        httpx.AsyncClient(base_url=running.url) as client,
    ):
        headers = {"Origin": origin} if origin else {}
        answer = await client.get("/socket.io/?EIO=4&transport=polling", headers=headers)
        assert answer.status_code == status
        allowed = answer.headers.get("access-control-allow-origin")
        assert allowed == (origin if status == 200 else None)
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("body", [b"x", b"4", b"42", b'42["user_uttered"', b"9" * 100, b"\xff", b"b AAAA", b"451-[]"])
async def test_packet_when_it_is_none_then_nobody_elses_connection_suffers(open_gateway: Served, body: bytes) -> None:
    async with httpx.AsyncClient(base_url=open_gateway.url) as client:
        opened = await client.get("/socket.io/?EIO=4&transport=polling")
        sid = json.loads(opened.text[1:])["sid"]
        await client.post(f"/socket.io/?EIO=4&transport=polling&sid={sid}", content=body)
    async with open_gateway.chat() as chat:
        assert await chat.say({"message": "hello"}) == {}


async def test_body_when_too_long_then_is_refused(open_gateway: Served) -> None:
    async with httpx.AsyncClient(base_url=open_gateway.url) as client:
        answer = await client.post("/socket.io/?EIO=4&transport=polling&sid=x", content=b" " * (MOST_BYTES + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_much")
