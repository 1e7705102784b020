"""Sockets that are held without asking anything, or a byte at a time: they are closed, and whoever asks is served."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import websockets

from assistant import intake
from assistant.gateway.impatient_http import ImpatientHttp
from tests.serving import served

pytestmark = pytest.mark.attack

SHORT_SECONDS = 0.3
WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
HALF = b"GET / HTTP/1.1\r\nHost: x\r\nX-A: "


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answers whatever is asked, once its body is there; says back what comes over a WebSocket."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": message["text"]})
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr("assistant.gateway.impatient_http.HEAD_SECONDS", SHORT_SECONDS)
    async with served(app, http=ImpatientHttp, ws="websockets-sansio") as url:
        yield int(url.rpartition(":")[2])


async def is_closed(reader: asyncio.StreamReader) -> bool:
    """Whether the server hangs up; waits for it."""
    return await asyncio.wait_for(reader.read(), 10) == b""


@pytest.mark.parametrize("sent", [b"", b"G", HALF])
async def test_socket_when_it_asks_nothing_or_half_then_is_closed(port: int, sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    assert await is_closed(reader)
    writer.close()


async def test_socket_when_half_a_request_follows_a_whole_one_then_is_closed(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(WHOLE)
    assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
    writer.write(HALF)
    assert await is_closed(reader)
    writer.close()


async def test_crowd_when_it_holds_sockets_and_says_nothing_then_others_are_served_and_all_are_closed(
    port: int,
) -> None:
    idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(200)]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(WHOLE)
    assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
    assert all(await asyncio.gather(*(is_closed(reader) for reader, _ in idle)))
    for _, each in (*idle, (reader, writer)):
        each.close()


async def test_upload_when_its_head_is_there_then_may_take_longer_than_a_head(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na")
    await asyncio.sleep(2 * SHORT_SECONDS)
    writer.write(b"b")
    assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
    writer.close()


async def test_websocket_when_it_is_open_then_may_be_silent(port: int) -> None:
    async with websockets.connect(f"ws://127.0.0.1:{port}/", proxy=None) as client:
        await asyncio.sleep(2 * SHORT_SECONDS)
        await client.send("still here")
        assert await client.recv() == "still here"


async def test_upload_when_a_byte_comes_now_and_then_then_it_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "BODY_SECONDS", SHORT_SECONDS)

    async def drip() -> dict[str, Any]:
        await asyncio.sleep(SHORT_SECONDS / 10)
        return {"type": "http.request", "body": b"a", "more_body": True}

    request = intake.Request({"type": "http", "method": "POST", "headers": []}, drip)
    with pytest.raises(intake.MalformedTurn):
        await intake.read_body(request, 1000)
