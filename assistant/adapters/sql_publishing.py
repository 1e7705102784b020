"""What is published, in the gateway's SQL database: wishes and their ends, the trial of now, figures of models."""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    Column,
    Double,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.adapters.late_counts import LateCounts
from assistant.core.publishing import Act, Figures, Publication, State, Trial, Wish
from assistant.database import SqlDatabase, SqlTables

_METADATA = MetaData()
_PUBLICATIONS = Table(
    "publications",
    _METADATA,
    Column("number", Integer, primary_key=True),
    Column("act", String(16), nullable=False),
    Column("version", String(64), nullable=False),
    Column("share", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("due", Double, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("detail", Text, nullable=False),
    Column("asked", Double, nullable=False),
    Column("changed", Double, nullable=False),
)
_TRIAL = Table(
    "model_trial",
    _METADATA,
    Column("number", Integer, primary_key=True),  # there is one row at most
    Column("version", String(64), nullable=False),
    Column("share", Integer, nullable=False),
    Column("since", Double, nullable=False),
)
_FIGURES = Table(
    "model_figures",
    _METADATA,
    Column("model", String(64), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("number", Integer, nullable=False),
)
_FIGURES_BEFORE = Table(
    "model_figures_before_trial",
    _METADATA,
    Column("model", String(64), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("number", Integer, nullable=False),
)


class SqlPublishing(SqlTables):
    """Keeps wishes for ever, and at most one trial; `now` gives epoch seconds."""

    metadata = _METADATA

    def __init__(self, database: SqlDatabase, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def ask(self, wish: Wish) -> Publication:
        """Keep a wish, for the publisher to see to."""
        now = self._now()
        row = {
            "act": wish.act.value,
            "version": wish.version,
            "share": wish.share,
            "by": wish.by,
            "why": wish.why,
            "due": wish.due_epoch_seconds,
            "state": State.WAITING.value,
            "detail": "",
            "asked": now,
            "changed": now,
        }
        query = insert(_PUBLICATIONS).values(**row).returning(_PUBLICATIONS.c.number)
        number = await self._database.write(lambda connection: _scalar(connection, query))
        return Publication(int(number), wish, State.WAITING, "", now, now)

    async def publication(self, number: int) -> Publication | None:
        """A wish and what has come of it so far."""
        found = await self._select(select(_PUBLICATIONS).where(_PUBLICATIONS.c.number == number))
        return _publication(found[0]) if found else None

    async def publications(self, most: int = 100) -> tuple[Publication, ...]:
        """The latest wishes, the last one first."""
        rows = await self._select(select(_PUBLICATIONS).order_by(_PUBLICATIONS.c.number.desc()).limit(most))
        return tuple(map(_publication, rows))

    async def cancel(self, number: int, detail: str) -> bool:
        """Let a wish go that still waits; whether it did."""
        return await self._move(number, State.WAITING, State.CANCELLED, detail)

    async def take_due(self) -> Publication | None:
        """The wish that has waited longest of those that are due; it is under way from now on."""
        is_due = (_PUBLICATIONS.c.state == State.WAITING.value) & (_PUBLICATIONS.c.due <= self._now())
        order = (_PUBLICATIONS.c.due, _PUBLICATIONS.c.number)
        rows = await self._select(select(_PUBLICATIONS).where(is_due).order_by(*order).limit(1))
        if not rows or not await self._move(rows[0].number, State.WAITING, State.UNDER_WAY, ""):
            return None
        return _publication(rows[0])

    async def under_way(self) -> tuple[Publication, ...]:
        """Those that somebody has begun with."""
        is_begun = _PUBLICATIONS.c.state == State.UNDER_WAY.value
        return tuple(map(_publication, await self._select(select(_PUBLICATIONS).where(is_begun))))

    async def tell(self, number: int, state: State, detail: str) -> None:
        """Say how far a wish is that is under way."""
        await self._move(number, State.UNDER_WAY, state, detail)

    async def finish(self, number: int, detail: str) -> None:
        """Say that a wish was seen to, without a publisher."""
        await self._move(number, State.WAITING, State.DONE, detail)

    async def trial(self) -> Trial | None:
        """The trial of now, if there is one."""
        rows = await self._select(select(_TRIAL))
        return Trial(rows[0].version, rows[0].share, rows[0].since) if rows else None

    async def set_trial(self, version: str, share: int) -> Trial:
        """Try a model from now on, instead of what was tried before; figures of the trial begin now, too."""
        trial = Trial(version, share, self._now())

        async def change(connection: AsyncConnection) -> None:
            await connection.execute(delete(_TRIAL))
            row = {"number": 1, "version": version, "share": share, "since": trial.since_epoch_seconds}
            await connection.execute(insert(_TRIAL).values(**row))
            await connection.execute(delete(_FIGURES_BEFORE))
            await connection.execute(insert(_FIGURES_BEFORE).from_select(_FIGURES.c.keys(), select(_FIGURES)))

        await self._database.write(change)
        return trial

    async def end_trial(self) -> None:
        """Try nothing from now on."""
        await self._database.write(lambda connection: connection.execute(delete(_TRIAL)))

    async def figures(self) -> dict[str, Figures]:
        """What came of each model, by the engine's id of it."""
        return _figures(await self._select(select(_FIGURES)))

    async def trial_figures(self) -> dict[str, Figures]:
        """The same since the trial of now began, or its share was changed."""
        is_same = (_FIGURES.c.model == _FIGURES_BEFORE.c.model) & (_FIGURES.c.name == _FIGURES_BEFORE.c.name)
        since = (_FIGURES.c.number - func.coalesce(_FIGURES_BEFORE.c.number, 0)).label("number")
        query = select(_FIGURES.c.model, _FIGURES.c.name, since).outerjoin(_FIGURES_BEFORE, is_same)
        return _figures(await self._select(query))

    async def purge(self) -> None:
        """Nothing: who published what is never forgotten."""

    async def _select(self, query: Any) -> list[Row[Any]]:
        async with self._database.transaction() as connection:
            return list(await connection.execute(query))

    async def _move(self, number: int, before: State, state: State, detail: str) -> bool:
        is_it = (_PUBLICATIONS.c.number == number) & (_PUBLICATIONS.c.state == before.value)
        values = {"state": state.value, "detail": detail, "changed": self._now()}
        query = update(_PUBLICATIONS).where(is_it).values(**values)
        done = await self._database.write(lambda connection: connection.execute(query))
        return bool(done.rowcount)


class SqlModelFigures:
    """Counts what comes of each model."""

    def __init__(self, database: SqlDatabase) -> None:
        self._counts = LateCounts(database, _FIGURES)

    def count(self, model: str, *what: str) -> None:
        """One more of each of these."""
        self._counts.add((model, name) for name in what)

    async def close(self) -> None:
        """Write what is left."""
        await self._counts.close()


def _figures(rows: list[Row[Any]]) -> dict[str, Figures]:
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row.model, {})[row.name] = row.number
    return {model: Figures(some) for model, some in counts.items()}


async def _scalar(connection: AsyncConnection, query: Any) -> Any:
    return (await connection.execute(query)).scalar_one()


def _publication(row: Row[Any]) -> Publication:
    wish = Wish(Act(row.act), row.by, row.why, row.version, row.share, row.due)
    return Publication(row.number, wish, State(row.state), row.detail, row.asked, row.changed)
