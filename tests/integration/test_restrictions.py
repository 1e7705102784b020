"""What a citizen blocks, on a real file."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest

from actions.record.restrictions import Change, Restrictions
from actions.xroad.identifiers import ClientId, ServiceId
from assistant.core.errors import ServiceRefused, ServiceUnavailable
from assistant.database import SqlDatabase

pytestmark = pytest.mark.integration

MARY, JAAK = "EE60001019906", "EE38001085718"
DOCUMENTS = ServiceId.parse("EE/GOV/70008747/itds/documents")
FINES = ServiceId.parse("EE/GOV/70008747/fines/fines")
DEBTS = ServiceId.parse("EE/GOV/70000349/debts/taxdebts")
OWN = ServiceId.parse("EE/GOV/70009999/kratt/restrictions")
KEYS = (f"key-{number}" for number in count())


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqlDatabase]:
    opened = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'record.db'}", "KRATT_RECORD_DATABASE")
    yield opened
    await opened.close()


@pytest.fixture
async def restrictions(database: SqlDatabase) -> Restrictions:
    opened = Restrictions(database, ClientId.parse("EE/GOV/70009999/kratt"))
    await opened.open()
    return opened


async def block(restrictions: Restrictions, *scopes: str, subject: str = MARY) -> None:
    for scope in scopes:
        await restrictions.change(next(KEYS), Change(subject, scope, blocked=True))


@pytest.mark.parametrize(
    ("scopes", "blocked"),
    [
        pytest.param((), set(), id="nothing"),
        pytest.param(("all",), {DOCUMENTS, FINES, DEBTS}, id="everything but our own"),
        pytest.param(("70008747",), {DOCUMENTS, FINES}, id="an institution"),
        pytest.param(("EE/GOV/70008747/fines/fines",), {FINES}, id="a service"),
        pytest.param(("EE/GOV/70008747/fines/fines", "70000349"), {FINES, DEBTS}, id="both"),
        pytest.param(("70009999",), set(), id="ourselves"),
    ],
)
async def test_blocks_when_asked_then_knows_scope_and_person(
    restrictions: Restrictions, scopes: tuple[str, ...], blocked: set[ServiceId]
) -> None:
    await block(restrictions, *scopes)
    services = (DOCUMENTS, FINES, DEBTS, OWN)
    assert {service for service in services if await restrictions.blocks(MARY, service)} == blocked
    assert not any([await restrictions.blocks(JAAK, service) for service in services])


async def test_unblock_when_all_is_meant_then_lifts_every_block_of_this_person(restrictions: Restrictions) -> None:
    await block(restrictions, "all", "70008747")
    await block(restrictions, "all", subject=JAAK)
    await restrictions.change("lift", Change(MARY, "all", blocked=False))
    assert await restrictions.of(MARY) == ()
    assert await restrictions.blocks(JAAK, DOCUMENTS)


async def test_unblock_when_one_is_meant_then_others_stay(restrictions: Restrictions) -> None:
    await block(restrictions, "all", "70008747")
    await restrictions.change("lift", Change(MARY, "70008747", blocked=False))
    assert [each.scope for each in await restrictions.of(MARY)] == ["all"]


async def test_change_when_the_same_key_comes_many_times_at_once_then_there_is_one_receipt(
    restrictions: Restrictions,
) -> None:
    wanted = Change(MARY, "all", blocked=True)
    done = await asyncio.gather(*(restrictions.change("same", wanted) for _ in range(10)))
    assert len({each.receipt for each in done}) == 1


async def test_change_when_a_key_is_somebody_elses_then_is_refused(restrictions: Restrictions) -> None:
    await restrictions.change("same", Change(MARY, "all", blocked=True))
    with pytest.raises(ServiceRefused):
        await restrictions.change("same", Change(JAAK, "all", blocked=True))
    assert await restrictions.of(JAAK) == ()


async def test_blocks_when_the_database_is_broken_then_does_not_say_no(
    restrictions: Restrictions, database: SqlDatabase
) -> None:
    async with database.transaction() as connection:
        await connection.exec_driver_sql("DROP TABLE restrictions")
    with pytest.raises(ServiceUnavailable):
        await restrictions.blocks(MARY, DOCUMENTS)
