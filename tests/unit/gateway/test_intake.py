import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.requests import Request

from assistant import intake
from assistant.core.errors import MalformedTurn, TooMuch

pytestmark = pytest.mark.unit


async def test_body_when_chunked_and_endless_then_reading_stops_at_the_limit(client: httpx.AsyncClient) -> None:
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 1024
            yield b" " * 1024

    answer = await client.post("/v1/turns", content=chunks(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_much")
    assert sent <= 4096 + 2 * 1024


async def test_body_when_its_length_is_declared_too_long_then_nothing_is_read() -> None:
    async def receive() -> dict[str, object]:
        raise AssertionError("the body was read")

    request = Request({"type": "http", "method": "POST", "headers": [(b"content-length", b"11")]}, receive)
    with pytest.raises(TooMuch):
        await intake.read_body(request, 10)


async def test_body_when_it_never_arrives_then_it_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def receive() -> dict[str, object]:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(intake, "BODY_SECONDS", 0.001)
    with pytest.raises(MalformedTurn):
        await intake.read_body(Request({"type": "http", "method": "POST", "headers": []}, receive), 10)


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        ("http://kratt.test", "kratt.test", 200),
        ("http://kratt.test", "inside.test:8080", 200),  # behind a proxy
        ("http://localhost:8080", "localhost:8080", 200),
        ("http://evil.test", "kratt.test", 403),
        ("http://kratt.test.evil.test", "kratt.test", 403),
        ("http://kratt.test:81", "kratt.test", 403),
        ("null", "kratt.test", 403),
        ("", "kratt.test", 403),
    ],
)
@pytest.mark.parametrize("path", ["/v1/turns", "/v1/logout"])
async def test_post_when_a_page_sends_it_then_only_our_own_may(
    client: httpx.AsyncClient, path: str, origin: str, host: str, status: int
) -> None:
    answer = await client.post(path, json={"text": "hello"}, headers={"Origin": origin, "Host": host})
    assert answer.status_code == status
    if status != 200:
        assert answer.json()["code"] == "not_allowed"
