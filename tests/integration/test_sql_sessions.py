import asyncio
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.adapters.sql_sessions import SqlSessions
from assistant.core.errors import ServiceUnavailable, SettingsError, UnknownConversation
from assistant.core.identity import Assurance

pytestmark = pytest.mark.integration

MARY = ("EE60001019906", "MARY ÄNN", Assurance.HIGH)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "kratt.db"


@pytest.fixture
async def sessions(file: Path) -> AsyncIterator[SqlSessions]:
    store = _store(file)
    await store.open()
    yield store
    await store.close()


def _store(file: Path, idle_seconds: float = 600) -> SqlSessions:
    return SqlSessions(f"sqlite+aiosqlite:///{file}", idle_seconds, "a secret")


def _rows(file: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT * FROM citizen_sessions").fetchall()


async def test_open_when_nothing_is_there_then_makes_a_file_for_its_owner_alone(
    sessions: SqlSessions, file: Path
) -> None:
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


async def test_sessions_when_the_gateway_restarts_then_are_still_known(sessions: SqlSessions, file: Path) -> None:
    session = await sessions.log_in((await sessions.start()).conversation_id, *MARY)
    await sessions.close()
    restarted = _store(file)
    await restarted.open()
    assert await restarted.find(session.conversation_id) == session
    await restarted.close()


async def test_file_when_stolen_then_holds_no_id_to_speak_with(sessions: SqlSessions, file: Path) -> None:
    anonymous = await sessions.start()
    mary = await sessions.log_in((await sessions.start()).conversation_id, *MARY)
    await sessions.close()
    stored = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert mary.dialogue_id.encode() in stored
    assert anonymous.conversation_id.encode() not in stored
    assert mary.conversation_id.encode() not in stored


async def test_purge_when_some_have_expired_then_deletes_those_alone(file: Path) -> None:
    sessions = _store(file, idle_seconds=0.05)
    await sessions.open()
    await sessions.log_in((await sessions.start()).conversation_id, *MARY)
    await asyncio.sleep(0.06)
    fresh = await sessions.start()
    await sessions.purge()
    assert [row[1] for row in _rows(file)] == [fresh.dialogue_id]
    await sessions.close()


async def test_forget_when_a_person_has_several_sessions_then_all_are_gone_and_nobody_elses(
    sessions: SqlSessions,
) -> None:
    for _ in range(2):
        await sessions.log_in((await sessions.start()).conversation_id, *MARY)
    other = await sessions.log_in((await sessions.start()).conversation_id, "EE38001085718", "Jaak", Assurance.LOW)
    assert [each["given_name"] for each in await sessions.kept_of(MARY[0])] == [MARY[1]] * 2
    assert await sessions.forget(MARY[0]) == 2
    assert await sessions.kept_of(MARY[0]) == []
    assert (await sessions.find(other.conversation_id)).subject == "EE38001085718"


async def test_log_in_when_the_same_id_is_used_by_many_at_once_then_exactly_one_wins(sessions: SqlSessions) -> None:
    session = await sessions.start()
    attempts = [sessions.log_in(session.conversation_id, *MARY) for _ in range(12)]
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert sum(not isinstance(result, BaseException) for result in results) == 1
    assert sum(isinstance(result, UnknownConversation) for result in results) == 11


async def test_find_or_start_when_a_sender_writes_many_times_at_once_then_it_is_one_dialogue(
    sessions: SqlSessions,
) -> None:
    found = await asyncio.gather(*(sessions.find_or_start("a sender") for _ in range(20)))
    assert len({session.dialogue_id for session in found}) == 1


async def test_sessions_when_a_hundred_citizens_come_at_once_then_each_gets_their_own(sessions: SqlSessions) -> None:
    async def come(number: int) -> bool:
        session = await sessions.log_in((await sessions.start()).conversation_id, f"EE{number}", "", Assurance.HIGH)
        return await sessions.find(session.conversation_id) == session

    assert all(await asyncio.gather(*map(come, range(100))))


async def test_find_when_somebody_else_is_writing_then_does_not_wait(sessions: SqlSessions, file: Path) -> None:
    session = await sessions.start()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with asyncio.timeout(1):
            assert await sessions.find(session.conversation_id) == session
        other.execute("ROLLBACK")


async def test_every_call_when_the_database_is_broken_then_says_so_and_nothing_of_the_citizen(
    sessions: SqlSessions, file: Path
) -> None:
    session = await sessions.start()
    with closing(sqlite3.connect(file)) as other:
        other.execute("DROP TABLE citizen_sessions")
    for attempt in (
        sessions.check(),
        sessions.start(),
        sessions.find(session.conversation_id),
        sessions.log_in(session.conversation_id, *MARY),
    ):
        with pytest.raises(ServiceUnavailable) as caught:
            await attempt
        assert str(caught.value) == "KRATT_DATABASE: the database does not answer"
        assert caught.value.__suppress_context__


async def test_open_when_its_folder_is_a_file_then_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    sessions = _store(tmp_path / "state" / "kratt.db")
    with pytest.raises(SettingsError, match="KRATT_DATABASE"):
        await sessions.open()
    await sessions.close()
