"""From Kratt to a person: what is offered, what is agreed to, and what is told where there is nobody."""

from datetime import date

import pytest

from actions.dialogue.frames import PERSON, TRANSCRIPT
from assistant.core.desk_now import Availability, DeskNow
from assistant.core.outcomes import Outcome
from tests.unit.actions.dialogue.conftest import Citizen

pytestmark = pytest.mark.unit

HERE = DeskNow(Availability.ON_DUTY, 3, date(2026, 11, 27))
ASK = ("i want to talk to a human", "speak_to_person")


@pytest.fixture
def citizen(citizen: Citizen) -> Citizen:
    citizen.desk = HERE
    return citizen


def called(citizen: Citizen) -> object:
    return next((said.called for said in citizen.turn.said if said.called), None)


@pytest.mark.parametrize(
    ("answer", "shared", "with_transcript"),
    [(("yes", "affirm"), "desk_shared", True), (("no", "deny"), "desk_not_shared", False)],
)
async def test_person_when_asked_for_then_they_are_called_with_as_much_as_was_consented_to(
    citizen: Citizen, answer: tuple[str, str], shared: str, with_transcript: bool
) -> None:
    assert await citizen.says(*ASK) == ["desk_offer"]
    assert citizen.turn.outcome is Outcome.ASKED_DETAIL
    assert citizen.stack[-1].asked == PERSON
    assert await citizen.says("yes", "affirm") == ["desk_transcript"]
    assert citizen.stack[-1].asked == TRANSCRIPT
    assert called(citizen) is None
    assert await citizen.says(*answer) == [shared, "desk_called"]
    assert citizen.values_of("desk_called") == {"place": 3}
    assert citizen.turn.outcome is Outcome.HANDED_OVER
    assert called(citizen) == {"reason": "asked", "service": "", "with_transcript": with_transcript}
    assert citizen.stack == ()


async def test_person_when_refused_then_nobody_is_called(citizen: Citizen) -> None:
    await citizen.says(*ASK)
    assert await citizen.says("no", "deny") == ["all_right"]
    assert called(citizen) is None
    assert citizen.stack == ()


async def test_person_when_asked_for_again_then_that_is_a_yes(citizen: Citizen) -> None:
    await citizen.says(*ASK)
    assert await citizen.says(*ASK) == ["desk_transcript"]


async def test_offer_when_something_else_is_asked_then_that_is_answered_and_nobody_is_called(citizen: Citizen) -> None:
    await citizen.says(*ASK)
    assert await citizen.says("my cars", "vehicle") == ["vehicle", "vehicle_item", "vehicle_item"]
    assert all(frame.asked not in {PERSON, TRANSCRIPT} for frame in citizen.stack)


async def test_consent_when_the_answer_is_not_understood_twice_then_it_is_none(citizen: Citizen) -> None:
    await citizen.says(*ASK)
    await citizen.says("yes", "affirm")
    assert await citizen.says("well the thing") == ["desk_transcript"]
    assert await citizen.says("well the thing") == ["desk_not_shared", "desk_called"]


async def test_offer_when_the_answer_is_not_understood_twice_then_it_is_left(citizen: Citizen) -> None:
    await citizen.says(*ASK)
    assert await citizen.says("well the thing") == ["desk_offer"]
    assert await citizen.says("well the thing") == ["all_right"]
    assert citizen.stack == ()


async def test_offer_when_stopped_then_nothing_is_open(citizen: Citizen) -> None:
    await citizen.says(*ASK)
    assert await citizen.says("stop", "stop") == ["stop"]
    assert citizen.stack == ()


async def test_third_turn_that_is_not_understood_offers_a_person_and_tells_why(citizen: Citizen) -> None:
    await citizen.says("mumble")
    await citizen.says("mumble")
    assert await citizen.says("mumble") == ["still_not_understood", "desk_offer"]
    await citizen.says("yes", "affirm")
    await citizen.says("no", "deny")
    assert called(citizen) == {"reason": "not_understood", "service": "", "with_transcript": False}


async def test_person_when_called_in_the_middle_of_a_service_then_it_waits_and_is_named(citizen: Citizen) -> None:
    await citizen.says("i sold my car", "notice")
    before = citizen.stack
    assert await citizen.says(*ASK) == ["desk_offer"]
    await citizen.says("yes", "affirm")
    assert await citizen.says("yes", "affirm") == ["desk_shared", "desk_called"]
    assert called(citizen) == {"reason": "asked", "service": "notice", "with_transcript": True}
    assert [(each.service, each.asked) for each in citizen.stack] == [(each.service, each.asked) for each in before]


async def test_person_when_refused_in_the_middle_of_a_service_then_its_question_comes_again(citizen: Citizen) -> None:
    await citizen.says("i sold my car", "notice")
    await citizen.says(*ASK)
    assert await citizen.says("no", "deny") == ["all_right", "return_to", "ask_car"]


@pytest.mark.parametrize(
    ("desk", "said"),
    [
        (DeskNow(), "speak_to_person"),
        (DeskNow(Availability.CLOSED, opens=date(2026, 11, 27), hours="9:00–17:00"), "desk_closed"),
        (DeskNow(Availability.CLOSED), "speak_to_person"),
        (DeskNow(Availability.UNATTENDED), "desk_unattended"),
    ],
)
async def test_person_when_nobody_is_there_then_that_is_said_and_nobody_waits(
    citizen: Citizen, desk: DeskNow, said: str
) -> None:
    citizen.desk = desk
    assert await citizen.says(*ASK) == [said]
    assert citizen.turn.outcome is Outcome.HANDED_OVER
    assert citizen.stack == ()
    if said == "desk_closed":
        assert citizen.values_of(said) == {"day": "27 November 2026", "hours": "9:00–17:00"}


async def test_person_when_they_go_home_before_the_yes_then_that_is_said(citizen: Citizen) -> None:
    await citizen.says(*ASK)
    citizen.desk = DeskNow(Availability.UNATTENDED)
    assert await citizen.says("yes", "affirm") == ["desk_unattended"]
    citizen.desk = HERE
    await citizen.says(*ASK)
    await citizen.says("yes", "affirm")
    citizen.desk = DeskNow(Availability.UNATTENDED)
    assert await citizen.says("yes", "affirm") == ["desk_unattended"]
    assert called(citizen) is None


@pytest.mark.parametrize("channel", ["shared_speaker", "locked_speaker", "external_chat", "no such channel"])
async def test_person_when_what_they_reply_cannot_be_told_here_then_nobody_is_called(
    citizen: Citizen, channel: str
) -> None:
    citizen.channel = channel
    assert await citizen.says(*ASK) == ["speak_to_person"]


@pytest.mark.parametrize("channel", ["web", "unlocked_speaker", "telephone"])
async def test_person_when_what_they_reply_can_be_told_here_then_they_are_called(
    citizen: Citizen, channel: str
) -> None:
    citizen.channel = channel
    await citizen.says(*ASK)
    await citizen.says("yes", "affirm")
    assert await citizen.says("yes", "affirm") == ["desk_shared", "desk_called"]


async def test_person_when_called_from_a_quiet_speaker_then_it_tells_where_the_answers_are(citizen: Citizen) -> None:
    citizen.channel = "quiet_speaker"
    await citizen.says(*ASK)
    await citizen.says("yes", "affirm")
    assert await citizen.says("yes", "affirm") == ["desk_shared", "desk_elsewhere", "desk_called"]
