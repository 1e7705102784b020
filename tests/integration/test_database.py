"""What our databases share, on a real file."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.core.errors import ServiceUnavailable
from assistant.database import SqlDatabase

pytestmark = pytest.mark.integration


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "some.db"


@pytest.fixture
async def database(file: Path) -> AsyncIterator[SqlDatabase]:
    opened = open_database(file)
    await opened.write(lambda connection: connection.exec_driver_sql("CREATE TABLE numbers (number INTEGER)"))
    yield opened
    await opened.close()


def open_database(file: Path) -> SqlDatabase:
    return SqlDatabase(f"sqlite+aiosqlite:///{file}", "KRATT_SOME_DATABASE")


async def add_one(connection: AsyncConnection) -> None:
    await connection.exec_driver_sql("INSERT INTO numbers VALUES (1)")


async def count(database: SqlDatabase) -> int:
    async with database.transaction() as connection:
        number: int = (await connection.exec_driver_sql("SELECT count(*) FROM numbers")).scalar_one()
        return number


async def test_write_when_its_caller_is_cancelled_in_the_middle_then_comes_to_its_end(database: SqlDatabase) -> None:
    has_begun, may_end = asyncio.Event(), asyncio.Event()

    async def add_slowly(connection: AsyncConnection) -> None:
        await add_one(connection)
        has_begun.set()
        await may_end.wait()

    caller = asyncio.create_task(database.write(add_slowly))
    await has_begun.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    may_end.set()
    await database.write(add_one)
    assert await count(database) == 2


async def test_write_when_many_callers_give_up_then_nobody_else_has_to_wait(database: SqlDatabase) -> None:
    async def go_on() -> None:
        while True:
            await database.write(add_one)

    async def give_up(seconds: float) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(go_on(), seconds)

    await asyncio.gather(*(give_up(number / 1000) for number in range(100)))
    async with asyncio.timeout(2):  # a transaction that is left open keeps others away for five
        await database.write(add_one)


async def test_close_when_a_change_is_under_way_then_waits_for_it(database: SqlDatabase, file: Path) -> None:
    caller = asyncio.create_task(database.write(add_one))
    await asyncio.sleep(0)
    caller.cancel()
    await database.close()
    again = open_database(file)
    assert await count(again) == 1
    await again.close()


async def test_write_when_two_processes_read_before_they_write_then_neither_reads_what_the_other_changes(
    database: SqlDatabase, file: Path
) -> None:
    other = open_database(file)

    async def add_next(connection: AsyncConnection) -> None:
        number = (await connection.exec_driver_sql("SELECT count(*) FROM numbers")).scalar_one()
        await connection.exec_driver_sql("INSERT INTO numbers VALUES (?)", (number,))

    await asyncio.gather(*(each.write(add_next) for _ in range(20) for each in (database, other)))
    async with other.transaction() as connection:
        numbers = (await connection.exec_driver_sql("SELECT number FROM numbers ORDER BY number")).scalars().all()
    await other.close()
    assert numbers == list(range(40))


async def test_write_when_the_change_fails_then_nothing_is_kept_and_the_setting_is_named(
    database: SqlDatabase,
) -> None:
    async def fail(connection: AsyncConnection) -> None:
        await add_one(connection)
        await connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(ServiceUnavailable, match="KRATT_SOME_DATABASE"):
        await database.write(fail)
    assert await count(database) == 0
