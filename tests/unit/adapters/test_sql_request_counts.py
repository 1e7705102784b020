from collections.abc import AsyncIterator
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


async def test_counts_when_kept_long_enough_then_they_are_deleted(counts, now) -> None:
    counts.count(PENSION, "asked")
    await counts.close()
    now[0] += KEPT_DAYS * 86_400
    await counts.purge()
    assert await counts.between(DAY, DAY) == {}
