import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.adapters.daily_counts import KEPT_DAYS
from assistant.adapters.sql_request_counts import SqlRequestCounts
from assistant.core.request_counts import Happened, RequestKind
from assistant.database import SqlDatabase

pytestmark = pytest.mark.unit

PENSION = RequestKind("pension", "et", "web")
DAY = date(2026, 11, 26)


@pytest.fixture
def now() -> list[float]:
    return [datetime(2026, 11, 26, 23, 59, tzinfo=UTC).timestamp()]


@pytest.fixture
async def counts(tmp_path: Path, now: list[float]) -> AsyncIterator[SqlRequestCounts]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'counts.db'}", "KRATT_DATABASE")
    counts = SqlRequestCounts(database, now=lambda: now[0])
    await counts.open()
    yield counts
    await database.close()


async def test_counts_when_read_then_are_those_of_the_days_asked_for(counts, now) -> None:
    counts.count(PENSION, "asked")
    counts.count(PENSION, "asked")
    now[0] += 120  # after midnight
    counts.count(PENSION, "solved")
    await counts.close()
    yesterday, today = Happened(DAY, PENSION, "asked"), Happened(DAY + timedelta(days=1), PENSION, "solved")
    assert await counts.between(DAY, DAY) == {yesterday: 2}
    assert await counts.between(DAY, today.day) == {yesterday: 2, today: 1}


async def test_counts_when_asked_for_in_spans_then_each_has_its_sum_and_its_first_day(counts, now) -> None:
    for _ in range(4):
        counts.count(PENSION, "asked")
        counts.count(PENSION, "solved")
        await counts.close()
        now[0] += 86_400
    last = DAY + timedelta(days=3)
    first, second = (Happened(DAY + timedelta(days=days), PENSION, "asked") for days in (0, 3))
    assert await counts.between(DAY, last, timedelta(days=3), "asked") == {first: 3, second: 1}
    assert sum((await counts.between(DAY, last, timedelta(days=4))).values()) == 8


@pytest.mark.parametrize("is_summed", [False, True])
async def test_weeks_when_summed_up_then_every_number_is_as_it_was(counts, now, is_summed) -> None:
    tax = RequestKind("land_tax", "ru", "phone")
    monday = DAY - timedelta(days=3)
    for day in range(24):  # from a Thursday on: three weeks that are over, and one that is not
        for kind, what in ((PENSION, "asked"), (tax, "asked"), (PENSION, "solved")):
            for _ in range(day % 3 + 1):
                counts.count(kind, what)
        await counts.close()
        now[0] += 86_400
    if is_summed:
        await counts.purge()
        await counts.purge()
    last = DAY + timedelta(days=23)
    weekly = await counts.between(monday, last, timedelta(days=7))
    mondays = [monday + timedelta(days=7) * week for week in range(4)]
    assert [weekly[Happened(each, PENSION, "asked")] for each in mondays] == [7, 14, 15, 12]
    assert sum(weekly.values()) == sum((await counts.between(monday, last)).values()) == 3 * 48
    (whole,) = {each.day for each in await counts.between(monday, last, last - monday + timedelta(days=1))}
    assert whole == monday
    part = await counts.between(monday, DAY + timedelta(days=12), timedelta(days=7), "solved")
    assert [part[Happened(each, PENSION, "solved")] for each in mondays[:3]] == [7, 14, 4]
    series = await counts.asked("service", mondays, last)
    assert series == {"pension": (7, 14, 15, 12), "land_tax": (7, 14, 15, 12)}
    assert await counts.asked("channel", mondays, last, language="ru") == {"phone": (7, 14, 15, 12)}
    assert await counts.asked("service", [DAY], DAY + timedelta(days=2), channel="web") == {"pension": (6,)}


async def test_week_when_it_has_just_ended_then_counts_that_come_late_are_in_its_sum(counts, now) -> None:
    monday = DAY - timedelta(days=3)
    counts.count(PENSION, "asked")
    await counts.close()
    now[0] = datetime(2026, 11, 30, 12, tzinfo=UTC).timestamp()
    await counts.purge()
    now[0] = datetime(2026, 11, 29, 23, tzinfo=UTC).timestamp()  # as a gateway whose database was away for hours
    counts.count(PENSION, "asked")
    await counts.close()
    now[0] = datetime(2026, 12, 2, 12, tzinfo=UTC).timestamp()
    await counts.purge()
    assert await counts.between(monday, DAY + timedelta(days=5), timedelta(days=7)) == {
        Happened(monday, PENSION, "asked"): 2
    }


async def test_counts_when_kept_long_enough_then_they_are_deleted(counts, now) -> None:
    counts.count(PENSION, "asked")
    await counts.close()
    now[0] += KEPT_DAYS * 86_400
    await counts.purge()
    assert await counts.between(DAY, DAY) == {}


async def test_year_when_its_weeks_are_summed_up_then_their_days_are_not_read(counts, now, tmp_path) -> None:
    monday = DAY - timedelta(days=3)
    counts.count(PENSION, "asked")
    await counts.close()
    now[0] += 8 * 86_400
    counts.count(PENSION, "asked")
    await counts.close()
    await counts.purge()
    with closing(sqlite3.connect(tmp_path / "counts.db")) as connection, connection:
        connection.execute("UPDATE request_counts SET number = 1000")
    weeks = [monday, monday + timedelta(days=7)]
    assert await counts.asked("service", weeks, weeks[1] + timedelta(days=6)) == {"pension": (1, 1000)}
