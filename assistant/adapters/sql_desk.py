"""The desk in the gateway's SQL database: cases, and what is said in them, sealed by a key of each (docs/adr/0025)."""

import contextlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    UniqueConstraint,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.core.desk import (
    DUTY_SECONDS,
    KEPT_SECONDS,
    LEFT_SECONDS,
    Called,
    Case,
    CaseState,
    Exchange,
    Reason,
    Words,
)
from assistant.core.errors import AlreadyTaken, UnknownCase
from assistant.core.languages import Language
from assistant.core.ports import Kept, Session
from assistant.core.pseudonyms import pseudonym
from assistant.core.secret_ids import new_secret_id
from assistant.database import SqlDatabase, SqlTables
from assistant.sealing import CannotOpen, Sealer

LOOK_SECONDS = 20.0
"""That a citizen looks is noted no more often."""

_WAITING, _CLAIMED, _CLOSED = (each.value for each in CaseState)

_METADATA = MetaData()
CASES = Table(
    "desk_cases",
    _METADATA,
    Column("case_id", String(64), primary_key=True),
    Column("dialogue_id", String(64), nullable=False, index=True),
    # The same while the case is open: a dialogue has one open case, whoever asks for two at once.
    Column("open_dialogue", String(64), unique=True),
    Column("citizen", String(64), index=True),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("language", String(8), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("service", String(128), nullable=False),
    Column("transcript", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("agent", String(128)),
    Column("since", Double, nullable=False),
    Column("citizen_at", Double, nullable=False),
    Column("closed_at", Double),
    Column("last_words", Integer, nullable=False),
)
_WORDS = Table(
    "desk_words",
    _METADATA,
    Column("case_id", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("is_agents", Boolean, nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("at", Double, nullable=False),
    Column("key", String(64)),
    UniqueConstraint("case_id", "key"),
)
_AGENTS = Table(
    "desk_agents",
    _METADATA,
    Column("name", String(128), primary_key=True),
    Column("seen", Double, nullable=False),
)

Record = Row[Any]
Condition = ColumnElement[bool]


class SqlDesk(SqlTables):
    """Keeps cases, with pseudonyms of citizens; `secret` is the operator's data key, `now` gives epoch seconds."""

    metadata = _METADATA

    def __init__(self, database: SqlDatabase, secret: str, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._secret = secret
        self._sealer = Sealer(secret)
        self._now = now

    async def call(self, session: Session, called: Called, language: Language, talk: Sequence[Exchange]) -> Case:
        """Open a case; `talk` is handed over as its transcript. A dialogue has one: the open one, if there is one."""
        case_id, now = new_secret_id(), self._now()
        key = self._sealer.new_key(case_id)
        transcript = json.dumps([astuple(each) for each in talk], ensure_ascii=False)
        row = {
            "case_id": case_id,
            "dialogue_id": session.dialogue_id,
            "open_dialogue": session.dialogue_id,
            "citizen": self._citizen(session),
            "wrapped_key": key,
            "language": language.value,
            "reason": called.reason.value,
            "service": called.service,
            "transcript": self._sealer.seal(transcript, key, case_id, _place(case_id, 0)),
            "state": _WAITING,
            "since": now,
            "citizen_at": now,
            "last_words": 0,
        }

        async def call(connection: AsyncConnection) -> Case:
            is_open = CASES.c.open_dialogue == session.dialogue_id
            if not await _first(connection, is_open):
                with contextlib.suppress(IntegrityError):  # another gateway was quicker
                    async with connection.begin_nested():
                        await connection.execute(insert(CASES).values(**row))
            return await self._case(connection, await _one(connection, is_open))

        return await self._database.write(call)

    async def open_case(self, session: Session) -> Case | None:
        """The case that the words of this dialogue go to, if there is one."""
        async with self._database.transaction() as connection:
            row = await _first(
                connection, CASES.c.open_dialogue == session.dialogue_id, _is_for(self._citizen(session))
            )
            return await self._case(connection, row) if row else None

    async def latest_case(self, session: Session) -> Case | None:
        """The latest case of the dialogue or of the citizen, be it closed; they have looked at it now."""
        is_theirs, now = self._is_citizens(session), self._now()
        async with self._database.transaction() as connection:
            query = select(CASES).where(is_theirs).order_by(CASES.c.since.desc()).limit(1)
            row: Record | None = (await connection.execute(query)).one_or_none()
            case = await self._case(connection, row) if row else None
        if case and row and case.state is not CaseState.CLOSED and row.citizen_at <= now - LOOK_SECONDS:
            looked = update(CASES).where(CASES.c.case_id == case.case_id).values(citizen_at=now)
            await self._database.write(lambda connection: connection.execute(looked))
        return case

    async def say(self, session: Session, case_id: str, text: str) -> None:
        """Take the citizen's words.

        Raises:
            UnknownCase: it is not theirs, or is closed.
        """
        is_it = and_(CASES.c.case_id == case_id, self._is_citizens(session))
        # Who has logged in meanwhile is who they were before: their wish to be forgotten is about this, too.
        citizen = self._citizen(session)
        changed = {"citizen_at": self._now(), **({"citizen": citizen} if citizen else {})}
        await self._database.write(lambda connection: self._add(connection, is_it, text, changed, is_agents=False))

    async def words_of_citizen(self, session: Session, case_id: str, after: int) -> tuple[Words, ...]:
        """What was said in a case of theirs after the word of that number."""
        return await self._words(and_(CASES.c.case_id == case_id, self._is_citizens(session)), after)

    async def leave(self, session: Session) -> None:
        """Close the dialogue's open case, if there is one."""
        closing = self._closing(CASES.c.open_dialogue == session.dialogue_id).values(agent=None)
        await self._database.write(lambda connection: connection.execute(closing))

    async def waiting(self) -> int | None:
        """How many wait; None if no agent is on duty."""
        is_waiting = select(func.count()).select_from(CASES).where(CASES.c.state == _WAITING)
        async with self._database.transaction() as connection:
            if not await connection.scalar(select(exists().where(self._is_on_duty()))):
                return None
            return int(await connection.scalar(is_waiting) or 0)

    async def queue(self, agent: str) -> tuple[Case, ...]:
        """The agent is on duty: the cases that wait, and those that are theirs, the oldest first."""
        is_shown = or_(CASES.c.state == _WAITING, and_(CASES.c.state == _CLAIMED, CASES.c.agent == agent))

        async def look(connection: AsyncConnection) -> tuple[Case, ...]:
            await self._note(connection, agent)
            await self._give_back(connection)
            rows = await connection.execute(select(CASES).where(is_shown).order_by(CASES.c.since))
            return tuple([await self._case(connection, row) for row in rows.all()])

        return await self._database.write(look)

    async def go_off_duty(self, agent: str) -> None:
        """The agent leaves; their cases wait again."""

        async def leave(connection: AsyncConnection) -> None:
            await connection.execute(delete(_AGENTS).where(_AGENTS.c.name == agent))
            await self._give_back(connection)

        await self._database.write(leave)

    async def claim(self, case_id: str, agent: str) -> Case:
        """Take a case that waits; of many who do so at once one gets it.

        Raises:
            AlreadyTaken: another agent has it.
            UnknownCase: there is no such open case.
        """
        is_it = CASES.c.case_id == case_id
        taking = update(CASES).where(is_it, CASES.c.state == _WAITING).values(state=_CLAIMED, agent=agent)

        async def claim(connection: AsyncConnection) -> Case:
            await self._note(connection, agent)
            await connection.execute(taking)  # the one statement that decides: whoever changes the row first has it
            row = await _first(connection, is_it, CASES.c.state != _CLOSED)
            if row is None:
                raise UnknownCase
            if row.agent != agent:
                raise AlreadyTaken
            return await self._case(connection, row)

        return await self._database.write(claim)

    async def transcript(self, case_id: str, agent: str) -> tuple[Exchange, ...]:
        """What the citizen and Kratt talked about; nothing without the citizen's consent.

        Raises:
            UnknownCase: it is not this agent's.
        """
        async with self._database.transaction() as connection:
            row = await _one(connection, _is_of_agent(case_id, agent))
        opened = self._opened(row, row.transcript, 0)
        return tuple(Exchange(*each) for each in json.loads(opened)) if opened else ()

    async def words_of_agent(self, case_id: str, agent: str, after: int) -> tuple[Words, ...]:
        """What was said in a case after the word of that number.

        Raises:
            UnknownCase: it is not this agent's.
        """
        return await self._words(_is_of_agent(case_id, agent), after)

    async def answer(self, case_id: str, agent: str, text: str, key: str) -> int:
        """Say something to the citizen; its number. The same `key` again, of a repeated request, says nothing twice.

        Raises:
            UnknownCase: it is not this agent's, or is closed.
        """
        said = select(_WORDS.c.number).where(_WORDS.c.case_id == case_id, _WORDS.c.key == key)

        async def answer(connection: AsyncConnection) -> int:
            await _one(connection, _is_of_agent(case_id, agent), is_locked=True)
            if (known := await connection.scalar(said)) is not None:
                return int(known)
            return await self._add(connection, _is_of_agent(case_id, agent), text, {}, is_agents=True, key=key)

        return await self._database.write(answer)

    async def release(self, case_id: str, agent: str) -> None:
        """Give a case back to the queue, at its old place.

        Raises:
            UnknownCase: it is not this agent's.
        """
        await self._end(update(CASES).where(_is_of_agent(case_id, agent)).values(state=_WAITING, agent=None))

    async def close_case(self, case_id: str, agent: str) -> None:
        """End a case: its citizen talks with Kratt again.

        Raises:
            UnknownCase: it is not this agent's.
        """
        await self._end(self._closing(_is_of_agent(case_id, agent)))

    async def kept_of(self, subject: str) -> Kept:
        """The citizen's cases, with all that was said in them."""
        is_theirs = CASES.c.citizen == self._pseudonym(subject)
        async with self._database.transaction() as connection:
            rows = (await connection.execute(select(CASES).where(is_theirs).order_by(CASES.c.since))).all()
        return [
            {
                "since": row.since,
                "state": row.state,
                "reason": row.reason,
                "service": row.service,
                "transcript": json.loads(self._opened(row, row.transcript, 0) or "[]"),
                "words": [
                    {"from": "desk" if each.is_agents else "citizen", "text": each.text, "at": each.at}
                    for each in await self._words(CASES.c.case_id == row.case_id, 0)
                ],
            }
            for row in rows
        ]

    async def forget(self, subject: str) -> int:
        """Destroy the citizen's cases with their keys, open ones, too; how many there were."""
        return await self._delete(CASES.c.citizen == self._pseudonym(subject))

    async def purge(self) -> None:
        """Give back what vanished agents had, close what citizens have left, and destroy what is over."""
        now = self._now()
        is_left = and_(CASES.c.state != _CLOSED, CASES.c.citizen_at <= now - LEFT_SECONDS)

        async def tidy(connection: AsyncConnection) -> None:
            await self._give_back(connection)
            await connection.execute(self._closing(is_left))

        await self._database.write(tidy)
        await self._delete(CASES.c.closed_at <= now - KEPT_SECONDS)

    def _pseudonym(self, subject: str) -> str:
        return pseudonym(self._secret, "desk", subject)

    def _citizen(self, session: Session) -> str | None:
        return self._pseudonym(session.subject) if session.subject else None

    def _is_citizens(self, session: Session) -> Condition:
        citizen = self._citizen(session)
        is_dialogues = and_(CASES.c.dialogue_id == session.dialogue_id, _is_for(citizen))
        return or_(is_dialogues, CASES.c.citizen == citizen) if citizen else is_dialogues

    async def _note(self, connection: AsyncConnection, agent: str) -> None:
        """The agent is here. An agent with two windows has one row, whichever of them comes first."""
        seen = update(_AGENTS).where(_AGENTS.c.name == agent).values(seen=self._now())
        if (await connection.execute(seen)).rowcount == 0:
            await connection.execute(insert(_AGENTS).values(name=agent, seen=self._now()))

    def _is_on_duty(self) -> Condition:
        return _AGENTS.c.seen > self._now() - DUTY_SECONDS

    async def _give_back(self, connection: AsyncConnection) -> None:
        on_duty = select(_AGENTS.c.name).where(self._is_on_duty())
        is_lost = and_(CASES.c.state == _CLAIMED, CASES.c.agent.not_in(on_duty))
        await connection.execute(update(CASES).where(is_lost).values(state=_WAITING, agent=None))

    def _closing(self, which: Condition) -> Any:
        closed = {"state": _CLOSED, "open_dialogue": None, "closed_at": self._now()}
        return update(CASES).where(which, CASES.c.state != _CLOSED).values(**closed)

    async def _end(self, change: Any) -> None:
        if (await self._database.write(lambda connection: connection.execute(change))).rowcount != 1:
            raise UnknownCase

    async def _add(
        self,
        connection: AsyncConnection,
        which: Condition,
        text: str,
        changed: dict[str, Any],
        *,
        is_agents: bool,
        key: str | None = None,
    ) -> int:
        """Count first: whoever writes into the same case waits, so that no number is read before a smaller one."""
        counted = {**changed, "last_words": CASES.c.last_words + 1}
        change = update(CASES).where(which, CASES.c.state != _CLOSED).values(**counted).returning(CASES)
        row: Record | None = (await connection.execute(change)).one_or_none()
        if row is None:
            raise UnknownCase
        sealed = self._sealer.seal(text, row.wrapped_key, row.case_id, _place(row.case_id, row.last_words))
        said = {"case_id": row.case_id, "number": row.last_words, "is_agents": is_agents, "text": sealed}
        await connection.execute(insert(_WORDS).values(**said, at=self._now(), key=key))
        return int(row.last_words)

    async def _words(self, which: Condition, after: int) -> tuple[Words, ...]:
        query = select(_WORDS).where(_WORDS.c.number > after).order_by(_WORDS.c.number)
        async with self._database.transaction() as connection:
            row = await _one(connection, which)
            said = (await connection.execute(query.where(_WORDS.c.case_id == row.case_id))).all()
        opened = ((each, self._opened(row, each.text, each.number)) for each in said)
        return tuple(Words(each.number, each.is_agents, text, each.at) for each, text in opened if text is not None)

    def _opened(self, case: Record, sealed: bytes, number: int) -> str | None:
        try:
            return self._sealer.open(sealed, case.wrapped_key, case.case_id, _place(case.case_id, number))
        except CannotOpen:  # the operator's secret is another than when it was sealed
            return None

    async def _delete(self, which: Condition) -> int:
        async def remove(connection: AsyncConnection) -> int:
            ids = select(CASES.c.case_id).where(which)
            await connection.execute(delete(_WORDS).where(_WORDS.c.case_id.in_(ids)))
            return (await connection.execute(delete(CASES).where(which))).rowcount

        return await self._database.write(remove)

    async def _case(self, connection: AsyncConnection, row: Record) -> Case:
        place = 0
        if row.state == _WAITING:
            is_before = and_(CASES.c.state == _WAITING, CASES.c.since < row.since)
            place = 1 + int(await connection.scalar(select(func.count()).select_from(CASES).where(is_before)) or 0)
        return Case(
            row.case_id,
            Language(row.language),
            Reason(row.reason),
            row.service,
            row.since,
            CaseState(row.state),
            place,
            row.agent,
            row.last_words,
        )


def _place(case_id: str, number: int) -> str:
    """Where a sealed text belongs: the transcript is number 0."""
    return f"{case_id} {number}"


def _is_for(citizen: str | None) -> Condition:
    """Whether a case is nobody's in particular, or this citizen's."""
    is_nobodys = CASES.c.citizen.is_(None)
    return or_(is_nobodys, CASES.c.citizen == citizen) if citizen else is_nobodys


def _is_of_agent(case_id: str, agent: str) -> Condition:
    return and_(CASES.c.case_id == case_id, CASES.c.agent == agent, CASES.c.state == _CLAIMED)


async def _first(connection: AsyncConnection, *which: Condition, is_locked: bool = False) -> Record | None:
    query = select(CASES).where(*which)
    row: Record | None = (await connection.execute(query.with_for_update() if is_locked else query)).one_or_none()
    return row


async def _one(connection: AsyncConnection, *which: Condition, is_locked: bool = False) -> Record:
    row = await _first(connection, *which, is_locked=is_locked)
    if row is None:
        raise UnknownCase
    return row
