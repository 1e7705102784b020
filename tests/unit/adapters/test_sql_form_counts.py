from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.adapters.daily_counts import KEPT_DAYS
from assistant.adapters.sql_form_counts import SqlFormCounts
from assistant.core.form_counts import FormCame, FormHappened
from assistant.core.request_counts import DAY, WEEK, RequestKind
from assistant.database import SqlDatabase

pytestmark = pytest.mark.unit

RENEW = RequestKind("document_renew", "et", "web")
TODAY = date(2026, 11, 26)


@pytest.fixture
def now() -> list[float]:
    return [datetime(2026, 11, 26, 23, 59, tzinfo=UTC).timestamp()]


@pytest.fixture
async def counts(tmp_path: Path, now: list[float]) -> AsyncIterator[SqlFormCounts]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'counts.db'}", "KRATT_DATABASE")
    counts = SqlFormCounts(database, now=lambda: now[0])
    await counts.open()
    yield counts
    await database.close()


async def test_counts_when_read_then_are_summed_up_over_the_span(counts, now) -> None:
    counts.count(RENEW, "office", FormCame.ASKED)
    counts.count(RENEW, "office", FormCame.ASKED)
    now[0] += 120  # after midnight
    counts.count(RENEW, "office", FormCame.ASKED)
    counts.count(RENEW, "", FormCame.BEGAN)
    await counts.close()
    tomorrow = TODAY + DAY
    asked, began = (FormHappened(TODAY, RENEW, step, what) for step, what in (("office", "asked"), ("", "began")))
    assert await counts.between(TODAY, TODAY) == {asked: 2}
    assert await counts.between(TODAY, tomorrow, 2 * DAY) == {asked: 3, began: 1}
    assert await counts.between(TODAY, tomorrow) == {
        asked: 2,
        FormHappened(tomorrow, RENEW, "office", "asked"): 1,
        FormHappened(tomorrow, RENEW, "", "began"): 1,
    }
    monday = date(2026, 11, 16)
    week = FormHappened(monday + WEEK, RENEW, "office", "asked")
    assert (await counts.between(monday, monday + 2 * WEEK - DAY, WEEK))[week] == 3


async def test_counts_when_older_than_is_told_then_are_gone(counts, now) -> None:
    counts.count(RENEW, "office", FormCame.ASKED)
    await counts.close()
    now[0] += timedelta(days=KEPT_DAYS - 1).total_seconds()
    await counts.purge()
    assert len(await counts.between(TODAY, TODAY)) == 1
    now[0] += timedelta(days=1).total_seconds()
    await counts.purge()
    assert await counts.between(TODAY, TODAY) == {}
