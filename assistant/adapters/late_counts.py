"""Counts that a turn does not wait for."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from sqlalchemy import Table, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.core.errors import ServiceUnavailable
from assistant.database import SqlDatabase

FLUSH_SECONDS = 2.0
"""How old the numbers in the database may be."""

_log = logging.getLogger("kratt.gateway")


@dataclass
class LateCounts:
    """Counts in memory, and adds what was counted to the `number` of a table's rows every two seconds.

    What is counted is the row's primary key, column by column.
    """

    database: SqlDatabase
    table: Table
    _counts: Counter[tuple[Hashable, ...]] = field(default_factory=Counter)
    _flushing: asyncio.Task[None] | None = None

    def add(self, rows: Iterable[tuple[Hashable, ...]]) -> None:
        """One more of each of these."""
        self._counts.update(rows)
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush_soon())

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
                await self.database.write(lambda connection: self._write(connection, counted))
        except ServiceUnavailable as error:
            self._counts.update(counted)
            facts = {"table": self.table.name, "detail": error.detail}
            _log.warning("numbers were not written", extra={"facts": facts})

    async def _write(self, connection: AsyncConnection, counted: Counter[tuple[Hashable, ...]]) -> None:
        key, number = list(self.table.primary_key), self.table.c.number
        for row, more in counted.items():
            is_it = (column == value for column, value in zip(key, row, strict=True))
            done = await connection.execute(update(self.table).where(*is_it).values(number=number + more))
            if not done.rowcount:
                values = {column.name: value for column, value in zip(key, row, strict=True)}
                await connection.execute(insert(self.table).values(**values, number=more))
