"""What waits for citizens' own screens, in the gateway's SQL database."""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Double, Integer, MetaData, Row, String, Table, and_, delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.core.devices import Waiting
from assistant.core.languages import Language
from assistant.core.ports import Kept
from assistant.database import SqlDatabase

WAITING_SECONDS, MOST_WAITING = 3600.0, 5

_METADATA = MetaData()
_WAITING = Table(
    "waiting",
    _METADATA,
    Column("waiting_id", Integer, primary_key=True),
    Column("subject", String(256), nullable=False, index=True),
    Column("text", String, nullable=False),
    Column("language", String(8), nullable=False),
    Column("at", Double, nullable=False),
)


class SqlOwnScreens:
    """Keeps the latest requests of each citizen for an hour; `now` gives epoch seconds."""

    def __init__(self, database: SqlDatabase, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def open(self) -> None:
        """Make the table that is missing.

        Raises:
            SettingsError: the file cannot be made.
            ServiceUnavailable: the database cannot be reached or written.
        """
        await self._database.create(_METADATA)

    async def put(self, subject: str, waiting: tuple[Waiting, ...]) -> None:
        """Let requests wait; the oldest make room."""
        now, is_theirs = self._now(), _WAITING.c.subject == subject
        rows = [{"subject": subject, "text": each.text, "language": each.language.value, "at": now} for each in waiting]
        kept = select(_WAITING.c.waiting_id).where(is_theirs).order_by(_WAITING.c.waiting_id.desc()).limit(MOST_WAITING)
        is_too_many = and_(is_theirs, _WAITING.c.waiting_id.not_in(kept))
        is_over = or_(_WAITING.c.at <= now - WAITING_SECONDS, is_too_many)

        async def put(connection: AsyncConnection) -> None:
            await connection.execute(insert(_WAITING), rows)
            await connection.execute(delete(_WAITING).where(is_over))

        await self._database.write(put)

    async def take(self, subject: str) -> tuple[Waiting, ...]:
        """What waits, oldest first; it waits no more."""
        theirs = delete(_WAITING).where(_WAITING.c.subject == subject).returning(_WAITING)

        async def take(connection: AsyncConnection) -> list[Row[Any]]:
            return list(await connection.execute(theirs))

        rows = sorted(await self._database.write(take), key=lambda row: int(row.waiting_id))
        since = self._now() - WAITING_SECONDS
        return tuple(Waiting(row.text, Language(row.language)) for row in rows if row.at > since)

    async def kept_of(self, subject: str) -> Kept:
        """What waits, oldest first; it goes on waiting."""
        theirs = select(_WAITING).where(_WAITING.c.subject == subject).order_by(_WAITING.c.waiting_id)
        async with self._database.transaction() as connection:
            return [{"text": row.text, "language": row.language} for row in await connection.execute(theirs)]

    async def forget(self, subject: str) -> int:
        """Nothing waits any more; how much did."""
        theirs = delete(_WAITING).where(_WAITING.c.subject == subject)
        return int((await self._database.write(lambda connection: connection.execute(theirs))).rowcount)

    async def purge(self) -> None:
        """Delete what has waited for too long."""
        is_over = _WAITING.c.at <= self._now() - WAITING_SECONDS
        await self._database.write(lambda connection: connection.execute(delete(_WAITING).where(is_over)))
