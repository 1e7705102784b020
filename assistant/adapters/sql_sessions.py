"""Sessions in an SQL database: SQLite on a laptop, PostgreSQL by its address."""

import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Double,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    and_,
    case,
    delete,
    insert,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.adapters.sealed_people import NOBODY, SealedPeople, drop_tables, person_columns
from assistant.core.errors import UnknownConversation, WrongCode
from assistant.core.identity import Assurance
from assistant.core.ports import Kept, Session
from assistant.core.secret_ids import hashed, new_secret_id
from assistant.database import SqlDatabase, SqlTables

TOUCH_SECONDS = 10.0
"""A session in use is written down as alive at most this often."""

_METADATA = MetaData()
_SESSIONS = Table(
    "citizen_sessions",
    _METADATA,
    # The id itself is a secret: whoever reads this table must not be able to speak as the citizen.
    Column("conversation_hash", String(64), primary_key=True),
    Column("dialogue_id", String(64), nullable=False, index=True),
    *person_columns(),
    Column("assurance", Integer, nullable=False),
    Column("last_seen", Double, nullable=False, index=True),
)
_ANONYMOUS = {**NOBODY, "assurance": Assurance.NONE.value}


class SqlSessions(SqlTables):
    """Keeps sessions until they have been idle for `idle_seconds`; `secret` seals who they are of.

    `now` gives epoch seconds.
    """

    metadata = _METADATA

    def __init__(self, url: str, idle_seconds: float, secret: str, now: Callable[[], float] = time.time) -> None:
        self._database = SqlDatabase(url, "KRATT_DATABASE")
        self._people = SealedPeople(secret)
        self._idle_seconds = idle_seconds
        self._touch_seconds = min(TOUCH_SECONDS, idle_seconds / 10)
        self._now = now

    async def open(self) -> None:
        """As any store's; what earlier versions kept is taken care of."""
        await super().open()
        await self._database.write(lambda connection: drop_tables(connection, "sessions"))

    async def close(self) -> None:
        """Give the connections back."""
        await self._database.close()

    async def start(self) -> Session:
        """A new anonymous session."""
        conversation_id = new_secret_id()
        row = self._new_row(conversation_id)

        async def add(connection: AsyncConnection) -> Session:
            added = await connection.execute(insert(_SESSIONS).values(**row).returning(_SESSIONS))
            return self._session(conversation_id, added.one())

        return await self._database.write(add)

    async def find_or_start(self, conversation_id: str) -> Session:
        """The live session of an id, or a new anonymous one under it."""
        with contextlib.suppress(UnknownConversation):
            return await self.find(conversation_id)
        row = self._new_row(conversation_id)
        is_expired = and_(_SESSIONS.c.conversation_hash == hashed(conversation_id), self._is_idle)

        async def add(connection: AsyncConnection) -> None:
            await connection.execute(delete(_SESSIONS).where(is_expired))
            with contextlib.suppress(IntegrityError):  # another turn of the same sender was quicker
                async with connection.begin_nested():
                    await connection.execute(insert(_SESSIONS).values(**row))

        await self._database.write(add)
        return await self.find(conversation_id)

    async def find(self, conversation_id: str) -> Session:
        """The live session of an id.

        Raises:
            UnknownConversation: never issued, rotated away, ended or expired.
        """
        is_live = self._is_live(conversation_id)
        now = self._now()
        async with self._database.transaction() as connection:
            row = (await connection.execute(select(_SESSIONS).where(is_live))).one_or_none()
            if row is None:
                raise UnknownConversation
            if now - row.last_seen >= self._touch_seconds:
                await connection.execute(update(_SESSIONS).where(is_live).values(last_seen=now))
            return self._session(conversation_id, row)

    async def log_in(self, conversation_id: str, subject: str, given_name: str, assurance: Assurance) -> Session:
        """Bind a person to the session; an unfinished dialogue goes on, unless it was somebody else's.

        Raises:
            UnknownConversation: as `find`.
        """
        is_theirs = or_(_SESSIONS.c.person.is_(None), self._is_of(subject))
        return await self._rotate(
            conversation_id,
            dialogue_id=case((is_theirs, _SESSIONS.c.dialogue_id), else_=new_secret_id()),
            assurance=assurance.value,
            **self._people.columns(subject, given_name),
        )

    async def log_out(self, conversation_id: str) -> Session:
        """A new anonymous session in place of the old one, with a new dialogue.

        Raises:
            UnknownConversation: as `find`.
        """
        return await self._rotate(conversation_id, dialogue_id=new_secret_id(), **_ANONYMOUS)

    async def purge(self) -> None:
        """Delete the sessions that have expired."""
        await self._database.write(lambda connection: connection.execute(delete(_SESSIONS).where(self._is_idle)))

    async def kept_of(self, subject: str) -> Kept:
        """This person's sessions, the expired ones too that were not deleted yet."""
        theirs = select(_SESSIONS).where(self._is_of(subject)).order_by(_SESSIONS.c.last_seen)
        async with self._database.transaction() as connection:
            return [
                {
                    "given_name": self._people.of(row)[1],
                    "assurance": Assurance(row.assurance).name.lower(),
                    "last_seen": datetime.fromtimestamp(row.last_seen, UTC).isoformat(timespec="seconds"),
                }
                for row in await connection.execute(theirs)
            ]

    async def forget(self, subject: str) -> int:
        """Log this person out everywhere, without a trace; how many sessions there were."""
        theirs = delete(_SESSIONS).where(self._is_of(subject))
        return int((await self._database.write(lambda connection: connection.execute(theirs))).rowcount)

    async def go_on_with(self, conversation_id: str, dialogue_id: str) -> Session:
        """Go on with a dialogue that was begun elsewhere.

        Raises:
            UnknownConversation: as `find`.
        """
        return await self._rotate(conversation_id, dialogue_id=dialogue_id)

    async def owner_of_dialogue(self, dialogue_id: str) -> str | None:
        """Whose the dialogue of a live session is; None if nobody's.

        Raises:
            WrongCode: no live session is in it.
        """
        query = select(_SESSIONS).where(self._is_in(dialogue_id))
        async with self._database.transaction() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise WrongCode
        return self._people.of(row)[0]

    async def leave_dialogue(self, dialogue_id: str) -> None:
        """Let the session that is in this dialogue begin a new one.

        Raises:
            WrongCode: no live session is in it.
        """
        leave = update(_SESSIONS).where(self._is_in(dialogue_id)).values(dialogue_id=new_secret_id())
        if not (await self._database.write(lambda connection: connection.execute(leave))).rowcount:
            raise WrongCode

    async def check(self) -> None:
        """Raise `ServiceUnavailable` unless the store answers."""
        async with self._database.transaction() as connection:
            await connection.execute(select(_SESSIONS.c.last_seen).limit(1))

    async def _rotate(self, conversation_id: str, **changes: object) -> Session:
        # One statement: of two that rotate the same id at once, one finds nothing.
        fresh_id = new_secret_id()
        change = (
            update(_SESSIONS)
            .where(self._is_live(conversation_id))
            .values(conversation_hash=hashed(fresh_id), last_seen=self._now(), **changes)
            .returning(_SESSIONS)
        )

        async def rotate(connection: AsyncConnection) -> Row[Any] | None:
            changed: Row[Any] | None = (await connection.execute(change)).one_or_none()
            return changed

        row = await self._database.write(rotate)
        if row is None:
            raise UnknownConversation
        return self._session(fresh_id, row)

    def _new_row(self, conversation_id: str) -> dict[str, object]:
        ids = {"conversation_hash": hashed(conversation_id), "dialogue_id": new_secret_id()}
        return {**_ANONYMOUS, **ids, "last_seen": self._now()}

    def _session(self, conversation_id: str, row: Row[Any]) -> Session:
        subject, given_name = self._people.of(row)
        assurance = Assurance(row.assurance) if subject else Assurance.NONE
        return Session(conversation_id, row.dialogue_id, subject, given_name, assurance)

    def _is_of(self, subject: str) -> ColumnElement[bool]:
        return _SESSIONS.c.person == self._people.pseudonym(subject)

    def _is_in(self, dialogue_id: str) -> ColumnElement[bool]:
        return and_(_SESSIONS.c.dialogue_id == dialogue_id, not_(self._is_idle))

    @property
    def _is_idle(self) -> ColumnElement[bool]:
        return _SESSIONS.c.last_seen <= self._now() - self._idle_seconds

    def _is_live(self, conversation_id: str) -> ColumnElement[bool]:
        return and_(_SESSIONS.c.conversation_hash == hashed(conversation_id), not_(self._is_idle))
