"""Inputs that registers know: chosen from a list, prefilled, taken by default, and for whom."""

import pytest

from actions.dialogue.frames import CONFIRM
from assistant.core.outcomes import Outcome
from tests.unit.actions.dialogue.conftest import make_citizen

pytestmark = pytest.mark.unit

MARI = "EE51001091072"
BOOKED = ["on_behalf", "child_read_back", "read_back_item", "read_back_item", "confirm_question"]


async def reach_appointment(citizen) -> None:
    await citizen.says("a doctor", "child")
    await citizen.says("mari", "inform")


async def test_choice_when_something_depends_on_it_then_is_asked_first_and_the_rest_is_read_for_it(citizen) -> None:
    assert await citizen.says("a doctor", "child") == ["ask_child"]
    assert citizen.turn.said[-1].buttons == ("Mari", "Juku")
    assert citizen.registers.asked == ["children", "contact"]
    assert await citizen.says("mari", "inform") == ["ask_appointment"]
    assert citizen.turn.said[-1].buttons == ("Tartu, 1 December 2026", "Narva, 4 December 2026")
    assert citizen.registers.asked == ["children", "contact", "children", "appointments"]
    assert citizen.registers.represented == [None, None, None, MARI]


@pytest.mark.parametrize(
    "text", ["on the fourth of december", "the second one", "the last one", "in narva", "not the one in tartu"]
)
async def test_choice_when_it_is_named_by_day_place_or_order_then_is_taken(citizen, text) -> None:
    citizen.registers.answers["contact"] = {"phone": "+3725551234"}
    await reach_appointment(citizen)
    assert (await citizen.says(text, "inform"))[:2] == ["on_behalf", "child_read_back"]
    assert citizen.stack[-1].values["appointment"] == "A2"
    assert citizen.stack[-1].asked == CONFIRM


async def test_choice_when_the_words_fit_two_then_is_asked_again(citizen) -> None:
    appointments = citizen.registers.answers["appointments"]["appointments"]
    citizen.registers.answers["appointments"] = {"appointments": [*appointments, {**appointments[0], "id": "A3"}]}
    await reach_appointment(citizen)
    assert await citizen.says("in tartu", "inform") == ["unfit_ambiguous", "ask_appointment"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on the fourth of december", ["unfit_ambiguous", "ask_appointment"]),
        ("narva on the fourth of december", ["ask_phone"]),
        ("on the second of december", ["try_again", "choices"]),
    ],
)
async def test_choice_when_a_day_is_said_then_is_among_those_of_that_day(citizen, text, expected) -> None:
    appointments = citizen.registers.answers["appointments"]["appointments"]
    elva = {"id": "A3", "at": "2026-12-04T15:00:00+02:00", "place": "Elva"}
    citizen.registers.answers["appointments"] = {"appointments": [*appointments, elva]}
    citizen.registers.answers["contact"] = {}
    await reach_appointment(citizen)
    assert await citizen.says(text, "inform") == expected


async def test_choice_when_another_is_chosen_then_what_depends_on_it_is_read_anew(citizen) -> None:
    await reach_appointment(citizen)
    assert await citizen.says("no i meant juku", "correct") == ["ask_appointment"]
    asked = [each for each in citizen.registers.asked if each != "children"]
    assert asked == ["contact", "appointments", "appointments"]


async def test_choice_when_somebody_is_represented_then_the_act_is_for_them(citizen) -> None:
    citizen.registers.answers["contact"] = {"phone": "+3725551234"}
    await reach_appointment(citizen)
    await citizen.says("the first one", "inform")
    assert await citizen.says("yes", "affirm") == ["child_done"]
    (act,) = citizen.writer.acts
    assert act.represented == MARI
    assert act.inputs["child"] == MARI
    assert act.body == {"appointment": "A1", "place": "Tartu", "phone": "+3725551234", "kind": "visit"}


async def test_mandate_when_it_ends_in_the_middle_then_nothing_more_is_read_or_done_for_that_person(citizen) -> None:
    citizen.registers.answers["contact"] = {"phone": "+3725551234"}
    await reach_appointment(citizen)
    await citizen.says("the first one", "inform")
    assert citizen.values_of("on_behalf") == {"label": "child", "value": "Mari"}
    children = citizen.registers.answers["children"]["children"]
    citizen.registers.answers["children"] = {"children": [each for each in children if each["code"] != MARI]}
    citizen.registers.represented.clear()
    await citizen.says("yes", "affirm")
    assert citizen.writer.acts == []
    assert MARI not in citizen.registers.represented


async def test_mandate_when_its_register_is_down_then_nothing_is_done_for_anybody(citizen) -> None:
    citizen.registers.answers["contact"] = {"phone": "+3725551234"}
    await reach_appointment(citizen)
    await citizen.says("the first one", "inform")
    del citizen.registers.answers["children"]
    await citizen.says("yes", "affirm")
    assert citizen.writer.acts == []


async def test_choice_when_there_is_nothing_to_choose_then_says_so_without_another_question(citizen) -> None:
    citizen.registers.answers["appointments"] = {"appointments": []}
    await citizen.says("a doctor", "child")
    assert await citizen.says("mari", "inform") == ["child_none"]
    assert citizen.turn.outcome is Outcome.ANSWERED
    assert citizen.stack == ()


async def test_choice_when_its_register_is_down_then_says_so(citizen) -> None:
    del citizen.registers.answers["appointments"]
    await citizen.says("a doctor", "child")
    assert await citizen.says("mari", "inform") == ["register_unavailable"]
    assert citizen.turn.outcome is Outcome.FAILED_REGISTER


@pytest.mark.parametrize(
    ("here", "text", "chosen"),
    [("456DEF", "i sold it last friday", "456DEF"), ("456DEF", "i sold the volvo last friday", "123ABC")],
    ids=["none is named", "another is named"],
)
async def test_choice_when_it_is_prefilled_then_that_item_is_meant_unless_another_is_named(
    services, here, text, chosen
) -> None:
    notice = services["notice"]
    car = notice.inputs[0].model_copy(update={"prefill": "contact.email_known"})
    prefilled = notice.model_copy(update={"inputs": (car, *notice.inputs[1:3])})
    citizen = make_citizen({**services, "notice": prefilled})
    citizen.registers.answers["contact"] = {"email": here}
    await citizen.says(text, "notice")
    await citizen.says("yes", "affirm")
    assert [act.body["plate"] for act in citizen.writer.acts] == [chosen]


async def test_choice_when_its_prefill_names_nothing_that_is_listed_then_is_asked(services) -> None:
    notice = services["notice"]
    car = notice.inputs[0].model_copy(update={"prefill": "contact.email_known"})
    citizen = make_citizen({**services, "notice": notice.model_copy(update={"inputs": (car, *notice.inputs[1:3])})})
    citizen.registers.answers["contact"] = {"email": "999ZZZ"}
    assert await citizen.says("i sold it last friday", "notice") == ["ask_car"]


async def test_prefill_when_the_register_knows_it_then_is_not_asked_but_read_back_with_its_register(citizen) -> None:
    citizen.registers.answers["contact"] = {"phone": "+3725551234"}
    await reach_appointment(citizen)
    responses = await citizen.says("the first one", "inform")
    assert responses == ["on_behalf", "child_read_back", "read_back_item", "read_back_known", "confirm_question"]
    known = citizen.values_of("read_back_known")
    assert (known["label"], known["register"]) == ("Telephone", "register of contact")


async def test_prefill_when_the_register_does_not_know_it_then_is_asked(citizen) -> None:
    citizen.registers.answers["contact"] = {}
    await reach_appointment(citizen)
    assert await citizen.says("the first one", "inform") == ["ask_phone"]
    assert await citizen.says("five five five one two three four", "inform") == BOOKED
    assert citizen.stack[-1].values["phone"] == "+3725551234"


async def test_prefill_when_it_is_optional_and_unknown_then_is_left_out(citizen) -> None:
    citizen.registers.answers["contact"] = {"email": None}
    await citizen.says("i sold the volvo last friday", "notice")
    assert citizen.responses.count("read_back_known") == 0
    await citizen.says("yes", "affirm")
    assert "email" not in citizen.writer.acts[0].body


async def test_default_when_nothing_else_is_said_then_is_taken_and_never_asked(citizen) -> None:
    await citizen.says("i sold the volvo last friday", "notice")
    await citizen.says("yes", "affirm")
    assert citizen.writer.acts[0].body["kind"] == "sale"


async def test_default_when_the_request_says_otherwise_then_is_not_taken(citizen) -> None:
    await citizen.says("i gave the volvo as a gift last friday", "notice", kind="gift")
    await citizen.says("yes", "affirm")
    assert citizen.writer.acts[0].body["kind"] == "gift"


async def test_why_when_the_input_has_its_own_reason_then_that_is_told(citizen) -> None:
    await reach_appointment(citizen)
    assert await citizen.says("why do you ask", "why_ask") == ["why_ask_input", "ask_appointment"]
    told = citizen.values_of("why_ask_input")
    assert (told["purpose"], told["label"]) == ("So that you need not wait", "appointment")


async def test_why_when_read_back_then_is_told_and_asked_again(citizen) -> None:
    await citizen.says("i sold the volvo last friday", "notice")
    assert await citizen.says("why do you ask", "why_ask") == ["why_ask_input", "confirm_question"]
    assert citizen.values_of("why_ask_input")["label"] == "the title of notice"
    assert citizen.turn.outcome is Outcome.ASKED_CONFIRMATION
    assert citizen.writer.acts == []


async def test_act_when_the_registers_receipt_cannot_be_read_then_says_that_it_is_not_known_yet(citizen) -> None:
    citizen.writer.result = citizen.writer.result.__class__(citizen.writer.result.state, {"somethingElse": 1})
    await citizen.says("i sold the volvo last friday", "notice")
    assert await citizen.says("yes", "affirm") == ["write_unknown"]
    assert citizen.turn.outcome is Outcome.ANSWERED_LATER


async def test_correction_when_a_day_is_said_then_is_not_the_item_that_happens_to_bear_it(citizen) -> None:
    await citizen.says("i sold the skoda last friday", "notice")
    before = citizen.stack[-1].values
    # The inspection of the Volvo runs out on that day.
    assert await citizen.says("no, on the first of may 2027", "correct") == ["unfit_future", "ask_sold_on"]
    assert citizen.stack[-1].values == before
