"""Receipts of acts at our own X-Road services, by idempotency key: the same act has the same, and is done once."""

import secrets
import time
from collections.abc import Callable

from sqlalchemy import Column, Double, MetaData, String, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.record.provider import CallRefused
from assistant.database import SqlDatabase, SqlTables

_METADATA = MetaData()
_RECEIPTS = Table(
    "own_receipts",
    _METADATA,
    Column("key", String, primary_key=True),
    Column("subject", String, nullable=False),
    Column("receipt", String, nullable=False),
    Column("at", Double, nullable=False),
)
_DAY_SECONDS = 86400


class Receipts(SqlTables):
    """Keeps receipts; all methods raise `ServiceUnavailable` if the database fails."""

    metadata = _METADATA

    def __init__(self, database: SqlDatabase, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def note(self, subject: str, key: str) -> str:
        """The receipt of this person's act.

        Raises:
            CallRefused: the key belongs to an act of somebody else.
        """

        async def note(connection: AsyncConnection) -> str:
            theirs = select(_RECEIPTS).where(_RECEIPTS.c.key == key)
            if known := (await connection.execute(theirs.with_for_update())).one_or_none():
                if known.subject != subject:
                    raise CallRefused(422, "key_reused", "the Idempotency-Key was used for something else")
                return str(known.receipt)
            receipt = f"KR-{secrets.randbelow(10**8):08d}"
            await connection.execute(
                insert(_RECEIPTS).values(key=key, subject=subject, receipt=receipt, at=self._now())
            )
            return receipt

        return await self._database.write(note)

    async def find(self, subject: str, key: str) -> str | None:
        """The receipt of the act that this person did with this key."""
        theirs = select(_RECEIPTS.c.receipt).where(_RECEIPTS.c.key == key, _RECEIPTS.c.subject == subject)
        async with self._database.transaction() as connection:
            found: str | None = (await connection.execute(theirs)).scalar_one_or_none()
            return found

    async def tell(self, subject: str, key: str) -> dict[str, str]:
        """The same, as our services answer it.

        Raises:
            CallRefused: nothing was done with this key.
        """
        receipt = await self.find(subject, key)
        if receipt is None:
            raise CallRefused(404, "unknown_key", "nothing was done with this Idempotency-Key")
        return {"receiptNumber": receipt}

    async def forget(self, days: float) -> None:
        """Delete the receipts that are so many days old."""
        is_old = _RECEIPTS.c.at <= self._now() - days * _DAY_SECONDS
        await self._database.write(lambda connection: connection.execute(delete(_RECEIPTS).where(is_old)))
