"""What waits for citizens' own screens, in the gateway's SQL database: their words, sealed (docs/adr/0025)."""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    and_,
    delete,
    insert,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.core.devices import Waiting
from assistant.core.languages import Language
from assistant.core.ports import Kept
from assistant.database import SqlDatabase
from assistant.sealing import CannotOpen, Sealer

WAITING_SECONDS, MOST_WAITING = 3600.0, 5

_METADATA = MetaData()
_KEYS = Table(
    "waiting_keys",
    _METADATA,
    Column("subject", String(256), primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
)
_WAITING = Table(
    "sealed_waiting",
    _METADATA,
    Column("waiting_id", Integer, primary_key=True),
    Column("subject", String(256), nullable=False, index=True),
    Column("text", LargeBinary, nullable=False),
    Column("language", String(8), nullable=False),
    Column("at", Double, nullable=False),
)


class SqlOwnScreens:
    """Keeps the latest requests of each citizen for an hour; `now` gives epoch seconds."""

    def __init__(self, database: SqlDatabase, sealer: Sealer, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._sealer = sealer
        self._now = now

    async def open(self) -> None:
        """Make the tables that are missing.

        Raises:
            SettingsError: the file cannot be made.
            ServiceUnavailable: the database cannot be reached or written.
        """
        await self._database.create(_METADATA)

    async def put(self, subject: str, waiting: tuple[Waiting, ...]) -> None:
        """Let requests wait; the oldest make room."""
        now, is_theirs = self._now(), _WAITING.c.subject == subject
        kept = select(_WAITING.c.waiting_id).where(is_theirs).order_by(_WAITING.c.waiting_id.desc()).limit(MOST_WAITING)
        is_too_many = and_(is_theirs, _WAITING.c.waiting_id.not_in(kept))
        is_over = or_(_WAITING.c.at <= now - WAITING_SECONDS, is_too_many)

        async def put(connection: AsyncConnection) -> None:
            key = await self._key(connection, subject)
            said = [(json.dumps([each.text, each.hand_over]), each.language) for each in waiting]
            sealed = [(self._sealer.seal(text, key, subject, subject), code) for text, code in said]
            rows = [{"subject": subject, "text": text, "language": code.value, "at": now} for text, code in sealed]
            await connection.execute(insert(_WAITING), rows)
            await connection.execute(delete(_WAITING).where(is_over))

        await self._database.write(put)

    async def take(self, subject: str) -> tuple[Waiting, ...]:
        """What waits, oldest first; it waits no more."""

        async def take(connection: AsyncConnection) -> tuple[Waiting, ...]:
            waiting = await self._read(connection, subject)
            await connection.execute(delete(_WAITING).where(_WAITING.c.subject == subject))
            return waiting

        return await self._database.write(take)

    async def kept_of(self, subject: str) -> Kept:
        """What waits, oldest first; it goes on waiting."""
        async with self._database.transaction() as connection:
            waiting = await self._read(connection, subject)
        return [{"text": each.text, "language": each.language.value} for each in waiting if not each.hand_over]

    async def forget(self, subject: str) -> int:
        """Destroy the citizen's key, and with it all that waits; how much that was."""

        async def forget(connection: AsyncConnection) -> int:
            await connection.execute(delete(_KEYS).where(_KEYS.c.subject == subject))
            return (await connection.execute(delete(_WAITING).where(_WAITING.c.subject == subject))).rowcount

        return await self._database.write(forget)

    async def purge(self) -> None:
        """Delete what has waited for too long, and the keys that seal nothing any more."""
        is_over = _WAITING.c.at <= self._now() - WAITING_SECONDS

        async def purge(connection: AsyncConnection) -> None:
            await connection.execute(delete(_WAITING).where(is_over))
            await connection.execute(delete(_KEYS).where(_KEYS.c.subject.not_in(select(_WAITING.c.subject))))

        await self._database.write(purge)

    async def _key(self, connection: AsyncConnection, subject: str) -> bytes:
        query = select(_KEYS.c.wrapped_key).where(_KEYS.c.subject == subject).with_for_update()
        known: bytes | None = await connection.scalar(query)
        if known is not None and self._sealer.can_use(known, subject):
            return known
        fresh = self._sealer.new_key(subject)
        await connection.execute(delete(_KEYS).where(_KEYS.c.subject == subject))
        await connection.execute(insert(_KEYS).values(subject=subject, wrapped_key=fresh))
        return fresh

    async def _read(self, connection: AsyncConnection, subject: str) -> tuple[Waiting, ...]:
        is_waiting = and_(_WAITING.c.subject == subject, _WAITING.c.at > self._now() - WAITING_SECONDS)
        rows = (await connection.execute(select(_WAITING).where(is_waiting).order_by(_WAITING.c.waiting_id))).all()
        return tuple(self._opened(rows, await self._key(connection, subject))) if rows else ()

    def _opened(self, rows: Sequence[Row[Any]], key: bytes) -> list[Waiting]:
        opened = []
        for row in rows:
            try:
                text, hand_over = json.loads(self._sealer.open(row.text, key, row.subject, row.subject))
            except CannotOpen:  # the operator's secret is another than when it was sealed
                continue
            opened.append(Waiting(text, Language(row.language), hand_over))
        return opened
