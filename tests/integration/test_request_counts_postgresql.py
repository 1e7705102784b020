"""Counts of requests and of forms on a real PostgreSQL, where several processes sum up the same weeks."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.adapters.sql_form_counts import SqlFormCounts
from assistant.adapters.sql_request_counts import SqlRequestCounts
from assistant.core.form_counts import FormCame, FormHappened
from assistant.core.request_counts import Happened, RequestKind
from assistant.database import SqlDatabase
from tests.integration.test_desk_postgresql import server

pytestmark = pytest.mark.integration

__all__ = ["server"]  # a fixture
MONDAY = date(2026, 11, 2)
WEEK = timedelta(days=7)
PENSION = RequestKind("pension", "et", "web")


async def test_weeks_when_several_processes_sum_them_up_at_once_then_each_is_there_once(server) -> None:
    now = [datetime(2026, 11, 2, 12, tzinfo=UTC).timestamp()]
    databases = [SqlDatabase(server, "KRATT_DATABASE") for _ in range(3)]
    processes = [SqlRequestCounts(database, now=lambda: now[0]) for database in databases]
    for each in processes:
        await each.open()
    for _ in range(24):
        for each in processes:
            each.count(PENSION, "asked")
            await each.close()
        now[0] += 86_400
    await asyncio.gather(*(each.purge() for each in processes))
    last = MONDAY + timedelta(days=23)
    expected = {Happened(MONDAY + WEEK * at, PENSION, "asked"): number for at, number in enumerate((21, 21, 21, 9))}
    assert await processes[0].between(MONDAY, last, WEEK) == expected
    assert await processes[1].asked("channel", [each.day for each in expected], last) == {"web": (21, 21, 21, 9)}
    for database in databases:
        await database.close()


async def test_steps_of_forms_when_two_processes_count_them_then_weeks_have_their_sums(server) -> None:
    now = [datetime(2026, 11, 2, 12, tzinfo=UTC).timestamp()]
    databases = [SqlDatabase(server, "KRATT_DATABASE") for _ in range(2)]
    processes = [SqlFormCounts(database, now=lambda: now[0]) for database in databases]
    for each in processes:
        await each.open()
    for _ in range(10):
        for each in processes:
            each.count(PENSION, "year", FormCame.ASKED)
            await each.close()
        now[0] += 86_400
    last = MONDAY + timedelta(days=13)
    sums = {FormHappened(MONDAY + WEEK * at, PENSION, "year", "asked"): number for at, number in enumerate((14, 6))}
    assert await processes[0].between(MONDAY, last, WEEK) == sums
    assert list((await processes[1].between(MONDAY, last, 2 * WEEK)).values()) == [20]
    for database in databases:
        await database.close()
