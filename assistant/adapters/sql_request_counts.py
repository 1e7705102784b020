"""Counts of what came of requests in the gateway's SQL database, by day; those of weeks that are over, by week, too."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Double,
    Integer,
    MetaData,
    String,
    Subquery,
    Table,
    cast,
    delete,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.adapters.daily_counts import DAY_SECONDS, KEPT_DAYS, DailyCounts, begin_of, day_of
from assistant.core.request_counts import DAY, WEEK, By, Came, Counted, Happened, RequestKind, monday_of


def _table(name: str, metadata: MetaData) -> Table:
    return Table(
        name,
        metadata,
        Column("day", Double, primary_key=True),
        Column("service", String(128), primary_key=True),
        Column("language", String(2), primary_key=True),
        Column("channel", String(32), primary_key=True),
        Column("what", String(32), primary_key=True),
        Column("number", Integer, nullable=False),
    )


_METADATA = MetaData()
_COUNTS = _table("request_counts", _METADATA)
_WEEKS = _table("request_weeks", _METADATA)
"""The sums of weeks, by their Monday: every week up to the last one that is there."""
_WEEK_SECONDS = int(WEEK.total_seconds())
_LATE_SECONDS = DAY_SECONDS
"""So long after its end a week is summed up: counts that a database could not take may come until then."""


class SqlRequestCounts(DailyCounts):
    """Counts requests."""

    metadata = _METADATA
    table = _COUNTS

    def count(self, kind: RequestKind, what: str) -> None:
        """One more of these."""
        self._counts.add([(self.today(), *astuple(kind), what)])

    async def purge(self) -> None:
        """Sum up the weeks that are over, each by itself, and delete what is older than is told."""
        while await self._database.write(self._sum_up_a_week):
            pass
        is_old = _WEEKS.c.day <= self.today() - KEPT_DAYS * DAY_SECONDS
        await self._database.write(lambda connection: connection.execute(delete(_WEEKS).where(is_old)))
        await super().purge()

    async def between(self, first: date, last: date, step: timedelta = DAY, what: str = "") -> Counted:
        """What happened from the first day to the last, both included, in spans of `step`; only `what`, if it is said.

        The day of a thing is that on which its span begins.
        """
        async with self._database.transaction() as connection:
            counts = await _counts_of(connection, first, last, step)
            span = _span(counts, first, step)
            names = (span, counts.c.service, counts.c.language, counts.c.channel, counts.c.what)
            query = select(*names, func.sum(counts.c.number)).group_by(*names)
            rows = list(await connection.execute(query.where(counts.c.what == what) if what else query))
        days = {row.span: day_of(row.span) for row in rows}
        kinds = {row[1:4]: RequestKind(*row[1:4]) for row in rows}
        return {Happened(days[row[0]], kinds[row[1:4]], row[4]): int(row[5]) for row in rows}

    async def asked(
        self, by: By, spans: Sequence[date], last: date, language: str = "", channel: str = ""
    ) -> Mapping[str, tuple[int, ...]]:
        """How often each was asked for in each of the equal spans that begin on these days, the last day included."""
        first, step = spans[0], spans[1] - spans[0] if len(spans) > 1 else last - spans[0] + DAY
        at = {begin_of(day): place for place, day in enumerate(spans)}
        async with self._database.transaction() as connection:
            counts = await _counts_of(connection, first, last, step)
            names = (_span(counts, first, step), counts.c[by])
            query = select(*names, func.sum(counts.c.number)).where(counts.c.what == Came.ASKED.value).group_by(*names)
            for column, wanted in ((counts.c.language, language), (counts.c.channel, channel)):
                query = query.where(column == wanted) if wanted else query
            rows = list(await connection.execute(query))
        found: dict[str, list[int]] = {}
        for begin, name, number in rows:
            found.setdefault(name, [0] * len(spans))[at[begin]] = int(number)
        return {name: tuple(numbers) for name, numbers in found.items()}

    async def _sum_up_a_week(self, connection: AsyncConnection) -> bool:
        """Sum up the first week that is over and is not; False if there is none."""
        summed = (await connection.execute(select(func.max(_WEEKS.c.day)))).scalar_one()
        after = 0.0 if summed is None else summed + _WEEK_SECONDS
        day = (await connection.execute(select(func.min(_COUNTS.c.day)).where(_COUNTS.c.day >= after))).scalar_one()
        if day is None:
            return False
        monday = begin_of(monday_of(day_of(day)))
        if monday + _WEEK_SECONDS + _LATE_SECONDS > self._now():
            return False
        kind = (_COUNTS.c.service, _COUNTS.c.language, _COUNTS.c.channel, _COUNTS.c.what)
        sums = select(literal(monday), *kind, func.sum(_COUNTS.c.number)).group_by(*kind)
        sums = sums.where(_COUNTS.c.day >= monday, _COUNTS.c.day < monday + _WEEK_SECONDS)
        # Another process may be about the same week.
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        await connection.execute(insert(_WEEKS).from_select(list(_WEEKS.c), sums).on_conflict_do_nothing())
        return True


async def _counts_of(connection: AsyncConnection, first: date, last: date, step: timedelta) -> Subquery:
    """The rows from the first day to the last: sums of weeks, where spans are of whole weeks and they are there."""
    begin, end = begin_of(first), begin_of(last)
    days = select(_COUNTS).where(_COUNTS.c.day.between(begin, end))
    is_of_weeks = first == monday_of(first) and (step % WEEK == timedelta(0) or first + step > last)
    if not is_of_weeks:
        return days.subquery()
    is_within = (_WEEKS.c.day >= begin, _WEEKS.c.day <= end + DAY_SECONDS - _WEEK_SECONDS)
    summed = (await connection.execute(select(func.max(_WEEKS.c.day)).where(*is_within))).scalar_one()
    if summed is None:
        return days.subquery()
    rest = days.where(_COUNTS.c.day >= summed + _WEEK_SECONDS)
    return union_all(select(_WEEKS).where(*is_within), rest).subquery()


def _span(counts: Subquery, first: date, step: timedelta) -> ColumnElement[Any]:
    """The begin of the span that a day is in, in epoch seconds."""
    day = cast(counts.c.day, BigInteger)
    return (day - (day - int(begin_of(first))) % int(step.total_seconds())).label("span")
