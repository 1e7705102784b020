"""Calls that are served at this moment, in the SQL database that all gateways share."""

import time
from collections.abc import Callable

from sqlalchemy import Column, Double, MetaData, String, Table, and_, delete, insert, or_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.core.calls import CLAIM_SECONDS
from assistant.core.secret_ids import hashed
from assistant.database import SqlDatabase, SqlTables

_METADATA = MetaData()
_CALLS = Table(
    "served_calls",
    _METADATA,
    # A call's name is a secret: whoever reads this table must not be able to speak in its dialogue.
    Column("call_hash", String(64), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("until", Double, nullable=False),
)


class SqlCalls(SqlTables):
    """Keeps who serves which call; `now` gives epoch seconds."""

    metadata = _METADATA

    def __init__(self, database: SqlDatabase, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def claim(self, call: str, holder: str) -> bool:
        """As `Calls`; of two that claim at once, one does not get it."""
        name, now = hashed(call), self._now()
        is_free = or_(_CALLS.c.holder == holder, _CALLS.c.until <= now)
        row = {"call_hash": name, "holder": holder, "until": now + CLAIM_SECONDS}

        async def claim(connection: AsyncConnection) -> bool:
            await connection.execute(delete(_CALLS).where(and_(_CALLS.c.call_hash == name, is_free)))
            try:
                async with connection.begin_nested():
                    await connection.execute(insert(_CALLS).values(**row))
            except IntegrityError:
                return False
            return True

        return await self._database.write(claim)

    async def release(self, call: str, holder: str) -> None:
        """As `Calls`."""
        own = delete(_CALLS).where(and_(_CALLS.c.call_hash == hashed(call), _CALLS.c.holder == holder))
        await self._database.write(lambda connection: connection.execute(own))

    async def purge(self) -> None:
        """Delete the claims of gateways that have gone."""
        is_over = _CALLS.c.until <= self._now()
        await self._database.write(lambda connection: connection.execute(delete(_CALLS).where(is_over)))
