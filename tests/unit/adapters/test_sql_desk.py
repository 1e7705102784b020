"""The desk's store: who gets what, in which order, and for how long."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from assistant.adapters.sql_desk import SqlDesk
from assistant.core.desk import DUTY_SECONDS, KEPT_SECONDS, LEFT_SECONDS, Called, Case, CaseState, Exchange, Reason
from assistant.core.errors import AlreadyTaken, UnknownCase
from assistant.core.languages import Language
from assistant.core.ports import Session
from assistant.database import SqlDatabase

pytestmark = pytest.mark.unit

ANYBODY = Session("conversation-1", "dialogue-1")
MARY = Session("conversation-2", "dialogue-2", "EE60001019906", "MARY")
JAAK = Session("conversation-3", "dialogue-3", "EE38001085718", "JAAK")
ASKED = Called(Reason.ASKED, with_transcript=True, service="vehicle")
TALK = (Exchange("my car", "Which one?"), Exchange("all of them", "I did not understand."))


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        self.now += 0.001  # no two things happen at once
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqlDatabase]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE")
    yield database
    await database.close()


@pytest.fixture
async def desk(database: SqlDatabase, clock: Clock) -> SqlDesk:
    store = SqlDesk(database, "the operator's secret", clock)
    await store.open()
    return store


async def call(desk: SqlDesk, session: Session = ANYBODY, called: Called = ASKED) -> Case:
    return await desk.call(session, called, Language.ET, TALK if called.with_transcript else ())


async def test_case_when_called_then_it_waits_with_its_reason_and_the_dialogues_words_go_to_it(desk: SqlDesk) -> None:
    case = await call(desk)
    assert (case.state, case.place, case.reason, case.service) == (CaseState.WAITING, 1, Reason.ASKED, "vehicle")
    assert await desk.open_case(ANYBODY) == case
    assert await desk.open_case(MARY) is None


async def test_case_when_called_twice_then_it_is_one(desk: SqlDesk) -> None:
    first, second = await asyncio.gather(call(desk), call(desk))
    assert first == second


async def test_queue_when_several_wait_then_the_oldest_is_first_and_each_knows_its_place(desk: SqlDesk) -> None:
    cases = [await call(desk, each) for each in (ANYBODY, MARY, JAAK)]
    assert [case.place for case in cases] == [1, 2, 3]
    assert [case.case_id for case in await desk.queue("Tiiu")] == [case.case_id for case in cases]
    await desk.claim(cases[0].case_id, "Tiiu")
    latest = await desk.latest_case(JAAK)
    assert latest
    assert latest.place == 2


async def test_claim_when_many_agents_want_one_case_at_once_then_one_has_it_and_the_others_are_told(
    desk: SqlDesk,
) -> None:
    case = await call(desk)
    names = [f"agent {number}" for number in range(20)]
    done = await asyncio.gather(*(desk.claim(case.case_id, name) for name in names), return_exceptions=True)
    winners = [each for each in done if isinstance(each, Case)]
    assert len(winners) == 1
    assert sum(isinstance(each, AlreadyTaken) for each in done) == len(names) - 1
    for name in names:
        seen = await desk.queue(name)
        assert [each.agent for each in seen] == ([name] if name == winners[0].agent else [])


async def test_claim_when_it_is_repeated_then_the_case_is_still_theirs(desk: SqlDesk) -> None:
    case = await call(desk)
    assert await desk.claim(case.case_id, "Tiiu") == await desk.claim(case.case_id, "Tiiu")


async def test_words_when_both_sides_write_at_once_then_nothing_is_lost_or_doubled_and_numbers_have_no_gaps(
    desk: SqlDesk,
) -> None:
    case = await call(desk)
    await desk.claim(case.case_id, "Tiiu")
    said = [desk.say(ANYBODY, case.case_id, f"citizen {number}") for number in range(20)]
    replied = [desk.answer(case.case_id, "Tiiu", f"agent {number}", f"key-{number}") for number in range(20)]
    await asyncio.gather(*(each for pair in zip(said, replied, strict=True) for each in pair))
    words = await desk.words_of_citizen(ANYBODY, case.case_id, 0)
    assert [each.number for each in words] == list(range(1, 41))
    assert {each.text for each in words} == {f"{who} {number}" for who in ("citizen", "agent") for number in range(20)}
    assert await desk.words_of_agent(case.case_id, "Tiiu", 38) == words[38:]


async def test_answer_when_the_request_is_repeated_then_it_is_said_once(desk: SqlDesk) -> None:
    case = await call(desk)
    await desk.claim(case.case_id, "Tiiu")
    numbers = [await desk.answer(case.case_id, "Tiiu", "Hello", "the same key") for _ in range(3)]
    assert numbers == [1, 1, 1]
    assert len(await desk.words_of_citizen(ANYBODY, case.case_id, 0)) == 1


async def test_transcript_when_consented_then_the_agent_reads_it_and_else_there_is_none(desk: SqlDesk) -> None:
    shared, silent = await call(desk), await call(desk, MARY, replace(ASKED, with_transcript=False))
    for case in (shared, silent):
        await desk.claim(case.case_id, "Tiiu")
    assert await desk.transcript(shared.case_id, "Tiiu") == TALK
    assert await desk.transcript(silent.case_id, "Tiiu") == ()


async def test_case_when_it_is_not_the_agents_then_nothing_can_be_done_with_it(desk: SqlDesk) -> None:
    case = await call(desk)
    await desk.claim(case.case_id, "Tiiu")
    for attempt in (
        desk.transcript(case.case_id, "Rein"),
        desk.words_of_agent(case.case_id, "Rein", 0),
        desk.answer(case.case_id, "Rein", "hello", "a key"),
        desk.release(case.case_id, "Rein"),
        desk.close_case(case.case_id, "Rein"),
        desk.claim("no such case", "Rein"),
    ):
        with pytest.raises(UnknownCase):
            await attempt


async def test_agent_when_they_vanish_then_their_case_waits_again_at_its_old_place(desk: SqlDesk, clock: Clock) -> None:
    first, _ = await call(desk), await call(desk, MARY)
    await desk.queue("Tiiu")
    await desk.claim(first.case_id, "Tiiu")
    clock.now += DUTY_SECONDS
    seen = await desk.queue("Rein")
    assert (seen[0].case_id, seen[0].place) == (first.case_id, 1)
    assert (await desk.claim(first.case_id, "Rein")).agent == "Rein"


@pytest.mark.parametrize(
    "leave", [lambda desk, case: desk.go_off_duty("Tiiu"), lambda desk, case: desk.release(case, "Tiiu")]
)
async def test_agent_when_they_give_a_case_up_then_it_waits_again(desk: SqlDesk, leave: Callable[..., object]) -> None:
    case = await call(desk)
    await desk.claim(case.case_id, "Tiiu")
    await leave(desk, case.case_id)  # type: ignore[misc]
    assert [each.state for each in await desk.queue("Rein")] == [CaseState.WAITING]


async def test_waiting_when_no_agent_has_asked_lately_then_nobody_is_on_duty(desk: SqlDesk, clock: Clock) -> None:
    assert await desk.waiting() is None
    await desk.queue("Tiiu")
    await call(desk)
    assert await desk.waiting() == 1
    clock.now += DUTY_SECONDS
    assert await desk.waiting() is None


async def test_case_when_closed_then_the_last_words_can_be_read_and_new_ones_go_elsewhere(desk: SqlDesk) -> None:
    case = await call(desk)
    await desk.claim(case.case_id, "Tiiu")
    await desk.answer(case.case_id, "Tiiu", "Goodbye", "key")
    await desk.close_case(case.case_id, "Tiiu")
    assert await desk.open_case(ANYBODY) is None
    latest = await desk.latest_case(ANYBODY)
    assert latest
    assert latest.state is CaseState.CLOSED
    assert [each.text for each in await desk.words_of_citizen(ANYBODY, case.case_id, 0)] == ["Goodbye"]
    with pytest.raises(UnknownCase):
        await desk.say(ANYBODY, case.case_id, "wait")
    assert (await call(desk)).case_id != case.case_id


async def test_case_when_the_citizen_leaves_then_the_agent_sees_it_no_more(desk: SqlDesk) -> None:
    case = await call(desk)
    await desk.claim(case.case_id, "Tiiu")
    await desk.leave(ANYBODY)
    assert await desk.queue("Tiiu") == ()


async def test_case_when_its_citizen_neither_speaks_nor_looks_then_it_is_closed_and_later_destroyed(
    desk: SqlDesk, clock: Clock
) -> None:
    await call(desk)
    clock.now += LEFT_SECONDS - 10
    await desk.latest_case(ANYBODY)
    clock.now += 20
    await desk.purge()
    assert await desk.open_case(ANYBODY)
    clock.now += LEFT_SECONDS
    await desk.purge()
    assert await desk.open_case(ANYBODY) is None
    clock.now += KEPT_SECONDS + 1
    await desk.purge()
    assert await desk.latest_case(ANYBODY) is None


async def test_case_of_a_citizen_when_somebody_else_is_in_the_dialogue_then_it_is_not_shown(desk: SqlDesk) -> None:
    case = await call(desk, MARY)
    for other in (replace(JAAK, dialogue_id=MARY.dialogue_id), replace(ANYBODY, dialogue_id=MARY.dialogue_id)):
        assert await desk.open_case(other) is None
        assert await desk.latest_case(other) is None
        with pytest.raises(UnknownCase):
            await desk.words_of_citizen(other, case.case_id, 0)


async def test_case_of_a_citizen_when_they_look_on_another_screen_of_theirs_then_it_is_there(desk: SqlDesk) -> None:
    case = await call(desk, MARY)
    assert await desk.latest_case(replace(MARY, dialogue_id="another")) == case


async def test_own_data_when_told_and_forgotten_then_it_is_all_of_it(desk: SqlDesk) -> None:
    await call(desk, JAAK)
    case = await call(desk)
    logged_in = replace(ANYBODY, subject=MARY.subject)
    await desk.say(logged_in, case.case_id, "my words")  # who logs in takes the case along
    (kept,) = await desk.kept_of(MARY.subject or "")
    assert [each["text"] for each in kept["words"]] == ["my words"]  # type: ignore[attr-defined]
    assert kept["transcript"] == [["my car", "Which one?"], ["all of them", "I did not understand."]]
    assert await desk.forget(MARY.subject or "") == 1
    assert await desk.kept_of(MARY.subject or "") == []
    assert await desk.open_case(JAAK)


async def test_words_when_the_database_is_read_by_others_then_they_are_noise(desk: SqlDesk, tmp_path: Path) -> None:
    case = await call(desk, MARY)
    await desk.say(MARY, case.case_id, "my secret words")
    with closing(sqlite3.connect(tmp_path / "kratt.db")) as copy:
        dump = "\n".join(copy.iterdump())
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "secret words" not in dump
    assert b"secret words" not in raw
    assert b"Which one" not in raw
    assert b"EE60001019906" not in raw


async def test_words_when_the_operators_secret_is_another_then_there_are_none(
    desk: SqlDesk, database: SqlDatabase, clock: Clock
) -> None:
    case = await call(desk)
    await desk.say(ANYBODY, case.case_id, "words")
    other = SqlDesk(database, "another secret", clock)
    assert await other.words_of_citizen(ANYBODY, case.case_id, 0) == ()
