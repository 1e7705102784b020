"""Several requests in one sentence: who is answered when, and what waits."""

from typing import Any

import pytest

from actions.dialogue.frames import DEEPEST_STACK, LATER
from assistant.core.errors import ServiceUnavailable
from assistant.core.outcomes import Outcome

pytestmark = pytest.mark.unit

CARS = ["vehicle", "vehicle_item", "vehicle_item"]
READ_BACK = ["notice_read_back", *["read_back_item"] * 3, "read_back_known", "confirm_question"]


async def test_requests_when_both_can_be_answered_then_are_answered_in_the_order_said(citizen) -> None:
    responses = await citizen.says_several(vehicle="my cars", documents="how much is a passport")
    assert responses == [*CARS, "documents_item"]
    assert citizen.turn.outcome is Outcome.ANSWERED
    assert await citizen.says("and the id card", "inform", document_type="id_card") == ["documents_item"]


async def test_requests_when_each_is_heard_then_with_its_own_words_only(citizen) -> None:
    await citizen.says_several(documents="how much is a passport", notice="i sold the skoda yesterday")
    assert citizen.stack[-1].values == {"car": "456DEF", "sold_on": "2026-11-22"}
    assert [frame.service for frame in citizen.stack] == ["notice"]


async def test_requests_when_the_first_asks_then_its_question_is_the_last_thing_said(citizen) -> None:
    responses = await citizen.says_several(notice="i sold a car", vehicle="my cars")
    assert responses == [*CARS, "ask_car"]
    assert citizen.turn.outcome is Outcome.ASKED_DETAIL
    assert citizen.turn.service == "notice"
    assert [frame.service for frame in citizen.stack] == ["notice"]


async def test_requests_when_the_first_is_read_back_then_nothing_is_between_it_and_the_yes(citizen) -> None:
    responses = await citizen.says_several(notice="i sold the volvo last friday", vehicle="my cars")
    assert responses == [*CARS, *READ_BACK]
    assert citizen.turn.outcome is Outcome.ASKED_CONFIRMATION
    await citizen.says("yes", "affirm")
    assert len(citizen.writer.acts) == 1


async def test_requests_when_all_ask_then_the_others_wait_and_are_come_back_to(citizen) -> None:
    said = {"documents": "what does it cost", "notice": "i sold the volvo last friday", "child": "a doctor"}
    assert await citizen.says_several(**said) == ["ask_document_type"]
    assert [(frame.service, frame.asked) for frame in citizen.stack] == [
        ("child", LATER),
        ("notice", LATER),
        ("documents", "document_type"),
    ]
    responses = await citizen.says("passport", "inform", document_type="passport")
    assert responses == ["documents_item", "return_to", *READ_BACK]
    assert citizen.values_of("return_to")["title"] == "the title of notice"
    responses = await citizen.says("yes", "affirm")
    assert responses == ["notice_done", "return_to", "ask_child"]
    assert len(citizen.writer.acts) == 1


async def test_requests_when_two_are_written_then_each_is_read_back_and_confirmed_by_itself(citizen) -> None:
    await citizen.says_several(solemn="i sold the volvo last friday", notice="i sold the skoda yesterday")
    assert citizen.stack[-1].service == "solemn"
    assert await citizen.says("yes", "affirm") == ["confirm_exactly"]
    responses = await citizen.says("i confirm", "confirm")
    assert responses == ["notice_done", "return_to", *READ_BACK]
    assert [act.service.service for act in citizen.writer.acts] == ["solemn"]
    await citizen.says("yes", "affirm")
    assert [act.body["plate"] for act in citizen.writer.acts] == ["123ABC", "456DEF"]


async def test_requests_when_the_one_that_asks_is_left_then_the_next_is_taken(citizen) -> None:
    await citizen.says_several(documents="what does it cost", child="a doctor")
    assert await citizen.says("no never mind", "deny") == ["stop", "return_to", "ask_child"]


async def test_requests_when_stopped_then_none_is_left(citizen) -> None:
    await citizen.says_several(documents="what does it cost", child="a doctor")
    assert await citizen.says("stop", "stop") == ["stop"]
    assert citizen.stack == ()


async def test_requests_when_one_has_more_to_tell_then_that_is_said_last(citizen) -> None:
    responses = await citizen.says_several(trips="my trips", documents="how much is a passport")
    assert responses == ["documents_item", "trips", "trips_item", "trips_item", "more_question"]
    assert await citizen.says("yes", "affirm") == ["trips_item", "offer_vehicle"]


async def test_requests_when_two_have_more_to_tell_then_the_second_begins_when_the_first_is_done(citizen) -> None:
    await citizen.says_several(documents="what does it cost", trips="my trips")
    responses = await citizen.says("passport", "inform", document_type="passport")
    assert responses == ["documents_item", "return_to", "trips", "trips_item", "trips_item", "more_question"]


async def test_requests_when_nobody_is_logged_in_then_the_login_is_asked_for_once(citizen) -> None:
    citizen.subject = None
    assert await citizen.says_several(vehicle="my cars", notice="i sold a car") == ["login_required"]
    assert citizen.turn.outcome is Outcome.ASKED_LOGIN
    assert citizen.stack == ()


async def test_requests_when_one_needs_no_login_then_it_is_answered_first(citizen, services) -> None:
    services["documents"] = services["documents"].model_copy(update={"assurance": "none", "data_class": "public"})
    citizen.subject = None
    responses = await citizen.says_several(vehicle="my cars", documents="how much is a passport")
    assert responses == ["documents_item", "login_required"]
    assert citizen.turn.outcome is Outcome.ASKED_LOGIN


async def test_requests_when_a_register_is_down_then_the_other_is_answered(citizen) -> None:
    citizen.registers.answers["cars"] = ServiceUnavailable()
    responses = await citizen.says_several(vehicle="my cars", documents="how much is a passport")
    assert responses == ["register_unavailable", "documents_item"]
    assert citizen.turn.outcome is Outcome.ANSWERED_PARTLY
    del citizen.registers.answers["fees"]
    await citizen.says_several(vehicle="my cars", documents="how much is a passport")
    assert citizen.turn.outcome is Outcome.FAILED_REGISTER


async def test_requests_when_one_that_waited_meets_a_register_that_is_down_then_the_next_is_taken(citizen) -> None:
    await citizen.says_several(documents="what does it cost", notice="i sold a car", child="a doctor")
    citizen.registers.answers["state"] = ServiceUnavailable()
    for frame in citizen.stack:
        citizen.hold.flow.cache.forget(frame.id)
    responses = await citizen.says("passport", "inform", document_type="passport")
    assert responses == ["documents_item", "return_to", "register_unavailable", "return_to", "ask_child"]


async def test_requests_when_a_question_is_open_then_it_is_returned_to_behind_them(citizen) -> None:
    await citizen.says("i sold a car", "notice")
    responses = await citizen.says_several(vehicle="my cars", documents="how much is a passport")
    assert responses == [*CARS, "documents_item", "return_to", "ask_car"]


async def test_requests_when_the_first_is_about_what_is_open_then_it_is_its_answer(citizen) -> None:
    await citizen.says("what does it cost", "documents")
    responses = await citizen.says_several(documents="the passport", vehicle="my cars")
    assert responses == ["documents_item", *CARS]
    assert citizen.stack[-1].service == "vehicle"


async def test_requests_when_the_open_one_is_refused_then_it_ends_and_the_other_is_answered(citizen) -> None:
    await reach_read_back(citizen)
    responses = await citizen.says_several(notice="i don't want to send a notice", vehicle="my cars")
    assert responses == ["not_sent", *CARS]
    assert citizen.writer.acts == []


async def test_requests_when_said_at_a_read_back_then_nothing_is_written_and_it_is_read_back_again(citizen) -> None:
    await reach_read_back(citizen)
    responses = await citizen.says_several(vehicle="yes but show me my cars", documents="how much is a passport")
    assert responses == [*CARS, "documents_item", "return_to", *READ_BACK]
    assert citizen.writer.acts == []


async def test_requests_when_one_is_refused_then_only_the_other_is_taken(citizen) -> None:
    responses = await citizen.says_several(notice="i don't want to sell my car", vehicle="show me my cars")
    assert responses == ["not_wanted", *CARS]


async def test_offers_when_several_are_answered_then_come_last_and_never_what_was_asked_for(citizen, services) -> None:
    offer = services["trips"].next[0].model_copy(update={"offer": "child", "when": {}})
    services["documents"] = services["documents"].model_copy(update={"next": (offer,)})
    responses = await citizen.says_several(documents="how much is a passport", vehicle="my cars")
    assert responses == ["documents_item", *CARS, "offer_child"]
    responses = await citizen.says_several(documents="how much is a passport", child="a doctor")
    assert responses == ["documents_item", "ask_child"]


async def test_offer_when_several_are_asked_for_and_it_is_one_of_them_then_is_not_made_again(citizen) -> None:
    await reach_read_back(citizen)
    assert await citizen.says("yes", "affirm") == ["notice_done", "offer_vehicle"]
    responses = await citizen.says_several(vehicle="my cars", documents="how much is a passport")
    assert responses == [*CARS, "documents_item"]


async def test_requests_when_they_lie_too_deep_then_the_first_question_is_forgotten(citizen) -> None:
    await citizen.says("i sold a car", "notice")
    await citizen.says_several(documents="what does it cost", child="a doctor", solemn="i sold a car")
    assert len(citizen.stack) == DEEPEST_STACK
    assert citizen.stack[-1].service == "documents"


async def test_requests_when_the_content_does_not_know_one_then_the_words_are_taken_as_one(citizen) -> None:
    assert await citizen.says_several(vehicle="my cars", gone="something") == CARS


async def reach_read_back(citizen: Any) -> None:
    assert await citizen.says("i sold the volvo last friday", "notice") == READ_BACK
