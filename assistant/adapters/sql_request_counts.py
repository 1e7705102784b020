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
    Index,
    Integer,
    MetaData,
    String,
    Table,
    cast,
    delete,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.adapters.daily_counts import DAY_SECONDS, KEPT_DAYS, DailyCounts, begin_of, day_of
from assistant.core.request_counts import DAY, WEEK, By, Came, Counted, Happened, RequestKind, monday_of


def _columns(*key: str) -> list[Column[Any]]:
    sizes = {"service": 128, "language": 2, "channel": 32, "what": 32}
    kinds = {"day": Double(), **{name: String(size) for name, size in sizes.items()}}
    return [*(Column(name, kinds[name], primary_key=True) for name in key), Column("number", Integer, nullable=False)]


_METADATA = MetaData()
_COUNTS = Table("request_counts", _METADATA, *_columns("day", "service", "language", "channel", "what"))
_WEEKS = Table(
    "request_weeks",
    _METADATA,
    *_columns("service", "language", "channel", "what", "day"),
    sqlite_with_rowid=False,  # a year is read as its rows lie, in the order in which it is summed up
)
"""The sums of weeks, by their Monday: every week up to the last one that is there."""
Index("request_weeks_by_day", *(_WEEKS.c[name] for name in ("what", "day", "service", "language", "channel", "number")))
_WEEK_SECONDS = int(WEEK.total_seconds())
KIND = ("service", "language", "channel")
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
        rows = await self._sums(first, last, step, (*KIND, "what"), what=what)
        days = {begin: day_of(begin) for begin in {row[0] for row in rows}}
        kinds = {kind: RequestKind(*kind) for kind in {row[1:4] for row in rows}}
        found: dict[Happened, int] = {}
        for row in rows:
            each = Happened(days[row[0]], kinds[row[1:4]], row[4])
            found[each] = found.get(each, 0) + int(row[5])
        return found

    async def asked(
        self, by: By, spans: Sequence[date], last: date, language: str = "", channel: str = ""
    ) -> Mapping[str, tuple[int, ...]]:
        """How often each was asked for in each of the equal spans that begin on these days, the last day included."""
        first, step = spans[0], spans[1] - spans[0] if len(spans) > 1 else last - spans[0] + DAY
        at = {begin_of(day): place for place, day in enumerate(spans)}
        wanted = {"what": Came.ASKED.value, "language": language, "channel": channel}
        found: dict[str, list[int]] = {}
        for begin, name, number in await self._sums(first, last, step, (by,), **wanted):
            found.setdefault(name, [0] * len(spans))[at[begin]] += int(number)
        return {name: tuple(numbers) for name, numbers in found.items()}

    async def _sums(
        self, first: date, last: date, step: timedelta, names: Sequence[str], **wanted: str
    ) -> list[tuple[Any, ...]]:
        """The begin of a span, these columns and the sum of the rows that are as `wanted`; each table has its own."""
        rows: list[tuple[Any, ...]] = []
        async with self._database.transaction() as connection:
            for table, begin, end in await _places(connection, first, last, step):
                columns = [table.c[name] for name in names]
                span, groups = _span(table, first, last, step)
                query = select(span.label("span"), *columns, func.sum(table.c.number)).group_by(*groups, *columns)
                query = query.where(table.c.day.between(begin, end))
                query = query.where(*(table.c[name] == value for name, value in wanted.items() if value))
                rows += map(tuple, await connection.execute(query))
        return rows

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
        kind = [_COUNTS.c[name] for name in (*KIND, "what")]
        sums = select(*kind, literal(monday), func.sum(_COUNTS.c.number)).group_by(*kind)
        sums = sums.where(_COUNTS.c.day >= monday, _COUNTS.c.day < monday + _WEEK_SECONDS)
        # Another process may be about the same week.
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        await connection.execute(insert(_WEEKS).from_select(list(_WEEKS.c), sums).on_conflict_do_nothing())
        return True


async def _places(
    connection: AsyncConnection, first: date, last: date, step: timedelta
) -> tuple[tuple[Table, float, float], ...]:
    """Where the days are, from when to when: in sums of weeks, where spans are of whole weeks and they are there."""
    begin, end = begin_of(first), begin_of(last)
    is_of_weeks = first == monday_of(first) and (step % WEEK == timedelta(0) or first + step > last)
    latest = end + DAY_SECONDS - _WEEK_SECONDS
    query = select(func.max(_WEEKS.c.day)).where(_WEEKS.c.day.between(begin, latest))
    summed = (await connection.execute(query)).scalar_one() if is_of_weeks else None
    if summed is None:
        return ((_COUNTS, begin, end),)
    return (_WEEKS, begin, summed), (_COUNTS, summed + _WEEK_SECONDS, end)


def _span(
    table: Table, first: date, last: date, step: timedelta
) -> tuple[ColumnElement[Any], tuple[ColumnElement[Any], ...]]:
    """The begin of the span that a row is in, in epoch seconds, and what it is grouped by."""
    if first + step > last:
        return literal(begin_of(first)), ()
    if table is _WEEKS and step == WEEK:
        return table.c.day, (table.c.day,)
    day = cast(table.c.day, BigInteger)
    span = day - (day - int(begin_of(first))) % int(step.total_seconds())
    return span, (span,)
