"""Counts by day in the gateway's SQL database, of which each table has its own columns."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import ClassVar

from sqlalchemy import Table, delete

from assistant.adapters.late_counts import LateCounts
from assistant.database import SqlDatabase, SqlTables

DAY_SECONDS = 86_400.0
KEPT_DAYS = 400
"""A year and what is needed to compare its months with those of the year before."""


class DailyCounts(SqlTables):
    """Counts into `table`, whose first column is the day (UTC) in epoch seconds; `now` gives epoch seconds."""

    table: ClassVar[Table]

    def __init__(self, database: SqlDatabase, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now
        self._counts = LateCounts(database, self.table)

    async def purge(self) -> None:
        """Delete what is older than is told."""
        is_old = self.table.c.day <= self.today() - KEPT_DAYS * DAY_SECONDS
        await self._database.write(lambda connection: connection.execute(delete(self.table).where(is_old)))

    async def close(self) -> None:
        """Write what is left."""
        await self._counts.close()

    def today(self) -> float:
        """When this day began."""
        return self._now() // DAY_SECONDS * DAY_SECONDS


def day_of(epoch_seconds: float) -> date:
    """The day (UTC) of a moment."""
    return datetime.fromtimestamp(epoch_seconds, UTC).date()


def begin_of(day: date) -> float:
    """When a day begins (UTC), in epoch seconds."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
