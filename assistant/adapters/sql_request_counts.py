"""Counts of what came of requests in the gateway's SQL database, by day."""

from dataclasses import astuple
from datetime import date

from sqlalchemy import Column, Double, Integer, MetaData, String, Table, select

from assistant.adapters.daily_counts import DailyCounts, begin_of, day_of
from assistant.core.request_counts import Counted, Happened, RequestKind

_METADATA = MetaData()
_COUNTS = Table(
    "request_counts",
    _METADATA,
    Column("day", Double, primary_key=True),
    Column("service", String(128), primary_key=True),
    Column("language", String(2), primary_key=True),
    Column("channel", String(32), primary_key=True),
    Column("what", String(32), primary_key=True),
    Column("number", Integer, nullable=False),
)


class SqlRequestCounts(DailyCounts):
    """Counts requests."""

    metadata = _METADATA
    table = _COUNTS

    def count(self, kind: RequestKind, what: str) -> None:
        """One more of these."""
        self._counts.add([(self.today(), *astuple(kind), what)])

    async def between(self, first: date, last: date) -> Counted:
        """What happened from the first day to the last, both included."""
        wanted = select(_COUNTS).where(_COUNTS.c.day.between(begin_of(first), begin_of(last)))
        async with self._database.transaction() as connection:
            rows = list(await connection.execute(wanted))
        return {
            Happened(day_of(row.day), RequestKind(row.service, row.language, row.channel), row.what): row.number
            for row in rows
        }
