"""What may be said where: a test for each cell of the matrix, and what must not slip past it."""

import pytest

from actions.dialogue.frames import CONFIRM
from assistant.core.channels import ACT, DESK, MATRIX, PERSONAL, PUBLIC, SENSITIVE, Channel
from assistant.core.outcomes import Outcome
from tests.unit.actions.dialogue.conftest import make_citizen

pytestmark = pytest.mark.unit

ELSEWHERE = ("shared_speaker", "locked_speaker", "quiet_speaker", "unlocked_speaker", "telephone", "external_chat")
EXPECTED = {
    "web": ("said", "said", "said", "said"),
    "shared_speaker": ("said", "ask_elsewhere", "ask_elsewhere", "ask_elsewhere"),
    "locked_speaker": ("said", "unlock_first", "unlock_first", "unlock_first"),
    "quiet_speaker": ("said", "sent_to_screen", "sent_to_screen", "sent_to_screen"),
    "unlocked_speaker": ("said", "said", "sent_to_screen", "sent_to_screen"),
    "telephone": ("said", "ask_elsewhere", "ask_elsewhere", "ask_elsewhere"),
    "external_chat": ("said", "ask_elsewhere", "ask_elsewhere", "ask_elsewhere"),
}
CELLS = [
    (channel, kind, expected)
    for channel, row in EXPECTED.items()
    for kind, expected in zip((PUBLIC, PERSONAL, SENSITIVE, ACT), row, strict=True)
]


@pytest.fixture
def services(services):
    """Each car service as sensitive and as public, too; the public one is open to anybody."""
    vehicle = services["vehicle"]
    return {
        **services,
        "sensitive": vehicle.model_copy(update={"service": "sensitive", "data_class": SENSITIVE}),
        "public": vehicle.model_copy(update={"service": "public", "data_class": PUBLIC, "assurance": "none"}),
    }


def test_matrix_when_read_then_it_has_exactly_these_cells():
    cells = {(c.value, kind) for c in Channel for kind in MATRIX[c] if kind != DESK}
    assert {(channel, kind) for channel, kind, _ in CELLS} == cells


@pytest.mark.parametrize(("channel", "kind", "expected"), CELLS)
async def test_cell_when_asked_then_it_is_said_sent_or_refused(citizen, channel, kind, expected) -> None:
    citizen.channel = channel
    service = {PUBLIC: "public", PERSONAL: "vehicle", SENSITIVE: "sensitive", ACT: "notice"}[kind]
    responses = await citizen.says("what about my cars", service)
    if expected == "said":
        assert responses[0] in {"vehicle", "ask_car"}
        return
    assert responses == [expected]
    assert citizen.registers.asked == []
    assert citizen.stack == ()
    assert citizen.turn.said[0].own_screen == ("what about my cars" if expected == "sent_to_screen" else "")
    elsewhere = expected == "sent_to_screen"
    assert citizen.turn.outcome is (Outcome.ANSWERED_ELSEWHERE if elsewhere else Outcome.ASKED_LOGIN)


async def test_channel_when_unknown_then_anybody_may_be_listening(citizen) -> None:
    citizen.channel = "a connector of tomorrow"
    assert await citizen.says("my cars", "vehicle") == ["ask_elsewhere"]


@pytest.mark.parametrize("channel", ELSEWHERE)
async def test_read_back_when_the_yes_comes_from_elsewhere_then_nothing_is_written(citizen, channel) -> None:
    await citizen.says("sell the volvo today", "notice")
    await citizen.says("today", "inform")
    assert citizen.stack[-1].asked == CONFIRM
    citizen.channel = channel
    await citizen.says("yes", "affirm")
    assert citizen.writer.acts == []


@pytest.mark.parametrize(("channel", "acts"), [("unlocked_speaker", 1), ("quiet_speaker", 0), ("locked_speaker", 0)])
async def test_act_when_any_voice_may_confirm_it_then_it_is_done_where_personal_things_are_said(
    services, channel, acts
) -> None:
    services["notice"] = services["notice"].model_copy(update={"any_voice": True})
    citizen = make_citizen(services)
    citizen.channel = channel
    await citizen.says("i sold the volvo today", "notice")
    await citizen.says("yes", "affirm")
    assert len(citizen.writer.acts) == acts


async def test_question_when_it_is_open_and_the_speaker_is_locked_then_its_answers_are_not_read(citizen) -> None:
    await citizen.says("my trips", "trips")
    citizen.registers.asked.clear()
    citizen.channel = "locked_speaker"
    await citizen.says("go on", "more")
    assert citizen.registers.asked == []


async def test_offer_when_it_is_taken_then_the_title_waits_and_not_the_yes(citizen, services) -> None:
    citizen.hold.services["vehicle"] = services["sensitive"].model_copy(update={"service": "vehicle"})
    citizen.channel = "unlocked_speaker"
    responses = await citizen.says("my trips by bus", "trips", trip_kind="bus")
    while responses[-1] == "more_question":
        responses = await citizen.says("go on", "more")
    assert responses[-1] == "offer_vehicle"
    assert await citizen.says("yes", "affirm") == ["sent_to_screen"]
    assert citizen.turn.said[0].own_screen == "the title of vehicle"


async def test_two_requests_when_one_may_be_said_then_only_the_other_is_sent(citizen) -> None:
    citizen.channel = "unlocked_speaker"
    responses = await citizen.says_several(vehicle="my cars", sensitive="my secrets")
    assert responses == ["vehicle", "vehicle_item", "vehicle_item", "sent_to_screen"]
    assert [said.own_screen for said in citizen.turn.said][-1] == "my secrets"


async def test_two_requests_when_the_speaker_is_locked_then_it_says_so_once(citizen) -> None:
    citizen.channel = "locked_speaker"
    assert await citizen.says_several(vehicle="my cars", sensitive="my secrets") == ["unlock_first"]
