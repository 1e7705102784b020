"""Counts of turns in the gateway's SQL database, by day."""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import astuple

from sqlalchemy import Column, Double, Integer, MetaData, String, Table, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.core.errors import ServiceUnavailable
from assistant.core.turn_counts import TurnKind
from assistant.database import SqlDatabase, SqlTables

DAY_SECONDS = 86_400.0
KEPT_DAYS = 400
"""A year and what is needed to compare its months with those of the year before."""
FLUSH_SECONDS = 2.0

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

_log = logging.getLogger("kratt.gateway")


class SqlTurnCounts(SqlTables):
    """Counts in memory, and adds what was counted to the database every two seconds."""

    metadata = _METADATA

    def __init__(self, database: SqlDatabase, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now
        self._counts: Counter[tuple[float, TurnKind]] = Counter()
        self._flushing: asyncio.Task[None] | None = None

    def count(self, kind: TurnKind) -> None:
        """One more of these."""
        self._counts[self._today(), kind] += 1
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush_soon())

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
        if self._flushing is not None:
            self._flushing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._flushing
        await self._flush()

    async def _flush_soon(self) -> None:
        await asyncio.sleep(FLUSH_SECONDS)
        await self._flush()

    async def _flush(self) -> None:
        counted, self._counts = self._counts, Counter()
        try:
            if counted:
                await self._database.write(lambda connection: _add(connection, counted))
        except ServiceUnavailable as error:
            self._counts.update(counted)
            _log.warning("turns were not counted", extra={"facts": {"detail": error.detail}})

    def _today(self) -> float:
        return self._now() // DAY_SECONDS * DAY_SECONDS


async def _add(connection: AsyncConnection, counted: Counter[tuple[float, TurnKind]]) -> None:
    for (day, kind), number in counted.items():
        names = ("day", "channel", "language", "intent", "outcome")
        row = dict(zip(names, (day, *astuple(kind)), strict=True))
        more = update(_COUNTS).where(*(_COUNTS.c[name] == value for name, value in row.items()))
        done = await connection.execute(more.values(number=_COUNTS.c.number + number))
        if not done.rowcount:
            await connection.execute(insert(_COUNTS).values(**row, number=number))
