import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.adapters.sql_calls import SqlCalls
from assistant.core.calls import CLAIM_SECONDS
from assistant.database import SqlDatabase

pytestmark = pytest.mark.unit

CALL = "name of a call"


@pytest.fixture
def now() -> list[float]:
    return [1_800_000_000.0]


@pytest.fixture
async def gateways(tmp_path: Path, now: list[float]) -> AsyncIterator[list[SqlCalls]]:
    databases = [SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE") for _ in range(2)]
    gateways = [SqlCalls(database, lambda: now[0]) for database in databases]
    for gateway in gateways:
        await gateway.open()
    yield gateways
    for database in databases:
        await database.close()


async def test_call_when_claimed_by_many_at_two_gateways_then_one_has_it(gateways: list[SqlCalls]) -> None:
    claimed = await asyncio.gather(*(gateways[number % 2].claim(CALL, f"holder {number}") for number in range(8)))
    assert claimed.count(True) == 1


async def test_call_when_its_claim_is_renewed_then_it_stays_the_holders(
    gateways: list[SqlCalls], now: list[float]
) -> None:
    for _ in range(3):
        assert await gateways[0].claim(CALL, "caller")
        now[0] += CLAIM_SECONDS - 1
        assert not await gateways[1].claim(CALL, "thief")


async def test_call_when_its_gateway_has_gone_then_it_is_free_and_nothing_is_kept(
    gateways: list[SqlCalls], now: list[float], tmp_path: Path
) -> None:
    await gateways[0].claim("another call", "another caller")
    await gateways[0].claim(CALL, "caller")
    now[0] += CLAIM_SECONDS
    assert await gateways[1].claim(CALL, "caller once more")
    await gateways[1].purge()
    with closing(sqlite3.connect(tmp_path / "kratt.db")) as file:
        ((kept,),) = file.execute("SELECT call_hash FROM served_calls").fetchall()
    assert CALL not in kept


async def test_call_when_released_then_by_its_holder_alone(gateways: list[SqlCalls]) -> None:
    await gateways[0].claim(CALL, "caller")
    await gateways[1].release(CALL, "thief")
    assert not await gateways[1].claim(CALL, "thief")
    await gateways[0].release(CALL, "caller")
    assert await gateways[1].claim(CALL, "next caller")
