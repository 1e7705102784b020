"""Speakers in the gateway's SQL database."""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Double,
    Integer,
    MetaData,
    Row,
    RowMapping,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.adapters.sealed_people import NOBODY, SealedPeople, drop_tables, person_columns
from assistant.core.devices import (
    CODE_DIGITS,
    CODE_SECONDS,
    GUESSES_SECONDS,
    MOST_GUESSES,
    UNLOCKED_SECONDS,
    Change,
    Device,
)
from assistant.core.errors import Busy, NotAllowed, TooManyGuesses, UnknownDevice, WrongCode
from assistant.core.identity import Assurance
from assistant.core.ports import Kept, Session
from assistant.core.secret_ids import hashed, new_secret_id
from assistant.database import SqlDatabase, SqlTables

UNLINKED_SECONDS = 24 * 3600.0
"""A speaker that nobody links is forgotten when it was silent for so long."""
MOST_UNLINKED = 10_000

_METADATA = MetaData()
_DEVICES = Table(
    "speakers",
    _METADATA,
    Column("device_id", String(64), primary_key=True),
    # The token itself is a secret: whoever reads this table must not be able to speak as the speaker.
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("dialogue_id", String(64), nullable=False),
    Column("name", String(256), nullable=False),
    *person_columns(),
    Column("assurance", Integer, nullable=False),
    Column("may_speak", Boolean, nullable=False),
    Column("unlocked_at", Double),
    Column("last_turn", Double, nullable=False),
    Column("linked_at", Double),
    # As it is spoken in a room, a hash would hide it from nobody: it has a million values and lives for minutes.
    Column("code", String(16), unique=True),
    Column("code_until", Double),
)
_GUESSES = Table(
    "pairing_guesses",
    _METADATA,
    Column("person", String(64), primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("since", Double, nullable=False),
)
_NOBODYS = {
    **NOBODY,
    "name": "",
    "assurance": Assurance.NONE.value,
    "may_speak": False,
    "unlocked_at": None,
    "linked_at": None,
}

_EARLIER = "devices"

Record = Row[Any]


class SqlDevices(SqlTables):
    """Keeps speakers; an unlocked one locks itself after `idle_seconds` without a turn. `secret` seals whose they are.

    `now` gives epoch seconds.
    """

    metadata = _METADATA

    def __init__(
        self, database: SqlDatabase, idle_seconds: float, secret: str, now: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._people = SealedPeople(secret)
        self._idle_seconds = idle_seconds
        self._now = now

    async def open(self) -> None:
        """As any store's; what earlier versions kept is taken care of."""
        await super().open()
        await self._database.write(self._take_over)

    async def register(self) -> tuple[Device, str, str]:
        """A new speaker that is linked to nobody, its token, and a pairing code.

        Raises:
            Busy: too many speakers wait to be linked.
        """
        token, now = new_secret_id(), self._now()
        row = _NOBODYS | {"device_id": new_secret_id(), "token_hash": hashed(token), "dialogue_id": new_secret_id()}
        is_unlinked = _DEVICES.c.person.is_(None)

        async def add(connection: AsyncConnection) -> tuple[Record, str]:
            forgotten = and_(is_unlinked, _DEVICES.c.last_turn <= now - UNLINKED_SECONDS)
            await connection.execute(delete(_DEVICES).where(forgotten))
            count = await connection.scalar(select(func.count()).select_from(_DEVICES).where(is_unlinked))
            if (count or 0) >= MOST_UNLINKED:
                raise Busy("as many speakers as allowed wait to be linked")
            await connection.execute(insert(_DEVICES).values(**row, last_turn=now))
            code = await self._give_code(connection, _DEVICES.c.device_id == row["device_id"])
            return await _one(connection, _DEVICES.c.device_id == row["device_id"]), code

        added, code = await self._database.write(add)
        return self._device(added), token, code

    async def new_code(self, token: str) -> str:
        """Another pairing code; the one before is dead.

        Raises:
            UnknownDevice: no speaker has this token.
            NotAllowed: the speaker is linked; its citizen has to unlink it first.
        """
        is_it = _DEVICES.c.token_hash == hashed(token)

        async def give(connection: AsyncConnection) -> str:
            if self._people.of(await _one(connection, is_it))[0] is not None:
                raise NotAllowed("the speaker is linked: whose it is has to unlink it first")
            # One that was sealed with another secret of the operator's has nobody left who could unlink it.
            await connection.execute(update(_DEVICES).where(is_it).values(**_NOBODYS))
            return await self._give_code(connection, is_it)

        return await self._database.write(give)

    async def find(self, token: str) -> Device:
        """The speaker of a token, as it is; it is not kept awake by this.

        Raises:
            UnknownDevice: no speaker has this token.
        """
        async with self._database.transaction() as connection:
            return self._device(await _one(connection, _DEVICES.c.token_hash == hashed(token)))

    async def begin_turn(self, token: str, *, relock: bool = False) -> Device:
        """The same for a turn; locked if it was idle for too long, or if `relock` says that the speaker may be another.

        Raises:
            UnknownDevice: no speaker has this token.
        """
        is_it = _DEVICES.c.token_hash == hashed(token)

        async def begin(connection: AsyncConnection) -> Record:
            row = await _one(connection, is_it)
            is_over = row.unlocked_at is not None and (relock or not self._is_awake(row))
            ended = _locked() if is_over else {}
            await connection.execute(update(_DEVICES).where(is_it).values(last_turn=self._now(), **ended))
            return await _one(connection, is_it)

        return self._device(await self._database.write(begin))

    async def lock(self, device_id: str) -> None:
        """Lock it, until its citizen unlocks it on their own screen."""
        is_unlocked = and_(_DEVICES.c.device_id == device_id, _DEVICES.c.unlocked_at.is_not(None))
        await self._database.write(lambda each: each.execute(update(_DEVICES).where(is_unlocked).values(**_locked())))

    async def link(self, code: str, name: str, owner: Session) -> Device:
        """Link the speaker that said the code to a citizen who is logged in; it stays locked.

        Raises:
            WrongCode: no speaker waits with this code, or not any more.
            TooManyGuesses: the citizen has entered too many wrong codes.
        """
        now, subject = self._now(), _subject_of(owner)
        person = self._people.pseudonym(subject)
        is_meant = and_(_DEVICES.c.code == code, _DEVICES.c.code_until > now, _DEVICES.c.person.is_(None))
        linked = {**self._people.columns(subject, owner.given_name), "name": name, "linked_at": now}
        used = {"code": None, "code_until": None, "dialogue_id": new_secret_id()}

        async def link(connection: AsyncConnection) -> Record | type[WrongCode | TooManyGuesses]:
            if await self._wrong_guesses(connection, person) >= MOST_GUESSES:
                return TooManyGuesses
            change = update(_DEVICES).where(is_meant).values(**linked, **used).returning(_DEVICES)
            row: Record | None = (await connection.execute(change)).one_or_none()
            if row is None:
                one_more = update(_GUESSES).where(_GUESSES.c.person == person).values(wrong=_GUESSES.c.wrong + 1)
                await connection.execute(one_more)
            return WrongCode if row is None else row

        done = await self._database.write(link)
        if isinstance(done, type):  # raised only here: a guess that is taken back with its transaction does not count
            raise done
        return self._device(done)

    async def of(self, subject: str) -> tuple[Device, ...]:
        """A citizen's speakers, those linked first before the others."""
        query = select(_DEVICES).where(self._is_of(subject)).order_by(_DEVICES.c.linked_at)
        async with self._database.transaction() as connection:
            return tuple(self._device(row) for row in await connection.execute(query))

    async def change(self, device_id: str, change: Change, owner: Session) -> Device:
        """Change a speaker of the owner; unlocked by them, it knows them as surely as their session does.

        Raises:
            UnknownDevice: the citizen has no such speaker.
        """
        values = {name: value for name, value in asdict(change).items() if value is not None and name != "is_locked"}
        if change.may_speak is False or change.is_locked:
            values |= {"dialogue_id": new_secret_id()}
        if change.is_locked:
            values |= _locked()
        elif change.is_locked is False:
            now = self._now()
            values |= {"unlocked_at": now, "last_turn": now, "assurance": owner.assurance.value}
        return self._device(await self._update(device_id, _subject_of(owner), values))

    async def unlink(self, device_id: str, subject: str) -> None:
        """Take it from its citizen, from its next turn on.

        Raises:
            UnknownDevice: the citizen has no such speaker.
        """
        await self._update(device_id, subject, {**_NOBODYS, "dialogue_id": new_secret_id()})

    async def kept_of(self, subject: str) -> Kept:
        """A citizen's speakers: what they are called, and what they may do."""
        return [
            {"name": each.name, "may_speak": each.may_speak, "is_locked": each.is_locked}
            for each in await self.of(subject)
        ]

    async def forget(self, subject: str) -> int:
        """Unlink a citizen's speakers, and forget their wrong guesses; how many speakers there were."""
        theirs = await self.of(subject)
        for each in theirs:
            await self.unlink(each.device_id, subject)
        guesses = delete(_GUESSES).where(_GUESSES.c.person == self._people.pseudonym(subject))
        await self._database.write(lambda connection: connection.execute(guesses))
        return len(theirs)

    async def purge(self) -> None:
        """Delete guesses that do not count any more."""
        is_over = _GUESSES.c.since <= self._now() - GUESSES_SECONDS
        await self._database.write(lambda connection: connection.execute(delete(_GUESSES).where(is_over)))

    async def owner_of_dialogue(self, device_id: str, dialogue_id: str) -> str | None:
        """Whose the dialogue of a speaker is; None if nobody's.

        Raises:
            WrongCode: the speaker is in another dialogue by now.
        """
        async with self._database.transaction() as connection:
            row: Record | None = (
                await connection.execute(select(_DEVICES).where(_is_in(device_id, dialogue_id)))
            ).one_or_none()
        if row is None:
            raise WrongCode
        # Idle or not: until it is locked for good, what was said in it is the citizen's.
        return None if row.unlocked_at is None else self._people.of(row)[0]

    async def leave_dialogue(self, device_id: str, dialogue_id: str) -> None:
        """Begin a new dialogue in place of this one: of two who ask for it at once, one is refused.

        Raises:
            WrongCode: the speaker is in another dialogue by now.
        """
        change = update(_DEVICES).where(_is_in(device_id, dialogue_id)).values(dialogue_id=new_secret_id())
        left = await self._database.write(lambda connection: connection.execute(change))
        if left.rowcount != 1:
            raise WrongCode

    async def _update(self, device_id: str, subject: str, values: dict[str, Any]) -> Record:
        is_theirs = and_(_DEVICES.c.device_id == device_id, self._is_of(subject))

        async def change(connection: AsyncConnection) -> Record:
            await _one(connection, is_theirs)
            if values:
                await connection.execute(update(_DEVICES).where(is_theirs).values(**values))
            return await _one(connection, _DEVICES.c.device_id == device_id)

        return await self._database.write(change)

    async def _wrong_guesses(self, connection: AsyncConnection, person: str) -> int:
        """How often the citizen was wrong lately; whoever guesses at the same time waits for this transaction."""
        now = self._now()
        await connection.execute(delete(_GUESSES).where(_GUESSES.c.since <= now - GUESSES_SECONDS))
        query = select(_GUESSES.c.wrong).where(_GUESSES.c.person == person).with_for_update()
        wrong = await connection.scalar(query)
        if wrong is None:
            await connection.execute(insert(_GUESSES).values(person=person, wrong=0, since=now))
        return int(wrong or 0)

    async def _give_code(self, connection: AsyncConnection, which: ColumnElement[bool]) -> str:
        now = self._now()
        is_over = _DEVICES.c.code_until <= now
        await connection.execute(update(_DEVICES).where(is_over).values(code=None, code_until=None))
        taken = set(await connection.scalars(select(_DEVICES.c.code).where(_DEVICES.c.code.is_not(None))))
        while (code := f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}") in taken:
            continue
        await connection.execute(update(_DEVICES).where(which).values(code=code, code_until=now + CODE_SECONDS))
        return code

    def _is_awake(self, row: Record) -> bool:
        now = self._now()
        is_recent = row.last_turn > now - self._idle_seconds
        return row.unlocked_at is not None and is_recent and row.unlocked_at > now - UNLOCKED_SECONDS

    def _is_of(self, subject: str) -> ColumnElement[bool]:
        return _DEVICES.c.person == self._people.pseudonym(subject)

    async def _take_over(self, connection: AsyncConnection) -> None:
        """Seal the speakers of an earlier Kratt, in whose table codes stood as they are."""
        for row in await connection.run_sync(_read_earlier):
            kept = {column.name: row[column.name] for column in _DEVICES.columns if column.name in row}
            person = self._people.columns(row["subject"], row["given_name"]) if row["subject"] else NOBODY
            await connection.execute(insert(_DEVICES).values(**kept, **person))
        await drop_tables(connection, _EARLIER, "device_guesses")

    def _device(self, row: Record) -> Device:
        subject, given_name = self._people.of(row)
        return Device(
            row.device_id,
            row.dialogue_id,
            row.name,
            subject,
            given_name,
            Assurance(row.assurance),
            row.may_speak,
            not self._is_awake(row),
        )


def _read_earlier(connection: Connection) -> Sequence[RowMapping]:
    if not inspect(connection).has_table(_EARLIER):
        return ()
    return connection.execute(select(Table(_EARLIER, MetaData(), autoload_with=connection))).mappings().all()


async def _one(connection: AsyncConnection, which: ColumnElement[bool]) -> Record:
    row: Record | None = (await connection.execute(select(_DEVICES).where(which).with_for_update())).one_or_none()
    if row is None:
        raise UnknownDevice
    return row


def _is_in(device_id: str, dialogue_id: str) -> ColumnElement[bool]:
    return and_(_DEVICES.c.device_id == device_id, _DEVICES.c.dialogue_id == dialogue_id)


def _locked() -> dict[str, Any]:
    """Locked, and in a new dialogue: what was said before can be asked for by nobody."""
    return {"unlocked_at": None, "assurance": Assurance.NONE.value, "dialogue_id": new_secret_id()}


def _subject_of(owner: Session) -> str:
    if owner.subject is None:
        raise NotAllowed("nobody is logged in")
    return owner.subject
