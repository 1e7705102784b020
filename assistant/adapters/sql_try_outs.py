"""What is tried, as one row in the gateway's SQL database."""

import time
from collections.abc import Callable

from sqlalchemy import Column, Double, Integer, MetaData, String, Table, Text, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.core.try_outs import Stage, Subject, TryOut
from assistant.database import SqlDatabase, SqlTables

_METADATA = MetaData()
_TRY_OUT = Table(
    "try_out",
    _METADATA,
    Column("number", Integer, primary_key=True),  # there is one row at most
    Column("draft", String(64), nullable=False),
    Column("head", String(64), nullable=False),
    Column("version", String(64), nullable=False),
    Column("by", Text, nullable=False),
    Column("stage", String(16), nullable=False),
    Column("detail", Text, nullable=False),
    Column("used", Double, nullable=False),
)


class SqlTryOuts(SqlTables):
    """`TryOuts` over SQL; `now` gives epoch seconds."""

    metadata = _METADATA

    def __init__(self, database: SqlDatabase, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def now(self) -> TryOut | None:
        """The latest; None if nothing was ever tried."""
        async with self._database.transaction() as connection:
            row = (await connection.execute(select(_TRY_OUT))).first()
        if row is None:
            return None
        subject = Subject(row.draft, row.head, row.version, row.by)
        return TryOut(row.number, subject, Stage(row.stage), row.detail, row.used)

    async def want(self, subject: Subject) -> int:
        """Have this tried instead of what is; its number."""

        async def change(connection: AsyncConnection) -> int:
            last = (await connection.execute(select(_TRY_OUT.c.number))).scalar() or 0
            await connection.execute(delete(_TRY_OUT))
            row = {"number": last + 1, **vars(subject), "stage": Stage.WANTED.value, "detail": "", "used": self._now()}
            await connection.execute(insert(_TRY_OUT).values(**row))
            return last + 1

        return await self._database.write(change)

    async def use(self, number: int) -> None:
        """Note that somebody talks to it."""
        await self._change(number, {Stage.READY}, used=self._now())

    async def leave(self, number: int) -> None:
        """Have it ended."""
        await self._change(number, {Stage.READY}, stage=Stage.LEAVING.value)

    async def tell(self, number: int, stage: Stage, detail: str = "") -> None:
        """Say how far it is; nothing, if another one is wanted by now."""
        await self._change(number, set(Stage), stage=stage.value, detail=detail, used=self._now())

    async def purge(self) -> None:
        """Nothing: it is one row."""

    async def _change(self, number: int, stages: set[Stage], **values: object) -> None:
        is_it = (_TRY_OUT.c.number == number) & _TRY_OUT.c.stage.in_([each.value for each in stages])
        query = update(_TRY_OUT).where(is_it).values(**values)
        await self._database.write(lambda connection: connection.execute(query))
