"""Dialogues on their way to another screen, in the gateway's SQL database."""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Double, MetaData, Row, String, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.core.devices import HAND_OVER_SECONDS, HandOver
from assistant.core.errors import WrongCode
from assistant.core.secret_ids import as_issued, hashed, new_secret_id, new_typed_id
from assistant.database import SqlDatabase, SqlTables

_METADATA = MetaData()
_HAND_OVERS = Table(
    "hand_overs",
    _METADATA,
    # One at a time: a new one replaces the one before. A page, which is no device, has its dialogue's id here, too.
    Column("device_id", String(64), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("dialogue_id", String(64), nullable=False),
    Column("until", Double, nullable=False),
)


class SqlHandOvers(SqlTables):
    """Keeps hand-overs for two minutes; `now` gives epoch seconds."""

    metadata = _METADATA

    def __init__(self, database: SqlDatabase, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def offer(self, hand_over: HandOver) -> str:
        """A token for the dialogue; the one before is dead. A page's is short, so that it can be typed."""
        token = new_secret_id() if hand_over.device_id else new_typed_id()
        row = {"token_hash": hashed(token), "until": self._now() + HAND_OVER_SECONDS}
        offered_by = hand_over.device_id or hand_over.dialogue_id
        is_own = _HAND_OVERS.c.device_id == offered_by

        async def offer(connection: AsyncConnection) -> None:
            await connection.execute(delete(_HAND_OVERS).where(is_own))
            own = {"device_id": offered_by, "dialogue_id": hand_over.dialogue_id}
            await connection.execute(insert(_HAND_OVERS).values(**row, **own))

        await self._database.write(offer)
        return token

    async def find(self, token: str) -> HandOver:
        """What a token is for; it lives on.

        Raises:
            WrongCode: there is no such token, or not any more.
        """
        query = select(_HAND_OVERS).where(_HAND_OVERS.c.token_hash == hashed(as_issued(token)))
        async with self._database.transaction() as connection:
            return self._live((await connection.execute(query)).one_or_none())

    async def take(self, token: str) -> HandOver:
        """The same, and the token is dead: of two who take it at once, one finds nothing.

        Raises:
            WrongCode: as `find`.
        """
        taken = delete(_HAND_OVERS).where(_HAND_OVERS.c.token_hash == hashed(as_issued(token))).returning(_HAND_OVERS)

        async def take(connection: AsyncConnection) -> Row[Any] | None:
            row: Row[Any] | None = (await connection.execute(taken)).one_or_none()
            return row

        return self._live(await self._database.write(take))

    async def purge(self) -> None:
        """Delete what is over."""
        is_over = _HAND_OVERS.c.until <= self._now()
        await self._database.write(lambda connection: connection.execute(delete(_HAND_OVERS).where(is_over)))

    def _live(self, row: Row[Any] | None) -> HandOver:
        if row is None or row.until <= self._now():
            raise WrongCode
        return HandOver(None if row.device_id == row.dialogue_id else row.device_id, row.dialogue_id)
