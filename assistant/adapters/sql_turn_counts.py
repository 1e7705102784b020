"""Counts of turns in the gateway's SQL database, by day."""

import time
from collections.abc import Callable
from dataclasses import astuple

from sqlalchemy import Column, Double, Integer, MetaData, String, Table, delete, func, select

from assistant.adapters.late_counts import LateCounts
from assistant.core.turn_counts import TurnKind
from assistant.database import SqlDatabase, SqlTables

DAY_SECONDS = 86_400.0
KEPT_DAYS = 400
"""A year and what is needed to compare its months with those of the year before."""

_METADATA = MetaData()
_COUNTS = Table(
    "turn_counts",
    _METADATA,
    Column("day", Double, primary_key=True),
    Column("channel", String(32), primary_key=True),
    Column("language", String(2), primary_key=True),
    Column("intent", String(128), primary_key=True),
    Column("outcome", String(64), primary_key=True),
    Column("number", Integer, nullable=False),
)
_KIND = (_COUNTS.c.channel, _COUNTS.c.language, _COUNTS.c.intent, _COUNTS.c.outcome)


class SqlTurnCounts(SqlTables):
    """Counts turns; `now` gives epoch seconds."""

    metadata = _METADATA

    def __init__(self, database: SqlDatabase, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now
        self._counts = LateCounts(database, _COUNTS)

    def count(self, kind: TurnKind) -> None:
        """One more of these."""
        self._counts.add([(self._today(), *astuple(kind))])

    async def since(self, days: int) -> dict[TurnKind, int]:
        """How many there were of each kind on the last `days` days."""
        is_recent = _COUNTS.c.day > self._today() - days * DAY_SECONDS
        wanted = select(*_KIND, func.sum(_COUNTS.c.number)).where(is_recent).group_by(*_KIND)
        async with self._database.transaction() as connection:
            return {TurnKind(*row[:-1]): row[-1] for row in await connection.execute(wanted)}

    async def purge(self) -> None:
        """Delete what is older than is told."""
        is_old = _COUNTS.c.day <= self._today() - KEPT_DAYS * DAY_SECONDS
        await self._database.write(lambda connection: connection.execute(delete(_COUNTS).where(is_old)))

    async def close(self) -> None:
        """Write what is left."""
        await self._counts.close()

    def _today(self) -> float:
        return self._now() // DAY_SECONDS * DAY_SECONDS
