"""The table of questions to phones: what was asked for which act, and what came of it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Column, Double, Integer, MetaData, String, Table, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.core.ports import PhoneQuestion
from assistant.database import SqlDatabase, SqlTables

METADATA = MetaData()

QUESTIONS = Table(
    "phone_questions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("act", String, nullable=False, index=True),
    Column("subject", String, nullable=False, index=True),
    Column("state", String, nullable=False),
    Column("code", String, nullable=False, default=""),
    Column("ticket", String, nullable=False, default=""),
    Column("created", Double, nullable=False),
    Column("updated", Double, nullable=False),
)

QUESTIONS_SECONDS = 600.0
"""What a phone is asked within it is counted: whoever asks again and again hopes for a yes pressed at last."""

CONFIRMED_SECONDS = 600.0
"""How long a confirmation counts: the act is done at once, or its read-back is asked for anew."""

_KEPT_SECONDS = 86400.0

_CHOICE = "choice "
"""Begins the ticket of a question whose code has to be chosen."""


class QuestionState(StrEnum):
    """Where a question stands."""

    ASKING = "asking"
    OPEN = "open"
    CONFIRMED = "confirmed"
    OVER = "over"


@dataclass(frozen=True)
class PastQuestion:
    """A question as its citizen may see it; `since` in epoch seconds."""

    act: str
    state: str
    since: float


@dataclass(frozen=True)
class OpenQuestion:
    """A question that stands on a phone."""

    number: int
    question: PhoneQuestion


class PhoneQuestions(SqlTables):
    """Keeps questions; every method raises `ServiceUnavailable` if the database does not do its part.

    `most` may be asked of one person in `QUESTIONS_SECONDS`, 0 for as many as come.
    """

    metadata = METADATA

    def __init__(self, database: SqlDatabase, most: int, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._most = most
        self._now = now

    async def begin(self, act: str, subject: str) -> int | None:
        """The number of a new question, in whose favour any other for the act is over; None if there were too many."""
        now = self._now()
        recent = (
            select(func.count())
            .select_from(QUESTIONS)
            .where((QUESTIONS.c.subject == subject) & (QUESTIONS.c.created > now - QUESTIONS_SECONDS))
        )

        async def note(connection: AsyncConnection) -> int | None:
            if self._most and (await connection.execute(recent)).scalar_one() >= self._most:
                return None
            others = update(QUESTIONS).where(QUESTIONS.c.act == act).values(state=QuestionState.OVER, updated=now)
            await connection.execute(others)
            row = {"act": act, "subject": subject, "state": QuestionState.ASKING, "created": now, "updated": now}
            inserted = await connection.execute(insert(QUESTIONS).values(**row))
            return int(inserted.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted

        return await self._database.write(note)

    async def asked(self, number: int, question: PhoneQuestion) -> None:
        """The phone has it now."""
        ticket = f"{_CHOICE if question.is_choice else ''}{question.ticket}"
        asked = {"code": question.verification_code, "ticket": ticket, "state": QuestionState.OPEN}
        await self._change(number, asked)

    async def find(self, act: str, subject: str) -> OpenQuestion | None:
        """The open question of an act of this person."""
        is_theirs = (QUESTIONS.c.act == act) & (QUESTIONS.c.subject == subject)
        found = select(QUESTIONS).where(is_theirs & (QUESTIONS.c.state == QuestionState.OPEN))
        async with self._database.transaction() as connection:
            row = (await connection.execute(found.order_by(QUESTIONS.c.id.desc()))).first()
        return OpenQuestion(row.id, _question(row.code, row.ticket)) if row else None

    async def settle(self, number: int, *, is_confirmed: bool) -> None:
        """It is answered; its ticket is of no use any more."""
        state = QuestionState.CONFIRMED if is_confirmed else QuestionState.OVER
        await self._change(number, {"state": state, "ticket": "", "code": ""})

    async def is_confirmed(self, act: str, subject: str) -> bool:
        """Whether this person has confirmed the act on their phone, a moment ago."""
        is_theirs = (QUESTIONS.c.act == act) & (QUESTIONS.c.subject == subject)
        is_fresh = QUESTIONS.c.updated > self._now() - CONFIRMED_SECONDS
        found = select(QUESTIONS.c.id).where(is_theirs & (QUESTIONS.c.state == QuestionState.CONFIRMED) & is_fresh)
        async with self._database.transaction() as connection:
            return (await connection.execute(found)).first() is not None

    async def of(self, subject: str) -> tuple[PastQuestion, ...]:
        """Every question to this person that is kept, oldest first."""
        theirs = select(QUESTIONS).where(QUESTIONS.c.subject == subject).order_by(QUESTIONS.c.id)
        async with self._database.transaction() as connection:
            rows = await connection.execute(theirs)
            return tuple(PastQuestion(row.act, row.state, row.created) for row in rows)

    async def forget_person(self, subject: str) -> int:
        """Delete this person's questions: how many they were. What the phones say of them then does nothing."""
        theirs = delete(QUESTIONS).where(QUESTIONS.c.subject == subject)
        done = await self._database.write(lambda connection: connection.execute(theirs))
        return int(done.rowcount)

    async def forget(self) -> None:
        """Delete what is older than a day."""
        old = delete(QUESTIONS).where(QUESTIONS.c.updated <= self._now() - _KEPT_SECONDS)
        await self._database.write(lambda connection: connection.execute(old))

    async def _change(self, number: int, changes: Mapping[str, object]) -> None:
        change = update(QUESTIONS).where(QUESTIONS.c.id == number).values(**changes, updated=self._now())
        await self._database.write(lambda connection: connection.execute(change))


def _question(code: str, ticket: str) -> PhoneQuestion:
    return PhoneQuestion(code, ticket.removeprefix(_CHOICE), is_choice=ticket.startswith(_CHOICE))
