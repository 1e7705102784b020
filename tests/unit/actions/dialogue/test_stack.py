"""What is open: how deep, whose, and what becomes of it when the content or the slot is not what it was."""

from dataclasses import replace

import pytest

from actions.dialogue.frames import (
    CONFIRM,
    DEEPEST_STACK,
    DONE,
    OFFER,
    Frame,
    Offered,
    owner_of,
    read_stack,
    write_stack,
)
from assistant.core.outcomes import Outcome

pytestmark = pytest.mark.unit

SUBJECT, SOMEBODY_ELSE = "EE60001019906", "EE38001085718"
FRAME = {"service": "documents", "asked": "document_type"}


def test_stack_when_written_then_is_read_as_it_was() -> None:
    offers = (Offered("vehicle", {"car": "123ABC"}), Offered("trips"))
    frame = Frame("notice", owner_of(SUBJECT), asked=CONFIRM, values={"car": "123ABC"}, tries=2, confirmation="k")
    stack = (frame, Frame("trips", owner_of(SUBJECT), asked=OFFER, offers=offers))
    assert read_stack(write_stack(stack), owner_of(SUBJECT)) == stack


@pytest.mark.parametrize(
    "slot",
    [
        None,
        "open",
        {},
        FRAME,
        ["documents"],
        [None],
        [{}],
        [FRAME, {}],
        [{**FRAME, "service": None}],
        [{**FRAME, "more": 1}],
        [{**FRAME, "values": "passport"}],
        [{**FRAME, "values": {"document_type": ["passport"]}}],
        [{**FRAME, "tries": "many"}],
        [{**FRAME, "offset": None}],
        [{**FRAME, "offers": ["vehicle"]}],
        [{**FRAME, "offers": [{"offer": "vehicle"}]}],
    ],
)
async def test_stack_when_the_slot_is_not_ours_then_nothing_is_open(citizen, slot) -> None:
    assert read_stack(slot, owner_of(SUBJECT)) == ()
    citizen.slot = slot
    assert await citizen.says("hello", "greet") == ["greet"]


@pytest.mark.parametrize(
    "frame",
    [
        Frame("documents", asked="gone"),
        Frame("documents"),
        Frame("gone", asked="document_type"),
        Frame("vehicle", asked=OFFER),
        Frame("vehicle", asked=OFFER, offers=(Offered("gone"),)),
    ],
)
@pytest.mark.parametrize(("text", "intent", "said"), [("yes", "affirm", "affirm"), ("my cars", "vehicle", "vehicle")])
async def test_frame_when_the_content_has_changed_then_is_dropped_and_the_words_count_as_a_request(
    citizen, frame, text, intent, said
) -> None:
    citizen.slot = write_stack((replace(frame, owner=owner_of(SUBJECT)),))
    responses = await citizen.says(text, intent)
    assert responses[0] == said
    assert citizen.writer.acts == []


async def test_frame_when_one_below_has_gone_then_the_others_are_returned_to(citizen) -> None:
    await citizen.says("i sold a car", "notice")
    gone = Frame("gone", owner_of(SUBJECT), asked="something")
    citizen.slot = write_stack((*citizen.stack, gone))
    await citizen.says("what does it cost", "documents")
    assert [frame.service for frame in citizen.stack] == ["notice", "documents"]
    responses = await citizen.says("passport", "inform", document_type="passport")
    assert responses == ["documents_item", "return_to", "ask_car"]


async def test_frame_when_a_value_is_none_of_the_input_any_more_then_it_is_asked_for(citizen) -> None:
    await citizen.says("what does it cost", "documents")
    citizen.slot = write_stack((replace(citizen.stack[0], values={"document_type": "driving_licence"}),))
    assert await citizen.says("mumble") == ["try_again", "choices"]


async def test_stack_when_it_grows_too_deep_then_the_first_is_forgotten(citizen) -> None:
    requests = [("i sold a car", "notice"), ("what does it cost", "documents"), ("a doctor", "child"), ("so", "solemn")]
    for text, intent in requests:
        await citizen.says(text, intent)
    assert len(requests) > DEEPEST_STACK
    assert [frame.service for frame in citizen.stack] == ["documents", "child", "solemn"]
    await citizen.says("never mind", "deny")
    responses = await citizen.says("never mind", "deny")
    assert responses == ["stop", "return_to", "ask_document_type"]
    assert await citizen.says("never mind", "deny") == ["stop"]
    assert citizen.stack == ()


async def test_stack_when_services_are_nested_then_each_question_is_returned_to_in_turn(citizen) -> None:
    await citizen.says("i sold a car", "notice")
    await citizen.says("a doctor", "child")
    await citizen.says("what does it cost", "documents")
    responses = await citizen.says("passport", "inform", document_type="passport")
    assert responses == ["documents_item", "return_to", "ask_child"]
    assert citizen.values_of("return_to")["title"] == "the title of child"
    assert await citizen.says("stop that", "deny") == ["stop", "return_to", "ask_car"]
    assert await citizen.says("the volvo", "inform") == ["ask_sold_on"]


async def test_request_when_the_login_is_missing_then_the_open_question_stands(citizen) -> None:
    citizen.subject = None
    services = dict(citizen.hold.services)
    services["documents"] = services["documents"].model_copy(update={"assurance": "none", "data_class": "public"})
    citizen.hold = replace(citizen.hold, services=services)
    await citizen.says("what does it cost", "documents")
    responses = await citizen.says("my cars", "vehicle")
    assert responses == ["login_required", "return_to", "ask_document_type"]
    assert citizen.turn.outcome is Outcome.ASKED_LOGIN
    citizen.subject = SUBJECT  # what was asked of nobody in particular goes on after the login
    assert await citizen.says("passport", "inform", document_type="passport") == ["documents_item"]


async def test_offer_when_it_is_taken_then_it_belongs_to_the_one_who_took_it(citizen) -> None:
    citizen.slot = write_stack((Frame("documents", asked=OFFER, offers=(Offered("notice"),)),))
    assert await citizen.says("yes", "affirm") == ["ask_car"]
    assert {frame.owner for frame in citizen.stack} == {owner_of(SUBJECT)}
    citizen.subject = SOMEBODY_ELSE
    assert citizen.stack == ()


async def test_request_when_a_finished_one_lies_on_top_then_takes_its_place(citizen) -> None:
    await citizen.says("my cars", "vehicle")
    assert [frame.asked for frame in citizen.stack] == [DONE]
    await citizen.says("what does it cost", "documents")
    assert [frame.service for frame in citizen.stack] == ["documents"]
