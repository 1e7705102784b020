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

from assistant.adapters.sealed_people import drop_tables
from assistant.core.devices import Waiting
from assistant.core.languages import Language
from assistant.core.ports import Kept
from assistant.core.pseudonyms import pseudonym
from assistant.database import SqlDatabase, SqlTables
from assistant.sealing import CannotOpen, Sealer

WAITING_SECONDS, MOST_WAITING = 3600.0, 5

_METADATA = MetaData()
_KEYS = Table(
    "keys_of_waiting",
    _METADATA,
    Column("person", String(64), primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
)
_WAITING = Table(
    "waiting_requests",
    _METADATA,
    Column("waiting_id", Integer, primary_key=True),
    Column("person", String(64), nullable=False, index=True),
    Column("text", LargeBinary, nullable=False),
    Column("language", String(8), nullable=False),
    Column("at", Double, nullable=False),
)


class SqlOwnScreens(SqlTables):
    """Keeps the latest requests of each citizen for an hour; `secret` is the operator's data key.

    `now` gives epoch seconds.
    """

    metadata = _METADATA

    def __init__(self, database: SqlDatabase, secret: str, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._secret = secret
        self._sealer = Sealer(secret)
        self._now = now

    async def open(self) -> None:
        """As any store's; what earlier versions kept is taken care of."""
        await super().open()
        await self._database.write(lambda connection: drop_tables(connection, "sealed_waiting", "waiting_keys"))

    async def put(self, subject: str, waiting: tuple[Waiting, ...]) -> None:
        """Let requests wait; the oldest make room."""
        now, person = self._now(), self._person(subject)
        is_theirs = _WAITING.c.person == person
        kept = select(_WAITING.c.waiting_id).where(is_theirs).order_by(_WAITING.c.waiting_id.desc()).limit(MOST_WAITING)
        is_too_many = and_(is_theirs, _WAITING.c.waiting_id.not_in(kept))
        is_over = or_(_WAITING.c.at <= now - WAITING_SECONDS, is_too_many)

        async def put(connection: AsyncConnection) -> None:
            key = await self._key(connection, person)
            said = [(json.dumps([each.text, each.hand_over]), each.language) for each in waiting]
            sealed = [(self._sealer.seal(text, key, person, person), code) for text, code in said]
            rows = [{"person": person, "text": text, "language": code.value, "at": now} for text, code in sealed]
            await connection.execute(insert(_WAITING), rows)
            await connection.execute(delete(_WAITING).where(is_over))

        await self._database.write(put)

    async def take(self, subject: str) -> tuple[Waiting, ...]:
        """What waits, oldest first; it waits no more."""
        person = self._person(subject)

        async def take(connection: AsyncConnection) -> tuple[Waiting, ...]:
            waiting = await self._read(connection, person)
            await connection.execute(delete(_WAITING).where(_WAITING.c.person == person))
            return waiting

        return await self._database.write(take)

    async def kept_of(self, subject: str) -> Kept:
        """What waits, oldest first; it goes on waiting."""
        person = self._person(subject)
        async with self._database.transaction() as connection:
            waiting = await self._read(connection, person)
        return [{"text": each.text, "language": each.language.value} for each in waiting if not each.hand_over]

    async def forget(self, subject: str) -> int:
        """Destroy the citizen's key, and with it all that waits; how much that was."""
        person = self._person(subject)

        async def forget(connection: AsyncConnection) -> int:
            await connection.execute(delete(_KEYS).where(_KEYS.c.person == person))
            return (await connection.execute(delete(_WAITING).where(_WAITING.c.person == person))).rowcount

        return await self._database.write(forget)

    async def purge(self) -> None:
        """Delete what has waited for too long, and the keys that seal nothing any more."""
        is_over = _WAITING.c.at <= self._now() - WAITING_SECONDS

        async def purge(connection: AsyncConnection) -> None:
            await connection.execute(delete(_WAITING).where(is_over))
            await connection.execute(delete(_KEYS).where(_KEYS.c.person.not_in(select(_WAITING.c.person))))

        await self._database.write(purge)

    def _person(self, subject: str) -> str:
        return pseudonym(self._secret, "waiting", subject)

    async def _key(self, connection: AsyncConnection, person: str) -> bytes:
        query = select(_KEYS.c.wrapped_key).where(_KEYS.c.person == person).with_for_update()
        known: bytes | None = await connection.scalar(query)
        if known is not None and self._sealer.can_use(known, person):
            return known
        fresh = self._sealer.new_key(person)
        await connection.execute(delete(_KEYS).where(_KEYS.c.person == person))
        await connection.execute(insert(_KEYS).values(person=person, wrapped_key=fresh))
        return fresh

    async def _read(self, connection: AsyncConnection, person: str) -> tuple[Waiting, ...]:
        is_waiting = and_(_WAITING.c.person == person, _WAITING.c.at > self._now() - WAITING_SECONDS)
        rows = (await connection.execute(select(_WAITING).where(is_waiting).order_by(_WAITING.c.waiting_id))).all()
        return tuple(self._opened(rows, await self._key(connection, person))) if rows else ()

    def _opened(self, rows: Sequence[Row[Any]], key: bytes) -> list[Waiting]:
        opened = []
        for row in rows:
            try:
                text, hand_over = json.loads(self._sealer.open(row.text, key, row.person, row.person))
            except CannotOpen:  # the operator's secret is another than when it was sealed
                continue
            opened.append(Waiting(text, Language(row.language), hand_over))
        return opened
