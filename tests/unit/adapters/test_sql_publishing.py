import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.adapters.sql_publishing import SqlModelFigures, SqlPublishing
from assistant.core.publishing import Act, Figures, State, Trial, Wish
from assistant.database import SqlDatabase

pytestmark = pytest.mark.unit

NOW = Wish(Act.PUBLISH, "Mari", "parking", "v2", 10)


@pytest.fixture
def now() -> list[float]:
    return [1000.0]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqlDatabase]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'gateway.db'}", "KRATT_DATABASE")
    yield database
    await database.close()


@pytest.fixture
async def store(database: SqlDatabase, now: list[float]) -> SqlPublishing:
    store = SqlPublishing(database, lambda: now[0])
    await store.open()
    return store


async def test_wish_when_it_is_seen_to_then_who_when_why_and_what_came_of_it_are_kept(store, now):
    asked = await store.ask(NOW)
    assert (asked.state, asked.asked_epoch_seconds) == (State.WAITING, 1000.0)
    now[0] = 1001.0
    taken = await store.take_due()
    assert (taken.number, taken.wish) == (asked.number, NOW)
    assert [each.number for each in await store.under_way()] == [asked.number]
    await store.tell(asked.number, State.DONE, "v2 answers 10 %")
    done = await store.publication(asked.number)
    assert (done.state, done.detail, done.changed_epoch_seconds) == (State.DONE, "v2 answers 10 %", 1001.0)
    assert await store.take_due() is None
    await store.tell(asked.number, State.FAILED, "too late")
    assert (await store.publication(asked.number)).state is State.DONE
    assert await store.publication(99) is None


async def test_wishes_when_some_are_due_later_then_they_wait_and_may_be_cancelled(store, now):
    later = await store.ask(Wish(Act.PUBLISH, "Mari", version="v3", due_epoch_seconds=2000.0))
    sooner = await store.ask(Wish(Act.ROLL_BACK, "Jaan", due_epoch_seconds=1500.0))
    assert await store.take_due() is None
    now[0] = 2000.0
    assert (await store.take_due()).number == sooner.number
    assert await store.cancel(later.number, "by Mari")
    assert not await store.cancel(later.number, "again")
    assert await store.take_due() is None
    assert [each.number for each in await store.publications()] == [sooner.number, later.number]


async def test_trial_when_another_begins_then_it_takes_the_place_of_the_one_before(store, now):
    assert await store.trial() is None
    await store.set_trial("v2", 10)
    now[0] = 1060.0
    await store.set_trial("v2", 100)
    assert await store.trial() == Trial("v2", 100, 1060.0)
    await store.end_trial()
    assert await store.trial() is None


async def test_figures_when_two_gateways_count_then_they_add_up(store, database):
    first, second = SqlModelFigures(database), SqlModelFigures(database)
    for _ in range(2):
        first.count("m1", "answered", "fallback")
    first.count("m1", "failed_dialogue", "grade_5")
    second.count("m1", "answered", "grade_4")
    second.count("m2", "answered")
    await first.close()
    await second.close()
    figures = await store.figures()
    assert set(figures) == {"m1", "m2"}
    assert (figures["m1"].turns, figures["m1"].mean_grade) == (4, 4.5)
    assert (figures["m1"].share("fallback"), figures["m1"].failed) == (0.5, 0.25)


async def test_figures_when_a_trial_begins_then_it_has_its_own(store, database):
    figures = SqlModelFigures(database)
    figures.count("m1", "answered", "conversation")
    await figures.close()
    await store.set_trial("v2", 10)
    for _ in range(2):
        figures.count("m1", "answered")
        figures.count("m2", "conversation")
    await figures.close()
    counts = {model: dict(each.counts) for model, each in (await store.trial_figures()).items()}
    assert counts == {"m1": {"answered": 2, "conversation": 0}, "m2": {"conversation": 2}}
    await store.set_trial("v2", 30)
    assert (await store.trial_figures())["m2"].counts == {"conversation": 0}


def test_figures_when_nothing_was_counted_then_no_share_is_made_up():
    assert (Figures({}).turns, Figures({}).share("answered"), Figures({}).mean_grade) == (0, None, None)


async def test_figures_when_the_database_is_busy_then_none_is_lost(store, database, tmp_path, monkeypatch):
    monkeypatch.setattr("assistant.adapters.late_counts.FLUSH_SECONDS", 0.0)
    figures = SqlModelFigures(database)
    with closing(sqlite3.connect(tmp_path / "gateway.db")) as other:
        other.execute("DROP TABLE model_figures")
        figures.count("m1", "answered")
        await figures.close()
    await store.open()
    figures.count("m1", "answered")
    await figures.close()
    assert (await store.figures())["m1"].turns == 2
