"""Counts of what came of forms, step by step and day by day, in the gateway's SQL database."""

from collections.abc import Sequence
from dataclasses import astuple
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Double, Integer, MetaData, String, Table, cast, func, literal
from sqlalchemy import select as choose

from assistant.adapters.daily_counts import DailyCounts, begin_of, day_of
from assistant.core.form_counts import CountedSteps, FormCame, FormHappened
from assistant.core.request_counts import DAY, RequestKind

_METADATA = MetaData()
_SIZES = {"service": 128, "language": 2, "channel": 32, "step": 128, "what": 16}
_COUNTS = Table(
    "form_counts",
    _METADATA,
    Column("day", Double, primary_key=True),
    *(Column(name, String(size), primary_key=True) for name, size in _SIZES.items()),
    Column("number", Integer, nullable=False),
    sqlite_with_rowid=False,
)


class SqlFormCounts(DailyCounts):
    """Counts what comes of forms."""

    metadata = _METADATA
    table = _COUNTS

    def count(self, kind: RequestKind, step: str, what: FormCame) -> None:
        """One more of these."""
        self._counts.add([(self.today(), *astuple(kind), step, what.value)])

    async def between(self, first: date, last: date, span: timedelta = DAY) -> CountedSteps:
        """What happened from the first day to the last, both included, in spans that begin with the first day."""
        begin = _span(first, last, span)
        columns = [_COUNTS.c[name] for name in _SIZES]
        query = choose(begin.label("begin"), *columns, func.sum(_COUNTS.c.number))
        query = query.where(_COUNTS.c.day.between(begin_of(first), begin_of(last)))
        groups: Sequence[ColumnElement[Any]] = (*columns, *(() if first + span > last else (begin,)))
        async with self._database.transaction() as connection:
            rows = list(map(tuple, await connection.execute(query.group_by(*groups))))
        days = {row[0]: day_of(row[0]) for row in rows}
        return {FormHappened(days[row[0]], RequestKind(*row[1:4]), row[4], row[5]): int(row[6]) for row in rows}


def _span(first: date, last: date, span: timedelta) -> ColumnElement[Any]:
    """The begin of the span that a row is in, in epoch seconds."""
    if first + span > last:
        return literal(begin_of(first))
    day = cast(_COUNTS.c.day, BigInteger)
    return day - (day - int(begin_of(first))) % int(span.total_seconds())
