from collections.abc import AsyncIterator

import pytest

from assistant.adapters.sql_try_outs import SqlTryOuts
from assistant.core.try_outs import Stage, Subject
from assistant.database import SqlDatabase

pytestmark = pytest.mark.unit

DOGS = Subject("dogs", "a" * 40, "20261126-1", "Mari")
CATS = Subject("cats", "b" * 40, "20261126-2", "Jaan")


@pytest.fixture
async def store(tmp_path) -> AsyncIterator[SqlTryOuts]:
    seconds = iter(range(1000, 2000))
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE")
    store = SqlTryOuts(database, lambda: float(next(seconds)))
    await store.open()
    yield store
    await database.close()


async def test_try_out_when_wanted_then_takes_the_place_of_the_one_before_under_another_number(store) -> None:
    assert await store.now() is None
    await store.want(DOGS)
    first = await store.now()
    await store.want(CATS)
    second = await store.now()
    assert (first.subject, first.stage, second.subject) == (DOGS, Stage.WANTED, CATS)
    assert first.number != second.number


async def test_try_out_when_another_is_wanted_by_now_then_nothing_more_is_told_of_it(store) -> None:
    await store.want(DOGS)
    number = (await store.now()).number
    await store.want(CATS)
    await store.tell(number, Stage.READY)
    assert (await store.now()).stage is Stage.WANTED


async def test_try_out_when_used_then_it_is_known_until_when(store) -> None:
    await store.want(DOGS)
    number = (await store.now()).number
    await store.tell(number, Stage.READY)
    ready = await store.now()
    await store.use(number)
    used = await store.now()
    assert used.used_epoch_seconds > ready.used_epoch_seconds


async def test_try_out_when_it_is_not_ready_then_nobody_can_leave_it(store) -> None:
    await store.want(DOGS)
    number = (await store.now()).number
    await store.leave(number)
    assert (await store.now()).stage is Stage.WANTED
    await store.tell(number, Stage.READY)
    await store.leave(number)
    assert (await store.now()).stage is Stage.LEAVING
