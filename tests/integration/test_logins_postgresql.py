"""Logins and calls with a PostgreSQL that two gateways share: nothing is told twice, and no call is served twice."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from assistant.adapters.sql_calls import SqlCalls
from assistant.adapters.sql_logins import SqlLogins
from assistant.core.identity import Assurance
from assistant.core.ports import Person
from assistant.database import SqlDatabase
from tests.integration.test_desk_postgresql import server

pytestmark = pytest.mark.integration

__all__ = ["server"]

MARY = Person("EE60001019906", "MARY", Assurance.HIGH)


@pytest.fixture
async def gateways(server: str) -> AsyncIterator[list[SqlDatabase]]:  # the fixture
    databases = [SqlDatabase(server, "KRATT_DATABASE") for _ in range(2)]
    yield databases
    for database in databases:
        await database.close()


async def test_call_when_claimed_at_both_gateways_at_once_then_one_has_it(gateways: list[SqlDatabase]) -> None:
    calls = [SqlCalls(database) for database in gateways]
    for each in calls:
        await each.open()
    for name in ("one call", "another"):
        claimed = await asyncio.gather(*(calls[number % 2].claim(name, f"holder {number}") for number in range(6)))
        assert claimed.count(True) == 1
        holder = f"holder {claimed.index(True)}"
        assert await calls[0].claim(name, holder)
        await calls[1].release(name, holder)
        assert await calls[0].claim(name, "the next one")
    await calls[0].purge()


async def test_login_when_at_either_gateway_then_the_browser_is_known_at_both(gateways: list[SqlDatabase]) -> None:
    first, second = (SqlLogins(database, "secret", 1) for database in gateways)
    for each in (first, second):
        await each.open()
    known = (await first.note(MARY, ())).browser_id
    assert not (await second.note(MARY, [known])).is_unfamiliar
    assert (await second.note(MARY, ())).is_unfamiliar
    (untold,) = await first.untold(8)
    assert untold.subject == MARY.subject
    await second.mark_told(untold.login_id)
    assert not await first.untold(8)
    assert [await each.forget(MARY.subject) for each in (first, second)] == [2, 0]
    assert len(await second.kept_of(MARY.subject)) == 3
    await first.purge()
