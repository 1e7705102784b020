"""Who asked for whose data, and why: written before the data is read."""

import hashlib
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.record import chain
from actions.record.chain import Head, link
from actions.record.tables import ACCESSES, HEAD, METADATA
from assistant.core.errors import ServiceUnavailable
from assistant.core.identity import Assurance
from assistant.database import SqlDatabase, SqlTables


@dataclass(frozen=True)
class Access:
    """One act on one person's data.

    `subject` is whose data it is and `user` who asked; `purpose` names our service, whose service.yml says why;
    `service` is the X-Road service that is called; `fields` are names, never values. `confirmation_id` is the key of
    the citizen's confirmation when something is written.
    """

    subject: str
    user: str
    purpose: str
    service: str
    fields: tuple[str, ...]
    assurance: Assurance
    dialogue_id: str
    channel: str
    confirmation_id: str | None = None


@dataclass(frozen=True)
class Usage:
    """One act, as it is told to the person whose data it was."""

    id: str
    at: str
    purpose: str
    service: str
    fields: tuple[str, ...]
    user: str
    channel: str


@dataclass(frozen=True)
class Usages:
    """A page of acts, newest first, of `total`."""

    total: int
    page: tuple[Usage, ...]


class AccessRecord(SqlTables):
    """An append-only, hash-chained table; `now` gives an aware time.

    Every method raises `ServiceUnavailable` if the database does not do its part: what cannot be recorded must not be
    read.
    """

    metadata = METADATA

    def __init__(self, database: SqlDatabase, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._now = now

    async def open(self) -> None:
        """As any store's, with the head of the chain."""
        await super().open()
        await self._database.write(_make_head)

    async def write(self, accesses: Sequence[Access]) -> tuple[str, ...]:
        """Append all or none; the ids, in the same order, go to the registers as `X-Road-Issue`."""
        if not accesses:
            return ()

        async def append(connection: AsyncConnection) -> tuple[str, ...]:
            rows = list(link(await _lock_head(connection), self._rows(accesses)))
            await connection.execute(insert(ACCESSES), rows)
            await connection.execute(update(HEAD).values(seq=rows[-1]["seq"], hash=rows[-1]["hash"]))
            return tuple(row["id"] for row in rows)

        return await self._database.write(append)

    async def of(
        self, subject: str, since: datetime | None = None, until: datetime | None = None, *, offset: int, limit: int
    ) -> Usages:
        """What was done with one person's data from `since` up to and including `until`, newest first."""
        theirs = [ACCESSES.c.subject == subject]
        theirs += [ACCESSES.c.at >= _timestamp(since)] if since else []
        theirs += [ACCESSES.c.at <= _timestamp(until)] if until else []
        newest_first = select(ACCESSES).where(*theirs).order_by(ACCESSES.c.at.desc(), ACCESSES.c.seq.desc())
        async with self._database.transaction() as connection:
            total = (await connection.execute(select(func.count()).select_from(ACCESSES).where(*theirs))).scalar_one()
            found = await connection.execute(newest_first.offset(offset).limit(limit))
            return Usages(total, tuple(map(_usage, found)))

    async def start(self) -> str | None:
        """The time of the first row; None while there is none."""
        first = select(ACCESSES.c.at).where(ACCESSES.c.seq == 1)
        async with self._database.transaction() as connection:
            return (await connection.execute(first)).scalar_one_or_none()

    def _rows(self, accesses: Sequence[Access]) -> list[chain.Row]:
        at = _timestamp(self._now())
        return [{**_columns(access), "id": str(uuid.uuid4()), "at": at} for access in accesses]


async def _make_head(connection: AsyncConnection) -> None:
    if (await connection.execute(select(HEAD.c.seq))).one_or_none() is None:
        await connection.execute(insert(HEAD).values(one=1, seq=0, hash=chain.GENESIS))


async def _lock_head(connection: AsyncConnection) -> Head:
    found = (await connection.execute(select(HEAD.c.seq, HEAD.c.hash).with_for_update())).one_or_none()
    if found is None:
        raise ServiceUnavailable("the access record has no head: see docs/runbooks/is-the-access-record-whole.md")
    return Head(found.seq, found.hash)


def _columns(access: Access) -> chain.Row:
    return {
        "subject": access.subject,
        "user": access.user,
        "purpose": access.purpose,
        "service": access.service,
        "fields": json.dumps(access.fields),
        "assurance": access.assurance.name.lower(),
        # The dialogue's id opens the dialogue store: here a hash does, to tell which acts belong together.
        "dialogue_hash": hashlib.sha256(access.dialogue_id.encode()).hexdigest(),
        "channel": access.channel,
        "confirmation_id": access.confirmation_id,
    }


def _usage(row: Row[Any]) -> Usage:
    return Usage(row.id, row.at, row.purpose, row.service, tuple(json.loads(row.fields)), row.user, row.channel)


def _timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
