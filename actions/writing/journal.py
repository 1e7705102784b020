"""Every write, written down before it is sent."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.writing.confirmed_write import ConfirmedWrite, Receipt, WriteResult, WriteState
from actions.writing.notices import Notice, add_notice
from actions.writing.tables import METADATA, WRITES
from actions.xroad.identifiers import EncodedPath, ServiceId
from actions.xroad.question import Question
from assistant.database import SqlDatabase, SqlTables

STALE_SECONDS = 60.0
"""Nobody waits that long for an answer: a write still `sending` belongs to a process that ended."""

_LONGEST_UNTOLD_DAYS = 365
_DAY_SECONDS = 86400
_MAY_BE_SENT = (WriteState.UNSENT, WriteState.REFUSED)
_SETTLED = (WriteState.DONE, WriteState.REFUSED, WriteState.GIVEN_UP)


@dataclass(frozen=True)
class Entry:
    """A write as the journal knows it."""

    result: WriteResult
    status: Question
    kept: tuple[str, ...]
    created: float
    tries: int


class WriteJournal(SqlTables):
    """The table of writes; `compose` makes the notice for the mailbox of one that is settled, if it wants one.

    Every method raises `ServiceUnavailable` if the database does not do its part: what cannot be written down must not
    be sent.
    """

    metadata = METADATA

    def __init__(
        self,
        database: SqlDatabase,
        compose: Callable[[WriteResult], Notice | None],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._compose = compose
        self._now = now

    async def begin(self, write: ConfirmedWrite) -> Entry | None:
        """Note that the write is being sent; if it may not be sent (again), what is known of it instead.

        It may be sent again only if nothing left this house or the register refused: then nothing was done.
        """

        async def insert_or_find(connection: AsyncConnection) -> Entry | None:
            found = (await connection.execute(_by_key(write.key).with_for_update())).one_or_none()
            if found and found.state not in _MAY_BE_SENT:
                return _entry(found)
            row = _columns(write) | {"created": self._now(), "updated": self._now()}
            change = update(WRITES).where(WRITES.c.key == write.key) if found else insert(WRITES)
            await connection.execute(change.values(**row))
            return None

        return await self._database.write(insert_or_find)

    async def not_sent(self, key: str) -> None:
        """Nothing left this house."""
        await self._database.write(partial(self._change, key, {"state": WriteState.UNSENT}))

    async def unknown(self, key: str, next_try: float, message_id: str | None = None) -> None:
        """It may or may not have been done; ask from `next_try` (epoch seconds) on."""
        sent = {"message_id": message_id} if message_id else {}
        changes = {"state": WriteState.UNKNOWN, "next_try": next_try, **sent}
        await self._database.write(partial(self._change, key, changes))

    async def settle(self, result: WriteResult, receipt: Receipt | None = None) -> None:
        """Note how it ended, and with it the notice for the mailbox; what is done stays done.

        The citizen does not know yet: see `mark_told`.
        """
        sent = {"message_id": receipt.message_id, "request_hash": receipt.request_hash} if receipt else {}
        ended = {"state": result.state, "answer": json.dumps(dict(result.answer)), "problem": result.problem}

        async def end(connection: AsyncConnection) -> None:
            is_changed = await self._change(result.key, {**ended, **sent}, connection)
            if is_changed and (notice := self._compose(result)):
                await add_notice(connection, result, notice, self._now())

        await self._database.write(end)

    async def claim_due(self, limit: int, next_try: Callable[[int], float]) -> tuple[Entry, ...]:
        """Unknown writes whose time has come, those of processes that ended among them.

        Their time is put off to `next_try(tries)` at once: another process does not ask the same.
        """
        now = self._now()
        is_stale = (WRITES.c.state == WriteState.SENDING) & (WRITES.c.updated <= now - STALE_SECONDS)
        is_due = (WRITES.c.state == WriteState.UNKNOWN) & (WRITES.c.next_try <= now)
        due = select(WRITES).where(or_(is_stale, is_due)).order_by(WRITES.c.updated).limit(limit)

        async def claim(connection: AsyncConnection) -> tuple[Entry, ...]:
            rows = (await connection.execute(due.with_for_update(skip_locked=True))).all()
            for row in rows:
                claimed = {"state": WriteState.UNKNOWN, "tries": row.tries + 1, "next_try": next_try(row.tries)}
                await connection.execute(update(WRITES).where(WRITES.c.key == row.key).values(**claimed))
            return tuple(map(_entry, rows))

        return await self._database.write(claim)

    async def untold(self, subject: str) -> tuple[WriteResult, ...]:
        """What ended after the citizen was told that it is not known yet, oldest first."""
        is_untold = WRITES.c.state.in_(_SETTLED) & WRITES.c.told_at.is_(None)
        theirs = select(WRITES).where(WRITES.c.subject == subject, is_untold).order_by(WRITES.c.created)
        async with self._database.transaction() as connection:
            return tuple(_entry(row).result for row in await connection.execute(theirs))

    async def mark_told(self, keys: Sequence[str]) -> None:
        """The citizen knows now."""
        if not keys:
            return
        tell = update(WRITES).where(WRITES.c.key.in_(keys)).values(told_at=self._now())
        await self._database.write(lambda connection: connection.execute(tell))

    async def forget(self, days: float) -> None:
        """Delete what the citizen was told that many days ago, or could not be told for a year."""
        now = self._now()
        is_old = WRITES.c.told_at <= now - days * _DAY_SECONDS
        is_in_vain = WRITES.c.state.in_((*_SETTLED, WriteState.UNSENT)) & (
            WRITES.c.updated <= now - _LONGEST_UNTOLD_DAYS * _DAY_SECONDS
        )
        await self._database.write(lambda connection: connection.execute(delete(WRITES).where(or_(is_old, is_in_vain))))

    async def of(self, subject: str) -> tuple[Entry, ...]:
        """Every write of this person that is kept, oldest first."""
        theirs = select(WRITES).where(WRITES.c.subject == subject).order_by(WRITES.c.created)
        async with self._database.transaction() as connection:
            return tuple(map(_entry, await connection.execute(theirs)))

    async def forget_person(self, subject: str) -> int:
        """Delete this person's writes, except those whose outcome is not known: how many they were."""
        ended = (WRITES.c.subject == subject) & WRITES.c.state.in_((*_SETTLED, WriteState.UNSENT))
        done = await self._database.write(lambda connection: connection.execute(delete(WRITES).where(ended)))
        return int(done.rowcount)

    async def _change(self, key: str, changes: Mapping[str, object], connection: AsyncConnection) -> bool:
        is_open: ColumnElement[bool] = (WRITES.c.key == key) & (WRITES.c.state != WriteState.DONE)
        changed = await connection.execute(update(WRITES).where(is_open).values(**changes, updated=self._now()))
        return changed.rowcount > 0


def _by_key(key: str) -> Any:
    return select(WRITES).where(WRITES.c.key == key)


def _columns(write: ConfirmedWrite) -> dict[str, object]:
    return {
        "key": write.key,
        "subject": write.subject,
        "service": write.service,
        "write_id": write.write_id,
        "register": "/".join(write.register.parts),
        "path": write.path,
        "status_path": write.status_path,
        "represented_party": write.represented_party,
        "language": write.language,
        "kept": json.dumps(write.kept),
        "state": WriteState.SENDING,
        "problem": None,
        "tries": 0,
        "told_at": None,
    }


def _entry(row: Row[Any]) -> Entry:
    result = WriteResult(
        row.key,
        row.subject,
        row.service,
        row.write_id,
        row.language,
        WriteState(row.state),
        json.loads(row.answer),
        row.problem,
    )
    register, path = ServiceId.parse(row.register), EncodedPath(row.status_path)
    party = row.represented_party
    status = Question(register, path, subject=row.subject, issue=row.key, represented_party=party)
    return Entry(result, status, tuple(json.loads(row.kept)), row.created, row.tries)
