"""What has to be signed is done once the citizen's own phone has confirmed it, and not before."""

import pytest

from actions.dialogue.acting import ActResult, ActState
from assistant.core.errors import ServiceUnavailable
from assistant.core.outcomes import Outcome
from assistant.core.ports import PhoneAnswer

pytestmark = pytest.mark.unit

NUMBER = "+37255500001"


@pytest.fixture
async def asked(citizen):
    """A citizen whose phone asks them."""
    citizen.registers.answers["contact"] = {"phone": NUMBER}
    assert await citizen.says("please do it", "signed") == ["signed_read_back", "read_back_known", "confirm_question"]
    assert await citizen.says("yes", "affirm") == ["phone_asked"]
    assert citizen.values_of("phone_asked") == {"code": "4 2 7 1"}
    assert citizen.turn.outcome is Outcome.ASKED_CONFIRMATION
    return citizen


@pytest.mark.parametrize("number", [None, NUMBER], ids=["no number", "a number as well"])
async def test_yes_when_the_citizen_has_linked_an_app_then_the_code_is_chosen_there(citizen, number) -> None:
    citizen.registers.answers["contact"] = {"phone": number} if number else {}
    citizen.writer.app = "PNOEE-60001019906-MOCK-Q"
    await citizen.says("please do it", "signed")
    assert await citizen.says("yes", "affirm") == ["app_asked"]
    assert citizen.values_of("app_asked") == {"code": "4 2 7 1"}
    citizen.writer.phone = PhoneAnswer.WAITING
    assert await citizen.says("done") == ["app_waiting"]
    citizen.writer.phone = PhoneAnswer.CONFIRMED
    assert await citizen.says("done") == ["signed_done"]
    assert [address for _, address in citizen.writer.asked] == [citizen.writer.app]


async def test_yes_when_it_has_to_be_signed_then_the_registers_number_is_asked_and_nothing_is_sent(asked) -> None:
    [(key, number)] = asked.writer.asked
    assert number == NUMBER
    assert key == asked.stack[-1].confirmation
    assert asked.writer.acts == []


@pytest.mark.parametrize(("words", "intent"), [("done", "nlu_fallback"), ("yes", "affirm"), ("i confirm", "confirm")])
async def test_words_when_the_phone_has_confirmed_then_it_is_done_once(asked, words: str, intent: str) -> None:
    assert await asked.says(words, intent) == ["signed_done"]
    assert [act.key for act in asked.writer.acts] == [key for key, _ in asked.writer.asked]
    assert asked.stack == ()


async def test_done_when_it_sounds_like_the_end_then_it_is_said_of_the_phone_and_only_then(asked) -> None:
    assert await asked.says("i am done", "stop") == ["signed_done"]
    assert await asked.says("i am done", "stop") == ["stop"]


@pytest.mark.parametrize("answer", [PhoneAnswer.REFUSED, PhoneAnswer.TIMED_OUT])
async def test_words_when_the_phone_has_not_confirmed_then_the_same_is_said_and_nothing_is_sent(asked, answer) -> None:
    asked.writer.phone = answer
    assert await asked.says("done") == ["phone_not_confirmed"]
    assert (asked.writer.acts, asked.stack, asked.turn.outcome) == ([], (), Outcome.ANSWERED)


async def test_words_when_the_phone_is_silent_then_the_code_is_said_again(asked) -> None:
    asked.writer.phone = PhoneAnswer.WAITING
    assert await asked.says("done") == ["phone_waiting"]
    assert await asked.says("done") == ["phone_waiting"]
    asked.writer.phone = PhoneAnswer.CONFIRMED
    assert await asked.says("now i did") == ["signed_done"]


@pytest.mark.parametrize(("words", "intent"), [("no", "deny"), ("no never mind", "deny")])
async def test_no_when_the_phone_asks_then_a_late_yes_there_does_nothing(asked, words: str, intent: str) -> None:
    assert await asked.says(words, intent) == ["not_sent"]
    await asked.says("done")
    assert asked.writer.acts == []


async def test_stop_when_the_phone_asks_then_nothing_is_sent(asked) -> None:
    assert await asked.says("stop", "stop") == ["stop"]
    assert (asked.writer.acts, asked.stack) == ([], ())


async def test_request_when_the_phone_asks_then_it_is_read_back_and_asked_anew(asked) -> None:
    said = await asked.says("what is my car", "vehicle")
    assert said[-1] == "confirm_question"
    assert await asked.says("yes", "affirm") == ["phone_asked"]
    assert len(asked.writer.asked) == 2
    assert asked.writer.acts == []


async def test_talk_when_the_phone_asks_then_it_is_answered_and_the_phone_goes_on_asking(asked) -> None:
    assert await asked.says("hello", "greet") == ["greet"]
    assert await asked.says("done") == ["signed_done"]


async def test_registers_when_they_say_something_else_meanwhile_then_it_is_read_back_and_asked_anew(asked) -> None:
    asked.registers.answers["job"] = {"endedOn": "2026-11-01"}
    assert (await asked.says("done"))[0] == "changed"
    assert asked.writer.acts == []
    assert await asked.says("yes", "affirm") == ["phone_asked"]


async def test_another_person_when_they_say_done_then_it_is_nobodys(asked) -> None:
    asked.subject = "EE38001085718"
    await asked.says("done")
    assert asked.writer.acts == []


@pytest.mark.parametrize(
    ("phone", "number", "said", "outcome"),
    [
        (None, NUMBER, "phone_too_often", Outcome.ANSWERED),
        (ServiceUnavailable(), NUMBER, "phone_unavailable", Outcome.FAILED_REGISTER),
        (PhoneAnswer.CONFIRMED, None, "phone_none", Outcome.ANSWERED),
    ],
    ids=["asked too often", "down", "no number"],
)
async def test_yes_when_the_phone_cannot_be_asked_then_nothing_is_sent(citizen, phone, number, said, outcome) -> None:
    citizen.writer.phone = phone
    citizen.registers.answers["contact"] = {"phone": number} if number else {}
    await citizen.says("please do it", "signed")
    assert await citizen.says("yes", "affirm") == [said]
    assert (citizen.writer.acts, citizen.stack, citizen.turn.outcome) == ([], (), outcome)


async def test_phones_when_they_break_after_they_were_asked_then_nothing_is_sent(asked) -> None:
    asked.writer.phone = ServiceUnavailable()
    assert await asked.says("done") == ["phone_unavailable"]
    assert asked.writer.acts == []


async def test_register_of_numbers_when_it_is_down_then_it_says_so_before_anything_is_read_back(citizen) -> None:
    citizen.registers.answers["contact"] = ServiceUnavailable()
    assert await citizen.says("please do it", "signed") == ["register_unavailable"]


async def test_act_when_the_writer_finds_it_unconfirmed_then_it_says_that_nothing_was_sent(asked) -> None:
    asked.writer.result = ActResult(ActState.NOT_SENT)
    assert await asked.says("done") == ["write_unavailable"]


async def test_speaker_when_unlocked_then_its_yes_sends_nothing_and_the_phone_does(citizen) -> None:
    citizen.channel = "unlocked_speaker"
    citizen.registers.answers["contact"] = {"phone": NUMBER}
    await citizen.says("please do it", "signed")
    assert await citizen.says("yes", "affirm") == ["phone_asked"]
    assert citizen.writer.acts == []
    assert await citizen.says("done") == ["signed_done"]


@pytest.mark.parametrize("channel", ["shared_speaker", "locked_speaker", "quiet_speaker", "telephone"])
async def test_speaker_when_it_may_say_nothing_personal_then_no_phone_is_asked(asked, channel: str) -> None:
    asked.channel = channel
    await asked.says("done")
    await asked.says("please do it", "signed")
    await asked.says("yes", "affirm")
    assert len(asked.writer.asked) == 1
    assert asked.writer.acts == []
