"""Writes on a real file against a register that does as it is told."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from actions.writing.confirmed_write import ConfirmedWrite, WriteResult, WriteState
from actions.writing.follow_ups import FollowUps
from actions.writing.journal import STALE_SECONDS, WriteJournal
from actions.writing.notices import Notice, Outbox
from actions.writing.send_notices import SendNotices
from actions.writing.submit_once import SubmitOnce
from actions.xroad.answers import Answer, Receipt
from actions.xroad.identifiers import ServiceId, build_path
from actions.xroad.question import Question
from assistant.core.errors import KrattError, OutcomeUnknown, ServiceRefused, ServiceUnavailable
from assistant.database import SqlDatabase

pytestmark = pytest.mark.integration

MARY = "EE60001019906"
REGISTER = ServiceId.parse("EE/GOV/70008440/rr/addresschange")
MAILBOX = ServiceId.parse("EE/GOV/70006317/mailbox/messages")
DONE = {"receiptNumber": "RR-1", "decisionBy": "2026-12-24", "newAddress": "Pikk 1"}
UNKNOWN_KEY = ServiceRefused(problem="unknown_key")
DAY = 86400


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class FakeXRoad:
    """Answers with what was put on its list, in this order; an error is raised."""

    posts: list[object] = field(default_factory=list)
    gets: list[object] = field(default_factory=list)
    seen: list[tuple[str, Question]] = field(default_factory=list)
    bodies: list[Mapping[str, object]] = field(default_factory=list)

    async def post(
        self, question: Question, body: Mapping[str, object], idempotency_key: str, timeout_seconds: float
    ) -> Answer:
        assert question.issue == idempotency_key
        assert timeout_seconds > 0
        self.bodies.append(body)
        return await self._answer("POST", question, self.posts.pop(0))

    async def get(self, question: Question, timeout_seconds: float) -> Answer:
        return await self._answer("GET", question, self.gets.pop(0))

    async def _answer(self, method: str, question: Question, answer: object) -> Answer:
        self.seen.append((method, question))
        await asyncio.sleep(0)
        if isinstance(answer, BaseException):
            raise answer
        return Answer(answer, Receipt("message-id", "request-id", "request-hash"))

    @property
    def methods(self) -> list[str]:
        return [method for method, _ in self.seen]


@dataclass(frozen=True)
class Parts:
    database: SqlDatabase
    xroad: FakeXRoad
    clock: Clock
    journal: WriteJournal
    outbox: Outbox
    submit: SubmitOnce
    follow_ups: FollowUps
    notices: SendNotices

    async def untold(self, subject: str = MARY) -> tuple[WriteResult, ...]:
        """What a turn would tell now, after everything that is being noted was noted."""
        await asyncio.gather(*self.submit._telling)
        return await self.follow_ups.untold(subject)

    def restart(self) -> SubmitOnce:
        return SubmitOnce(self.journal, self.xroad, self.clock)


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Parts]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'record.db'}", "KRATT_RECORD_DATABASE")
    xroad, clock = FakeXRoad(), Clock()
    journal, outbox = WriteJournal(database, compose, clock), Outbox(database, clock)
    await journal.open()
    await outbox.open()

    def in_a_minute(_: int) -> float:
        return clock.now + 60

    yield Parts(
        database,
        xroad,
        clock,
        journal,
        outbox,
        SubmitOnce(journal, xroad, clock),
        FollowUps(journal, xroad, 48, clock, in_a_minute),
        SendNotices(outbox, xroad, MAILBOX, 48, clock, in_a_minute),
    )
    await database.close()


def compose(result: WriteResult) -> Notice | None:
    if result.state is not WriteState.DONE:
        return None
    number = str(result.answer["receiptNumber"])
    return Notice({result.language: "Done"}, {result.language: f"Your receipt is {number}"}, number)


def confirmed(key: str = "k" * 64, subject: str = MARY) -> ConfirmedWrite:
    path = "/v1/persons/{subject}/address-changes"
    values = {"subject": subject, "key": key}
    paths = (build_path(path, values), build_path(path + "/{key}", values))
    kept = ("receiptNumber", "decisionBy")
    return ConfirmedWrite(
        key, subject, "address_change", "submit", REGISTER, *paths, {"newAddress": "Pikk 1"}, kept, "et"
    )


async def test_submit_when_the_register_answers_then_is_done_and_only_what_is_needed_is_kept(
    parts: Parts, tmp_path: Path
) -> None:
    parts.xroad.posts = [DONE]
    result = await parts.submit(confirmed(), 5)
    assert result.state is WriteState.DONE
    assert result.answer == {"receiptNumber": "RR-1", "decisionBy": "2026-12-24"}
    assert parts.xroad.bodies == [{"newAddress": "Pikk 1"}]
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"request-hash" in stored
    assert b"Pikk" not in stored


async def test_submit_when_done_and_confirmed_again_then_says_the_same_and_sends_nothing(parts: Parts) -> None:
    parts.xroad.posts = [DONE]
    first = await parts.submit(confirmed(), 5)
    assert await parts.submit(confirmed(), 5) == await parts.restart()(confirmed(), 5) == first
    assert parts.xroad.methods == ["POST"]


async def test_submit_when_confirmed_twice_at_once_then_the_second_waits_for_the_first(parts: Parts) -> None:
    parts.xroad.posts = [DONE]
    first, second = await asyncio.gather(*(parts.submit(confirmed(), 5) for _ in range(2)))
    assert first == second
    assert parts.xroad.methods == ["POST"]


@pytest.mark.parametrize(
    ("error", "state"),
    [
        pytest.param(ServiceRefused(problem="owner_consent_missing"), WriteState.REFUSED, id="refused"),
        pytest.param(ServiceUnavailable(may_have_acted=False), WriteState.UNSENT, id="unsent"),
    ],
)
async def test_submit_when_nothing_was_done_then_says_so_and_may_be_tried_again(
    parts: Parts, error: KrattError, state: WriteState
) -> None:
    parts.xroad.posts = [error, DONE]
    result = await parts.submit(confirmed(), 5)
    assert (result.state, result.problem) == (state, getattr(error, "problem", None))
    assert await parts.untold() == ()
    assert (await parts.submit(confirmed(), 5)).state is WriteState.DONE
    assert parts.xroad.methods == ["POST", "POST"]


async def test_submit_when_the_outcome_is_unknown_then_asks_at_once(parts: Parts) -> None:
    parts.xroad.posts, parts.xroad.gets = [OutcomeUnknown(message_id="lost-message")], [DONE]
    assert (await parts.submit(confirmed(), 5)).state is WriteState.DONE
    async with parts.database.transaction() as connection:
        assert (await connection.exec_driver_sql("SELECT message_id FROM writes")).scalar_one() == "lost-message"
    method, question = parts.xroad.seen[1]
    assert (method, question.path) == ("GET", f"/v1/persons/{MARY}/address-changes/{'k' * 64}")
    assert await parts.untold() == ()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(UNKNOWN_KEY, id="our message may still be under way"),
        pytest.param(ServiceUnavailable(), id="down"),
        pytest.param({"message": "all is well"}, id="an answer without a receipt"),
        pytest.param([], id="no answer to this"),
    ],
)
async def test_submit_when_nobody_knows_then_is_unknown_and_is_never_sent_again(parts: Parts, answer: object) -> None:
    parts.xroad.posts, parts.xroad.gets = [OutcomeUnknown()], [answer, answer, DONE]
    assert (await parts.submit(confirmed(), 5)).state is WriteState.UNKNOWN
    assert (await parts.submit(confirmed(), 5)).state is WriteState.UNKNOWN
    assert (await parts.restart()(confirmed(), 5)).state is WriteState.DONE
    assert parts.xroad.methods == ["POST", "GET", "GET", "GET"]


async def test_submit_when_it_cannot_be_written_down_then_nothing_is_sent(parts: Parts) -> None:
    async with parts.database.transaction() as connection:
        await connection.exec_driver_sql("DROP TABLE writes")
    with pytest.raises(ServiceUnavailable):
        await parts.submit(confirmed(), 5)
    assert parts.xroad.methods == []


async def test_submit_when_done_but_it_cannot_be_noted_then_it_is_told_all_the_same(parts: Parts) -> None:
    async with parts.database.transaction() as connection:
        await connection.exec_driver_sql("ALTER TABLE notices RENAME TO elsewhere")
    parts.xroad.posts = [DONE]
    assert (await parts.submit(confirmed(), 5)).state is WriteState.DONE
    async with parts.database.transaction() as connection:
        await connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO notices")
    parts.xroad.gets = [DONE]
    assert (await parts.submit(confirmed(), 5)).state is WriteState.DONE
    assert parts.xroad.methods == ["POST", "GET"]


async def test_follow_up_when_a_process_ended_in_the_middle_then_its_write_is_asked_after(parts: Parts) -> None:
    assert await parts.journal.begin(confirmed()) is None
    parts.clock.now += STALE_SECONDS - 1
    await parts.follow_ups.take_round()
    assert parts.xroad.methods == []
    parts.clock.now += 1
    parts.xroad.gets = [DONE]
    await parts.follow_ups.take_round()
    (result,) = await parts.untold()
    assert (result.state, result.answer["receiptNumber"]) == (WriteState.DONE, "RR-1")


async def test_follow_up_when_it_becomes_known_then_is_told_once_and_only_to_the_one_who_asked(parts: Parts) -> None:
    parts.xroad.posts, parts.xroad.gets = [OutcomeUnknown()], [UNKNOWN_KEY, ServiceUnavailable(), DONE]
    await parts.submit(confirmed(), 5)
    for _ in range(2):
        assert await parts.untold() == ()
        parts.clock.now += 60
        await parts.follow_ups.take_round()
    (result,) = await parts.untold()
    assert (result.service, result.language, result.state) == ("address_change", "et", WriteState.DONE)
    assert await parts.untold("EE38001085718") == ()
    await parts.follow_ups.mark_told([result.key])
    assert await parts.untold() == ()
    assert parts.xroad.methods == ["POST", "GET", "GET", "GET"]


async def test_follow_up_when_its_time_has_not_come_then_nobody_is_asked(parts: Parts) -> None:
    parts.xroad.posts, parts.xroad.gets = [OutcomeUnknown()], [UNKNOWN_KEY, UNKNOWN_KEY]
    await parts.submit(confirmed(), 5)
    parts.clock.now += 10
    await asyncio.gather(*(parts.follow_ups.take_round() for _ in range(3)))  # as several processes would
    assert parts.xroad.methods == ["POST", "GET", "GET"]


async def test_follow_up_when_nobody_knows_for_too_long_then_operators_and_the_citizen_are_told(
    parts: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    parts.xroad.posts, parts.xroad.gets = [OutcomeUnknown()], [UNKNOWN_KEY] * 2
    await parts.submit(confirmed(), 5)
    parts.clock.now += 48 * 3600 + 1
    await parts.follow_ups.take_round()
    (result,) = await parts.untold()
    assert result.state is WriteState.GIVEN_UP
    (record,) = caplog.records
    assert record.message == "write given up: nobody knows if it was done"
    assert record.facts["register"] == str(REGISTER)
    assert MARY not in str(record.facts)
    await parts.follow_ups.take_round()
    assert parts.xroad.gets == []


async def test_submit_when_the_turn_is_cut_off_after_it_was_done_then_the_next_one_tells(parts: Parts) -> None:
    await parts.journal.begin(confirmed())
    await parts.journal.settle(replace(confirmed().result(WriteState.DONE), answer=DONE))  # and here the turn ended
    assert [result.state for result in await parts.untold()] == [WriteState.DONE]


async def test_journal_when_the_citizen_was_told_long_ago_then_forgets(parts: Parts) -> None:
    parts.xroad.posts = [DONE, OutcomeUnknown()]
    parts.xroad.gets = [UNKNOWN_KEY, UNKNOWN_KEY]
    await parts.submit(confirmed("a" * 64), 5)
    await parts.submit(confirmed("b" * 64), 5)
    parts.clock.now += 30 * DAY
    await parts.journal.forget(30)
    async with parts.database.transaction() as connection:
        left = (await connection.exec_driver_sql("SELECT key, state FROM writes")).all()
    assert [tuple(row) for row in left] == [("b" * 64, "unknown")]
    await parts.follow_ups.take_round()
    parts.clock.now += 365 * DAY
    await parts.journal.forget(30)
    assert await parts.untold() == ()


async def test_notice_when_a_write_is_done_then_comes_to_the_mailbox_once(parts: Parts) -> None:
    parts.xroad.posts = [DONE, {"messageId": "1"}]
    await parts.submit(confirmed(), 5)
    await asyncio.gather(*(parts.notices.take_round() for _ in range(3)))
    parts.clock.now += 600
    await parts.notices.take_round()
    assert parts.xroad.bodies[1:] == [
        {"title": {"et": "Done"}, "text": {"et": "Your receipt is RR-1"}, "reference": "RR-1"}
    ]
    _, question = parts.xroad.seen[1]
    assert (question.service, question.path, question.subject) == (MAILBOX, f"/v1/persons/{MARY}/messages", MARY)


async def test_notice_when_the_mailbox_is_down_then_it_is_brought_later_and_the_turn_does_not_wait(
    parts: Parts,
) -> None:
    parts.xroad.posts = [DONE, ServiceUnavailable(may_have_acted=False), {"messageId": "1"}]
    assert (await parts.submit(confirmed(), 5)).state is WriteState.DONE
    for _ in range(3):
        await parts.notices.take_round()
        parts.clock.now += 60
    assert parts.xroad.methods == ["POST"] * 3


@pytest.mark.parametrize(
    ("asked", "methods"),
    [
        pytest.param([{"messageId": "1"}], ["GET"], id="it has it"),
        pytest.param([ServiceUnavailable(), UNKNOWN_KEY], ["GET", "GET", "POST"], id="it never got it"),
    ],
)
async def test_notice_when_the_mailbox_may_have_it_then_is_asked_before_it_is_sent_again(
    parts: Parts, asked: list[object], methods: list[str]
) -> None:
    parts.xroad.posts, parts.xroad.gets = [DONE, OutcomeUnknown(), {"messageId": "1"}], asked
    await parts.submit(confirmed(), 5)
    for _ in range(5):
        await parts.notices.take_round()
        parts.clock.now += 60
    assert parts.xroad.methods[2:] == methods
    assert len({question.issue for _, question in parts.xroad.seen[1:]}) == 1


@pytest.mark.parametrize("error", [ServiceRefused(), ServiceUnavailable(may_have_acted=False)])
async def test_notice_when_it_cannot_be_brought_then_operators_are_told(
    parts: Parts, caplog: pytest.LogCaptureFixture, error: KrattError
) -> None:
    parts.xroad.posts = [DONE, error]
    await parts.submit(confirmed(), 5)
    parts.clock.now += 49 * 3600
    for _ in range(2):
        await parts.notices.take_round()
        parts.clock.now += 60
    assert [record.message for record in caplog.records] == ["notice not brought to the mailbox"]
    assert MARY not in caplog.text
    parts.clock.now += 30 * DAY
    await parts.outbox.forget(30)
    async with parts.database.transaction() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM notices")).scalar_one() == 0
