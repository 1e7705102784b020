from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from assistant.adapters.sql_sessions import SqlSessions
from assistant.core.errors import ServiceUnavailable, UnknownConversation, WrongCode
from assistant.core.identity import Assurance
from assistant.core.ports import Session

pytestmark = pytest.mark.unit

IN_MEMORY = "sqlite+aiosqlite://"
IDLE_SECONDS = 600
MARY = ("EE60001019906", "MARY ÄNN", Assurance.HIGH)
JAAK = ("EE38001085718", "JAAK-KRISTJAN", Assurance.SUBSTANTIAL)


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sessions(clock: Clock) -> AsyncIterator[SqlSessions]:
    store = SqlSessions(IN_MEMORY, IDLE_SECONDS, "a secret", clock)
    await store.open()
    yield store
    await store.close()


async def _is_known(sessions: SqlSessions, conversation_id: str) -> bool:
    try:
        await sessions.find(conversation_id)
    except UnknownConversation:
        return False
    return True


async def test_start_when_called_then_is_anonymous_and_found_again(sessions: SqlSessions) -> None:
    started = await sessions.start()
    assert (started.subject, started.given_name, started.assurance) == (None, "", Assurance.NONE)
    assert await sessions.find(started.conversation_id) == started


async def test_start_when_called_often_then_no_id_repeats_or_serves_twice(sessions: SqlSessions) -> None:
    started = [await sessions.start() for _ in range(20)]
    ids = [each for session in started for each in (session.conversation_id, session.dialogue_id)]
    assert len(set(ids)) == 40
    assert min(map(len, ids)) >= 22  # 128 bits in base64


@pytest.mark.parametrize("conversation_id", ["", "x" * 22, "\x00", "\ud800", "' OR 1=1 --", "x" * 100_000])
async def test_find_when_id_was_never_issued_then_raises(sessions: SqlSessions, conversation_id: str) -> None:
    await sessions.start()
    with pytest.raises(UnknownConversation):
        await sessions.find(conversation_id)


async def test_find_or_start_when_called_again_then_goes_on_until_it_is_idle_too_long(
    sessions: SqlSessions, clock: Clock
) -> None:
    first = await sessions.find_or_start("a sender")
    other = await sessions.find_or_start("another sender")
    clock.now += IDLE_SECONDS - 1
    assert await sessions.find_or_start("a sender") == first
    clock.now += IDLE_SECONDS
    later = await sessions.find_or_start("a sender")
    assert later.conversation_id == first.conversation_id == "a sender"
    assert len({first.dialogue_id, other.dialogue_id, later.dialogue_id}) == 3
    assert (later.subject, later.assurance) == (None, Assurance.NONE)


async def test_log_in_when_anonymous_then_has_a_new_id_and_the_same_dialogue(sessions: SqlSessions) -> None:
    old = await sessions.start()
    new = await sessions.log_in(old.conversation_id, *MARY)
    assert new == Session(new.conversation_id, old.dialogue_id, *MARY)
    assert await sessions.find(new.conversation_id) == new
    assert new.conversation_id != old.conversation_id
    assert not await _is_known(sessions, old.conversation_id)


async def test_log_in_when_the_same_person_again_then_the_dialogue_goes_on(sessions: SqlSessions) -> None:
    first = await sessions.log_in((await sessions.start()).conversation_id, *MARY)
    again = await sessions.log_in(first.conversation_id, *MARY)
    assert again.dialogue_id == first.dialogue_id


async def test_log_in_when_another_person_then_does_not_inherit_the_dialogue(sessions: SqlSessions) -> None:
    mary = await sessions.log_in((await sessions.start()).conversation_id, *MARY)
    jaak = await sessions.log_in(mary.conversation_id, *JAAK)
    assert jaak.subject == JAAK[0]
    assert jaak.dialogue_id != mary.dialogue_id


async def test_log_out_when_logged_in_then_nothing_of_the_person_is_left(sessions: SqlSessions) -> None:
    mary = await sessions.log_in((await sessions.start()).conversation_id, *MARY)
    after = await sessions.log_out(mary.conversation_id)
    assert (after.subject, after.given_name, after.assurance) == (None, "", Assurance.NONE)
    assert not {after.conversation_id, after.dialogue_id} & {mary.conversation_id, mary.dialogue_id}
    assert await sessions.find(after.conversation_id) == after
    assert not await _is_known(sessions, mary.conversation_id)


async def test_rotation_when_the_old_id_is_used_again_then_raises(sessions: SqlSessions) -> None:
    old = await sessions.start()
    new = await sessions.log_in(old.conversation_id, *MARY)
    with pytest.raises(UnknownConversation):
        await sessions.log_in(old.conversation_id, *JAAK)
    with pytest.raises(UnknownConversation):
        await sessions.log_out(old.conversation_id)
    assert await sessions.find(new.conversation_id) == new


async def test_session_when_idle_too_long_then_is_unknown_to_every_call(sessions: SqlSessions, clock: Clock) -> None:
    session = await sessions.start()
    clock.now += IDLE_SECONDS
    for attempt in (
        sessions.find(session.conversation_id),
        sessions.log_in(session.conversation_id, *MARY),
        sessions.log_out(session.conversation_id),
    ):
        with pytest.raises(UnknownConversation):
            await attempt


async def test_session_when_used_again_and_again_then_outlives_the_idle_time(
    sessions: SqlSessions, clock: Clock
) -> None:
    session = await sessions.start()
    for _ in range(5):
        clock.now += IDLE_SECONDS - 1
        assert await _is_known(sessions, session.conversation_id)


async def test_session_when_logged_in_then_its_idle_time_begins_anew(sessions: SqlSessions, clock: Clock) -> None:
    session = await sessions.start()
    clock.now += IDLE_SECONDS - 1
    session = await sessions.log_in(session.conversation_id, *MARY)
    clock.now += IDLE_SECONDS - 1
    assert await _is_known(sessions, session.conversation_id)


@pytest.mark.parametrize(
    ("used_after_seconds", "is_alive"),
    [(9.9, False), (10.0, True)],
    ids=["too soon to be written down", "written down"],
)
async def test_find_when_used_within_ten_seconds_then_saves_the_write(
    sessions: SqlSessions, clock: Clock, used_after_seconds: float, is_alive: bool
) -> None:
    session = await sessions.start()
    clock.now += used_after_seconds
    await sessions.find(session.conversation_id)
    clock.now += IDLE_SECONDS - used_after_seconds
    assert await _is_known(sessions, session.conversation_id) is is_alive


async def test_session_when_idle_time_is_very_short_then_use_still_keeps_it_alive(clock: Clock) -> None:
    sessions = SqlSessions(IN_MEMORY, 5, "a secret", clock)
    await sessions.open()
    session = await sessions.start()
    for _ in range(4):
        clock.now += 3
        assert await _is_known(sessions, session.conversation_id)
    await sessions.close()


async def test_check_when_there_is_no_table_then_raises_and_once_opened_not() -> None:
    sessions = SqlSessions(IN_MEMORY, IDLE_SECONDS, "a secret")
    with pytest.raises(ServiceUnavailable):
        await sessions.check()
    await sessions.open()
    await sessions.check()
    await sessions.close()


async def test_dialogue_when_left_then_its_session_begins_another_and_it_is_nobodys(sessions: SqlSessions) -> None:
    started = await sessions.start()
    logged_in = await sessions.log_in(started.conversation_id, *MARY)
    assert await sessions.owner_of_dialogue(started.dialogue_id) == MARY[0]
    await sessions.leave_dialogue(started.dialogue_id)
    after = await sessions.find(logged_in.conversation_id)
    assert after.subject == MARY[0]
    assert after.dialogue_id != started.dialogue_id
    for use in (sessions.owner_of_dialogue, sessions.leave_dialogue):
        with pytest.raises(WrongCode):
            await use(started.dialogue_id)


async def test_dialogue_when_its_session_has_expired_then_is_nobodys(sessions: SqlSessions, clock: Clock) -> None:
    started = await sessions.start()
    clock.now += IDLE_SECONDS
    with pytest.raises(WrongCode):
        await sessions.owner_of_dialogue(started.dialogue_id)
