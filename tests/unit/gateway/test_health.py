import asyncio
from typing import Any

import httpx
import pytest

from assistant.core.errors import DialogueFailed
from assistant.gateway import health

pytestmark = pytest.mark.unit


async def test_health_when_everything_else_is_down_then_the_process_lives(
    client: httpx.AsyncClient, gateway: Any
) -> None:
    gateway.dialogue.fails = DialogueFailed("down")
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_readiness_when_all_is_there_then_each_check_says_so(client: httpx.AsyncClient) -> None:
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    assert answer.json()["checks"] == {
        "engine": {"ok": True, "detail": "fake-model"},
        "voice": {"ok": True, "detail": ""},
        "database": {"ok": True, "detail": ""},
    }


async def test_readiness_when_one_is_down_then_it_is_named(client: httpx.AsyncClient, gateway: Any) -> None:
    gateway.voice.fails = True
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert answer.json()["checks"]["voice"] == {"ok": False, "detail": "text_to_speech_failed: down"}
    assert answer.json()["checks"]["engine"]["ok"]


async def test_readiness_when_one_hangs_then_it_counts_as_late(
    client: httpx.AsyncClient, gateway: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(health, "CHECK_SECONDS", 0.001)
    monkeypatch.setattr(gateway.sessions, "check", hang)
    transport = httpx.ASGITransport(gateway.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://kratt.test") as http:
        answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, {"ok": False, "detail": "late"})


async def test_version_when_asked_then_the_facts_are_told(client: httpx.AsyncClient) -> None:
    assert (await client.get("/version")).json() == {"kratt": "1.2.3"}
