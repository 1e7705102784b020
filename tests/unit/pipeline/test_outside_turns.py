import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from assistant.core.channels import Channel
from assistant.core.errors import Busy, MalformedTurn, NotAllowed, ServiceUnavailable, UnknownLanguage
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.ports import Session
from assistant.core.turns import Part, Reply
from assistant.pipeline import outside_turns
from assistant.pipeline.answer_turn import Answer, Request
from assistant.pipeline.outside_turns import LONGEST_NAME, OutsideTurns, Sender
from assistant.pipeline.take_turn import Caller

pytestmark = pytest.mark.unit

ANNA = Sender("rasa", "anna", Channel.EXTERNAL_CHAT)
RESPONSES = {
    "utter_error_busy": dict.fromkeys(Language, "Busy."),
    "utter_failed_unexpected": dict.fromkeys(Language, "Sorry."),
}


@dataclass
class FakeTakeTurn:
    counted: list[Caller] = field(default_factory=list)

    async def count_caller(self, caller: Caller) -> None:
        self.counted.append(caller)

    async def __call__(self, request: Request, caller: Caller) -> Answer:
        return Answer(Reply("turn", "conversation", Language.RU, Outcome.ANSWERED, (Part("Да."),)))


class FakeSessions:
    async def find_or_start(self, conversation_id: str) -> Session:
        return Session(conversation_id, f"dialogue of {conversation_id}")


@pytest.fixture
def turns() -> Any:
    take_turn: Any = FakeTakeTurn()
    sessions: Any = FakeSessions()
    return OutsideTurns(take_turn, sessions, "secret", RESPONSES, Language.EN)


async def test_sender_when_they_come_again_then_it_is_the_same_anonymous_session(turns: Any) -> None:
    first, second = [await turns.caller_of(ANNA) for _ in range(2)]
    assert first == second
    assert (first.session.subject, first.channel, first.device_id) == (None, Channel.EXTERNAL_CHAT, None)
    assert turns.take_turn.counted == [first, second]


@pytest.mark.parametrize(
    ("other", "secret"),
    [
        (replace(ANNA, name="Anna"), "secret"),
        (replace(ANNA, connector="alexa"), "secret"),
        (Sender("rasa of", "anna", Channel.EXTERNAL_CHAT), "secret"),
        (ANNA, "another secret"),
    ],
)
async def test_sessions_when_name_connector_or_secret_differ_then_are_apart(
    turns: Any, other: Sender, secret: str
) -> None:
    anna = await turns.caller_of(ANNA)
    apart = await replace(turns, secret=secret).caller_of(other)
    assert anna.session.conversation_id != apart.session.conversation_id
    assert "anna" not in anna.session.conversation_id


@pytest.mark.parametrize("name", ["", "x" * (LONGEST_NAME + 1), "a\x00b", "a\nb", "\ud800"])
async def test_sender_when_the_name_is_none_then_is_refused(turns: Any, name: str) -> None:
    with pytest.raises(MalformedTurn):
        await turns.caller_of(replace(ANNA, name=name))
    assert turns.take_turn.counted == []


async def test_language_when_none_is_named_then_is_the_one_of_the_last_reply(turns: Any) -> None:
    anna, jaak = await turns.caller_of(ANNA), await turns.caller_of(replace(ANNA, name="jaak"))
    assert turns.language_of(anna) is Language.EN
    await turns.take(Request("привет", Language.EN), anna)
    assert turns.language_of(anna) is Language.RU
    assert turns.language_of(anna, "et-EE") is Language.ET
    assert turns.language_of(jaak) is Language.EN
    with pytest.raises(UnknownLanguage):
        turns.language_of(anna, "tlh")


def test_words_when_an_error_has_none_of_its_own_then_something_unexpected_is_told(turns: Any) -> None:
    assert turns.words(Busy(), Language.EN) == "Busy."
    assert turns.words(MalformedTurn(), Language.EN) == "Sorry."


@dataclass
class FakeCalls:
    """Calls at another gateway, whose database fails now and then; keeps what was asked of it."""

    answers: list[bool | Exception]
    claims: list[tuple[str, str]] = field(default_factory=list)
    released: list[tuple[str, str]] = field(default_factory=list)
    often: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once it was claimed four times."""

    async def claim(self, call: str, holder: str) -> bool:
        self.claims.append((call, holder))
        if len(self.claims) == 4:
            self.often.set()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def release(self, call: str, holder: str) -> None:
        self.released.append((call, holder))


async def test_call_when_it_lasts_then_its_claim_is_renewed_through_failures_and_given_back(
    turns: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside_turns, "CLAIM_SECONDS", 0.004)
    calls = FakeCalls([True, ServiceUnavailable("down"), True])
    ended: list[str] = []

    async def log_out(conversation_id: str) -> None:
        ended.append(conversation_id)

    turns.sessions.log_out = log_out
    async with replace(turns, calls=calls).alone(ANNA):
        await asyncio.wait_for(calls.often.wait(), 5)
    assert len({*calls.claims, *calls.released}) == 1
    assert ended == [calls.claims[0][0]]
    assert "anna" not in str(calls.claims)


@pytest.mark.parametrize(("answer", "refusal"), [(False, NotAllowed), (ServiceUnavailable("down"), ServiceUnavailable)])
async def test_call_when_another_gateway_serves_it_or_nobody_can_tell_then_it_is_refused(
    turns: Any, answer: bool | Exception, refusal: type[Exception]
) -> None:
    calls = FakeCalls([answer])
    with pytest.raises(refusal):
        async with replace(turns, calls=calls).alone(ANNA):
            pytest.fail("it was served")
    assert calls.released == []
