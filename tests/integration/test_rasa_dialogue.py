"""The client of the engine over real sockets; the engine's own end is tested with Rasa."""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from assistant.adapters.rasa_dialogue import RasaDialogue
from assistant.core.deadline import Deadline
from assistant.core.errors import DialogueFailed
from assistant.core.languages import Language
from assistant.core.ports import Session
from assistant.core.turns import Turn

SESSION = Session("conversation-1", "dialogue-1")
pytestmark = pytest.mark.integration

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
TURN = Turn("turn-1", "web", Language.EN, "hello")


@asynccontextmanager
async def _engine(serve: Serve) -> AsyncIterator[RasaDialogue]:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    dialogue = RasaDialogue(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "token-1")
    async with server:
        try:
            yield dialogue
        finally:
            await dialogue.close()


async def _request(reader: asyncio.StreamReader) -> dict[str, str]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
    body: dict[str, str] = json.loads(await reader.readexactly(length))
    return body


def _response(dialogue_id: str) -> bytes:
    message = {"text": dialogue_id, "response": "", "buttons": [], "facts": {}}
    answer = {"messages": [message], "language": "en", "intent_ranking": [], "entities": []}
    body = json.dumps({**answer, "awaiting": None, "failed_action": False, "model": "m"}).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


async def test_turns_when_a_hundred_come_at_once_then_none_waits_for_another() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await _request(reader)
        await asyncio.sleep(0.3)
        writer.write(_response(request["dialogue_id"]))
        writer.close()

    ids = [f"dialogue-{number}" for number in range(100)]
    async with _engine(serve) as dialogue:
        began = time.monotonic()
        asked = (dialogue.respond(TURN, Session("conversation", each), "signed", Deadline.after(20)) for each in ids)
        assert [answer.messages[0].text for answer in await asyncio.gather(*asked)] == ids
        assert time.monotonic() - began < 10  # one after the other they take 30 seconds


async def test_turns_when_one_follows_another_then_their_connection_is_kept() -> None:
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                writer.write(_response((await _request(reader))["dialogue_id"]))
        writer.close()

    async with _engine(serve) as dialogue:
        for _ in range(3):
            await dialogue.respond(TURN, SESSION, "signed", Deadline.after(10))
    assert connections == 1


async def test_turn_when_nobody_listens_then_fails_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        dialogue = RasaDialogue(f"http://127.0.0.1:{closed.getsockname()[1]}", "token-1")
    began = time.monotonic()
    with pytest.raises(DialogueFailed):
        await dialogue.respond(TURN, SESSION, "signed", Deadline.after(10))
    assert time.monotonic() - began < 2
    await dialogue.close()


async def test_turn_when_engine_comes_back_while_we_wait_then_is_answered() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    dialogue = RasaDialogue(f"http://127.0.0.1:{port}", "token-1")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(_response((await _request(reader))["dialogue_id"]))
        writer.close()

    asked = asyncio.create_task(dialogue.respond(TURN, SESSION, "signed", Deadline.after(10)))
    await asyncio.sleep(0.05)
    async with await asyncio.start_server(serve, "127.0.0.1", port):
        assert (await asked).model == "m"
        await dialogue.close()


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{", b"\x00\x01\x02\r\n\r\n"])
async def test_turn_when_engine_dies_in_the_middle_then_fails_and_is_not_repeated(sent: bytes) -> None:
    requests = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await _request(reader))
        writer.write(sent)
        writer.close()

    async with _engine(serve) as dialogue:
        with pytest.raises(DialogueFailed):
            await dialogue.respond(TURN, SESSION, "signed", Deadline.after(2))
    assert len(requests) == 1


async def test_turn_when_engine_drips_byte_by_byte_then_fails_at_the_deadline() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _request(reader)
        try:
            for byte in _response("dialogue-1"):
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0.05)
        except ConnectionError:
            writer.close()

    async with _engine(serve) as dialogue:
        began = time.monotonic()
        with pytest.raises(DialogueFailed):
            await dialogue.respond(TURN, SESSION, "signed", Deadline.after(0.3))
        assert time.monotonic() - began < 1
