"""Notices to the citizen's mailbox: kept, together with what they tell of, until the mailbox has them."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.writing.confirmed_write import WriteResult
from actions.writing.tables import METADATA, NOTICES
from assistant.database import SqlDatabase, SqlTables

_DAY_SECONDS = 86400


class NoticeState(StrEnum):
    """Where a notice stands."""

    WAITING = "waiting"
    SENDING = "sending"
    """The mailbox may have it: it is asked before anything is sent again."""
    SENT = "sent"
    FAILED = "failed"


_OPEN = (NoticeState.WAITING, NoticeState.SENDING)
_CLOSED = (NoticeState.SENT, NoticeState.FAILED)


@dataclass(frozen=True)
class Notice:
    """What the mailbox shows, by language; `reference` is the receipt number, where it is about an act."""

    title: Mapping[str, str]
    text: Mapping[str, str]
    reference: str | None = None


@dataclass(frozen=True)
class WaitingNotice:
    """A notice that the mailbox does not have yet, or may not have."""

    key: str
    subject: str
    body: Mapping[str, object]
    state: NoticeState
    created: float


async def add_notice(connection: AsyncConnection, result: WriteResult, notice: Notice, now: float) -> None:
    """Keep a notice within the transaction that settles its write; the same twice is one."""
    await _add(connection, f"{result.state}/{result.key}", result.subject, notice, now)


async def _add(connection: AsyncConnection, about: str, subject: str, notice: Notice, now: float) -> None:
    key = hashlib.sha256(f"notice/{about}".encode("ascii")).hexdigest()
    if (await connection.execute(select(NOTICES.c.key).where(NOTICES.c.key == key))).one_or_none():
        return
    body = {"title": dict(notice.title), "text": dict(notice.text), "reference": notice.reference}
    row = {"key": key, "subject": subject, "body": json.dumps(body), "state": NoticeState.WAITING}
    await connection.execute(insert(NOTICES).values(**row, tries=0, next_try=now, created=now, updated=now))


class Outbox(SqlTables):
    """The table of notices; every method raises `ServiceUnavailable` if the database does not do its part."""

    metadata = METADATA

    def __init__(self, database: SqlDatabase, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def add(self, about: str, subject: str, notice: Notice) -> None:
        """Keep a notice to this person; `about` says what of, and two of the same are one."""
        await self._database.write(lambda connection: _add(connection, about, subject, notice, self._now()))

    async def claim_due(self, limit: int, next_try: Callable[[int], float]) -> tuple[WaitingNotice, ...]:
        """Notices whose time has come, noted as being sent, as they were before.

        Their time is put off to `next_try(tries)` at once: another process does not send the same.
        """
        is_due = NOTICES.c.state.in_(_OPEN) & (NOTICES.c.next_try <= self._now())
        due = select(NOTICES).where(is_due).order_by(NOTICES.c.next_try).limit(limit)

        async def claim(connection: AsyncConnection) -> tuple[WaitingNotice, ...]:
            rows = (await connection.execute(due.with_for_update(skip_locked=True))).all()
            for row in rows:
                claimed = {"state": NoticeState.SENDING, "tries": row.tries + 1, "next_try": next_try(row.tries)}
                await connection.execute(update(NOTICES).where(NOTICES.c.key == row.key).values(**claimed))
            return tuple(map(_waiting_notice, rows))

        return await self._database.write(claim)

    async def change(self, key: str, state: NoticeState) -> None:
        """Note where a notice stands now."""
        change = update(NOTICES).where(NOTICES.c.key == key).values(state=state, updated=self._now())
        await self._database.write(lambda connection: connection.execute(change))

    async def of(self, subject: str) -> tuple[WaitingNotice, ...]:
        """Every notice to this person that is kept, oldest first."""
        theirs = select(NOTICES).where(NOTICES.c.subject == subject).order_by(NOTICES.c.created)
        async with self._database.transaction() as connection:
            return tuple(map(_waiting_notice, await connection.execute(theirs)))

    async def forget_person(self, subject: str) -> int:
        """Delete the notices to this person that are not on their way any more: how many they were."""
        closed = (NOTICES.c.subject == subject) & NOTICES.c.state.in_(_CLOSED)
        done = await self._database.write(lambda connection: connection.execute(delete(NOTICES).where(closed)))
        return int(done.rowcount)

    async def forget(self, days: float) -> None:
        """Delete what was sent, or could not be sent, that many days ago."""
        is_old = NOTICES.c.state.in_(_CLOSED) & (NOTICES.c.updated <= self._now() - days * _DAY_SECONDS)
        await self._database.write(lambda connection: connection.execute(delete(NOTICES).where(is_old)))


def _waiting_notice(row: Row[Any]) -> WaitingNotice:
    return WaitingNotice(row.key, row.subject, json.loads(row.body), NoticeState(row.state), row.created)
