from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.unit


async def ask(client: httpx.AsyncClient, **fields: str) -> httpx.Response:
    return await client.post("/v1/turns", json={"text": "hello", **fields})


async def test_turn_when_first_then_a_conversation_begins_and_the_cookie_carries_it(client: httpx.AsyncClient) -> None:
    first, second = await ask(client), await ask(client)
    cookie = first.headers["set-cookie"]
    assert first.json()["conversation_id"] == second.json()["conversation_id"]
    assert f"kratt_conversation={first.json()['conversation_id']}" in cookie
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


async def test_cookie_when_the_public_address_is_https_then_it_is_secure(gateway: Any) -> None:
    gateway.public_url = "https://kratt.test"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(gateway.app()), base_url="https://kratt.test") as client:
        assert "Secure" in (await ask(client)).headers["set-cookie"].split("; ")
        login = await client.get("/v1/login")
        assert "Secure" in login.headers["set-cookie"].split("; ")


async def test_turn_when_it_names_a_conversation_then_that_wins_over_the_cookie(
    client: httpx.AsyncClient, gateway: Any
) -> None:
    await ask(client)
    other = await gateway.sessions.start()
    answer = await ask(client, conversation_id=other.conversation_id)
    assert answer.json()["conversation_id"] == other.conversation_id
    assert "set-cookie" not in answer.headers
    assert gateway.dialogue.turns[-1][1] == other.dialogue_id


async def test_turn_when_the_cookie_is_stale_then_a_new_conversation_begins(client: httpx.AsyncClient) -> None:
    client.cookies.set("kratt_conversation", "stale", domain="kratt.test")
    answer = await ask(client)
    assert answer.status_code == 200
    assert answer.json()["conversation_id"] != "stale"


async def test_reply_when_sent_then_the_dialogues_own_id_stays_inside(client: httpx.AsyncClient, gateway: Any) -> None:
    answer = await ask(client)
    (session,) = gateway.sessions.live.values()
    assert session.dialogue_id not in answer.text + str(answer.headers)
