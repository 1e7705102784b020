import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.adapters.sql_feedback import DAY_SECONDS, SqlFeedback
from assistant.core.feedback import Feedback
from assistant.core.languages import Language
from assistant.core.redaction import MASK
from assistant.database import SqlDatabase

pytestmark = pytest.mark.unit


@pytest.fixture
def now() -> list[float]:
    return [20_000 * DAY_SECONDS + 4711]


@pytest.fixture
async def feedback(tmp_path: Path, now: list[float]) -> AsyncIterator[SqlFeedback]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'feedback.db'}", "KRATT_DATABASE")
    feedback = SqlFeedback(database, days=2, now=lambda: now[0])
    await feedback.open()
    yield feedback
    await database.close()


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Good!", "Good!"),
        ("I waited since 2024 for 60 euros, on 5 May 2027", "I waited since 2024 for 60 euros, on 5 May 2027"),
        ("mari.maasikas@example.ee never answered", f"{MASK} never answered"),
        ("call +372 5123 4567 or 6123-000", f"call {MASK} or {MASK}"),
        ("my code is 38001085718", f"my code is {MASK}"),
        ("EE382200221020145685", MASK),
    ],
)
async def test_words_when_they_tell_of_a_person_then_that_is_masked_on_disk(
    feedback: SqlFeedback, tmp_path: Path, words: str, kept: str
) -> None:
    await feedback.add(Feedback(4, words, Language.EN))
    with closing(sqlite3.connect(tmp_path / "feedback.db")) as file:
        rows = file.execute("SELECT day, grade, words, language FROM feedback").fetchall()
    assert rows == [(20_000 * DAY_SECONDS, 4, kept, "en")]


async def test_opinions_when_read_then_grades_are_counted_and_the_latest_words_come_first(
    feedback: SqlFeedback,
) -> None:
    for grade, words in ((5, "first"), (1, ""), (5, "last")):
        await feedback.add(Feedback(grade, words, Language.ET))
    opinions = await feedback.opinions()
    assert opinions.grades == {1: 1, 5: 2}
    assert [each.words for each in opinions.latest] == ["last", "first"]


async def test_opinions_when_kept_long_enough_then_they_are_deleted(feedback: SqlFeedback, now: list[float]) -> None:
    await feedback.add(Feedback(5, "", Language.ET))
    now[0] += DAY_SECONDS
    await feedback.purge()
    assert (await feedback.opinions()).grades == {5: 1}
    now[0] += DAY_SECONDS
    await feedback.purge()
    assert (await feedback.opinions()).grades == {}
