"""Citizens' opinions in the gateway's SQL database: who gave one is not written down, nor in which conversation."""

import time
from collections.abc import Callable

from sqlalchemy import Column, Double, Integer, MetaData, String, Table, delete, func, insert, select

from assistant.core.feedback import LONGEST_WORDS, Feedback, Opinions
from assistant.core.languages import Language
from assistant.database import SqlDatabase, SqlTables

DAY_SECONDS = 86_400.0
LATEST = 100

_METADATA = MetaData()
_FEEDBACK = Table(
    "feedback",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("day", Double, nullable=False, index=True),  # not the second: it would lead to the conversation's log lines
    Column("grade", Integer, nullable=False),
    Column("words", String(2 * LONGEST_WORDS), nullable=False),
    Column("language", String(2), nullable=False),
)


class SqlFeedback(SqlTables):
    """Keeps opinions for `days`; `now` gives epoch seconds."""

    metadata = _METADATA

    def __init__(self, database: SqlDatabase, days: float, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._seconds = days * DAY_SECONDS
        self._now = now

    async def add(self, feedback: Feedback) -> None:
        """Keep one, masked."""
        masked = feedback.masked
        row = {
            "day": self._now() // DAY_SECONDS * DAY_SECONDS,
            "grade": masked.grade,
            "words": masked.words,
            "language": masked.language.value,
        }
        await self._database.write(lambda connection: connection.execute(insert(_FEEDBACK).values(**row)))

    async def opinions(self) -> Opinions:
        """All that is kept."""
        grades = select(_FEEDBACK.c.grade, func.count()).group_by(_FEEDBACK.c.grade).order_by(_FEEDBACK.c.grade)
        with_words = select(_FEEDBACK).where(_FEEDBACK.c.words != "").order_by(_FEEDBACK.c.id.desc()).limit(LATEST)
        async with self._database.transaction() as connection:
            counts = {row[0]: row[1] for row in await connection.execute(grades)}
            latest = tuple(
                Feedback(row.grade, row.words, Language(row.language)) for row in await connection.execute(with_words)
            )
        return Opinions(counts, latest)

    async def purge(self) -> None:
        """Delete what was kept long enough."""
        is_old = _FEEDBACK.c.day <= self._now() - self._seconds
        await self._database.write(lambda connection: connection.execute(delete(_FEEDBACK).where(is_old)))
