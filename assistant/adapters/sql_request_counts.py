"""Counts of what came of requests in the gateway's SQL database, by day."""

from dataclasses import astuple
from datetime import date, timedelta

from sqlalchemy import BigInteger, Column, Double, Integer, MetaData, String, Table, cast, func, select

from assistant.adapters.daily_counts import DailyCounts, begin_of, day_of
from assistant.core.request_counts import DAY, Counted, Happened, RequestKind

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

    async def between(self, first: date, last: date, step: timedelta = DAY, what: str = "") -> Counted:
        """What happened from the first day to the last, both included, in spans of `step`; only `what`, if it is said.

        The day of a thing is that on which its span begins.
        """
        begin = begin_of(first)
        day = cast(_COUNTS.c.day, BigInteger)
        span = (day - (day - int(begin)) % int(step.total_seconds())).label("span")
        names = (span, _COUNTS.c.service, _COUNTS.c.language, _COUNTS.c.channel, _COUNTS.c.what)
        query = select(*names, func.sum(_COUNTS.c.number)).group_by(*names)
        query = query.where(_COUNTS.c.day.between(begin, begin_of(last)))
        if what:
            query = query.where(_COUNTS.c.what == what)
        async with self._database.transaction() as connection:
            rows = list(await connection.execute(query))
        days = {row.span: day_of(row.span) for row in rows}
        kinds = {row[1:4]: RequestKind(*row[1:4]) for row in rows}
        return {Happened(days[row[0]], kinds[row[1:4]], row[4]): int(row[5]) for row in rows}
