"""What the citizen does not want this assistant to read about them: asked before each read."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Column, Double, MetaData, Row, String, Table, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.xroad.identifiers import ClientId, ServiceId
from assistant.core.errors import ServiceRefused
from assistant.database import SqlDatabase, SqlTables

EVERYTHING = "all"

_METADATA = MetaData()
_RESTRICTIONS = Table(
    "restrictions",
    _METADATA,
    Column("subject", String, primary_key=True),
    Column("scope", String, primary_key=True),
    Column("since", Double, nullable=False),
)
_CHANGES = Table(
    "restriction_changes",
    _METADATA,
    Column("key", String, primary_key=True),
    Column("subject", String, nullable=False),
    Column("scope", String, nullable=False),
    Column("blocked", Boolean, nullable=False),
    Column("receipt", String, nullable=False),
)


@dataclass(frozen=True)
class Change:
    """One change of what is blocked, and the number under which it can be found."""

    subject: str
    scope: str
    blocked: bool
    receipt: str = ""

    def is_same_as(self, other: "Change") -> bool:
        """Whether both ask for the same, whatever their receipts."""
        return (self.subject, self.scope, self.blocked) == (other.subject, other.scope, other.blocked)


@dataclass(frozen=True)
class Restriction:
    """What is blocked, and since when, in epoch seconds."""

    scope: str
    since: float


class Restrictions(SqlTables):
    """Blocks by person and scope: `all`, an institution's code, or one X-Road service.

    `own` is this assistant's subsystem. Its own services are never blocked: the citizen must be able to see and to lift
    what is blocked. Every method raises `ServiceUnavailable` if the database does not do its part: what cannot be
    checked must not be read.
    """

    metadata = _METADATA

    def __init__(self, database: SqlDatabase, own: ClientId, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._own = own
        self._now = now

    async def blocks(self, subject: str, service: ServiceId) -> bool:
        """Whether the person has blocked what this service would read."""
        if service.parts[:-1] == self._own.parts:
            return False
        is_theirs = _RESTRICTIONS.c.subject == subject
        is_meant = _RESTRICTIONS.c.scope.in_((EVERYTHING, service.member_code, "/".join(service.parts)))
        async with self._database.transaction() as connection:
            found = await connection.execute(select(func.count()).select_from(_RESTRICTIONS).where(is_theirs, is_meant))
            return found.scalar_one() > 0

    async def of(self, subject: str) -> tuple[Restriction, ...]:
        """Everything that the person has blocked."""
        theirs = select(_RESTRICTIONS).where(_RESTRICTIONS.c.subject == subject).order_by(_RESTRICTIONS.c.since)
        async with self._database.transaction() as connection:
            return tuple(Restriction(row.scope, row.since) for row in await connection.execute(theirs))

    async def change(self, key: str, wanted: Change) -> Change:
        """Block or unblock, once per idempotency key; to unblock `all` lifts every block.

        Raises:
            ServiceRefused: the key was used for something else.
        """

        async def change(connection: AsyncConnection) -> Change:
            known = (await connection.execute(select(_CHANGES).where(_CHANGES.c.key == key))).one_or_none()
            return _check_same(wanted, _change(known)) if known else await self._change(connection, key, wanted)

        return await self._database.write(change)

    async def changed_by(self, subject: str, key: str) -> Change | None:
        """The change that this person made with this key."""
        theirs = select(_CHANGES).where(_CHANGES.c.key == key, _CHANGES.c.subject == subject)
        async with self._database.transaction() as connection:
            found = (await connection.execute(theirs)).one_or_none()
            return _change(found) if found else None

    async def _change(self, connection: AsyncConnection, key: str, wanted: Change) -> Change:
        theirs = _RESTRICTIONS.c.subject == wanted.subject
        is_all = wanted.scope == EVERYTHING and not wanted.blocked
        replaced = theirs if is_all else theirs & (_RESTRICTIONS.c.scope == wanted.scope)
        await connection.execute(delete(_RESTRICTIONS).where(replaced))
        if wanted.blocked:
            row = {"subject": wanted.subject, "scope": wanted.scope, "since": self._now()}
            await connection.execute(insert(_RESTRICTIONS).values(row))
        done = Change(wanted.subject, wanted.scope, wanted.blocked, _new_receipt())
        await connection.execute(insert(_CHANGES).values(key=key, **vars(done)))
        return done


def _check_same(wanted: Change, known: Change) -> Change:
    if not wanted.is_same_as(known):
        raise ServiceRefused("the idempotency key was used for something else")
    return known


def _change(row: Row[Any]) -> Change:
    return Change(row.subject, row.scope, row.blocked, row.receipt)


def _new_receipt() -> str:
    return f"KR-{secrets.randbelow(10**8):08d}"
