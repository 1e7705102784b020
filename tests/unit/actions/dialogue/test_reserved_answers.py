"""Yes and no with something beside it, what is left out, and words that point: in whole dialogues."""

from typing import Any

import pytest

from assistant.core.errors import ServiceUnavailable
from assistant.core.outcomes import Outcome

pytestmark = pytest.mark.unit

MARI = "EE51001091072"
READ_BACK = ["notice_read_back", *["read_back_item"] * 3, "read_back_known", "confirm_question"]
CARS = ["vehicle", "vehicle_item", "vehicle_item"]


async def reach_read_back(citizen: Any, service: str = "notice") -> None:
    assert (await citizen.says("i sold the volvo last friday", service))[0] == "notice_read_back"


@pytest.mark.parametrize("intent", ["affirm", "confirm", "correct", "inform", "nlu_fallback", "notice"])
@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("yes but the skoda", "car", "456DEF"),
        ("yes but make it yesterday", "sold_on", "2026-11-22"),
        ("yes, but it was a gift", "kind", "gift"),
        ("i confirm but my e-mail is m@example.org", "email", "m@example.org"),
    ],
)
async def test_yes_when_it_names_a_change_then_the_change_is_read_back_and_nothing_written(
    citizen, text, intent, slot, value
) -> None:
    await reach_read_back(citizen)
    mentions = {"kind": "gift"} if value == "gift" else {}
    responses = await citizen.says(text, intent, **mentions)
    assert (responses[0], responses[-1]) == ("notice_read_back", "confirm_question")
    assert citizen.stack[-1].values[slot] == value
    assert citizen.writer.acts == []
    await citizen.says("yes", "affirm")
    assert value in citizen.writer.acts[0].body.values()


@pytest.mark.parametrize("intent", ["affirm", "confirm", "correct", "nlu_fallback"])
@pytest.mark.parametrize(
    ("text", "responses"),
    [
        ("yes but to my other e-mail", ["ask_email"]),
        ("yes but the day is different", ["ask_sold_on"]),
        ("yes but wait", ["try_again", "choices"]),
        ("yes, but tell me first what happens then", ["try_again", "choices"]),
        ("yes if it is free", ["try_again", "choices"]),
    ],
)
async def test_yes_when_it_takes_something_back_then_that_is_asked_and_nothing_written(
    citizen, text, intent, responses
) -> None:
    await reach_read_back(citizen)
    before = citizen.stack[-1].values
    assert await citizen.says(text, intent) == responses
    assert citizen.writer.acts == []
    assert citizen.stack[-1].values == before


@pytest.mark.parametrize("intent", ["affirm", "confirm"])
async def test_yes_when_it_says_more_than_yes_then_it_is_asked_once_more(citizen, intent) -> None:
    await reach_read_back(citizen)
    assert await citizen.says("yes to the police please", intent) == ["say_yes_no"]
    assert await citizen.says("yes to the police please", intent) == ["confirm_question"]
    assert citizen.writer.acts == []


async def test_yes_when_another_request_comes_with_it_then_is_answered_and_the_question_stays(citizen) -> None:
    await reach_read_back(citizen)
    responses = await citizen.says("yes but tell me what a passport costs", "documents", document_type="passport")
    assert responses == ["documents_item", "return_to", *READ_BACK]
    assert citizen.writer.acts == []
    await citizen.says("yes", "affirm")
    assert len(citizen.writer.acts) == 1


async def test_yes_when_what_it_takes_back_is_not_understood_then_is_told_what_can_be_changed(citizen) -> None:
    await reach_read_back(citizen)
    await citizen.says("yes but wait", "affirm")
    assert citizen.values_of("choices")["choices"] == "car, kind of notice, day, e-mail"
    assert await citizen.says("the day", "inform") == ["ask_sold_on"]


@pytest.mark.parametrize("intent", ["confirm", "affirm", "nlu_fallback", "deny"])
async def test_no_when_it_is_said_of_the_confirmation_then_nothing_is_written(citizen, intent) -> None:
    await reach_read_back(citizen, "solemn")
    await citizen.says("i do not confirm", intent)
    assert citizen.writer.acts == []


async def test_no_when_a_change_comes_with_it_then_that_is_asked(citizen) -> None:
    await reach_read_back(citizen)
    assert await citizen.says("no, but to my other e-mail", "deny") == ["ask_email"]


async def test_offer_when_taken_with_a_change_then_what_is_named_counts(citizen) -> None:
    await reach_read_back(citizen)
    await citizen.says("yes", "affirm")
    assert await citizen.says("no thanks", "deny") == ["offer_documents"]
    assert await citizen.says("yes but for the id card", "affirm", document_type="id_card") == ["documents_item"]
    assert citizen.stack[-1].values == {"document_type": "id_card"}


async def test_offer_when_left_for_another_request_then_is_not_made_again(citizen) -> None:
    await reach_read_back(citizen)
    await citizen.says("yes", "affirm")
    responses = await citizen.says("no but what does a passport cost", "documents", document_type="passport")
    assert responses == ["documents_item"]


async def test_offer_when_taken_with_another_request_then_that_is_answered_and_the_offer_stays(citizen) -> None:
    await reach_read_back(citizen)
    await citizen.says("yes", "affirm")
    responses = await citizen.says("yes but what does a passport cost", "documents", document_type="passport")
    assert responses == ["documents_item", "offer_vehicle"]


@pytest.mark.parametrize(
    ("text", "named", "meant"),
    [
        ("not the passport the id card", ("passport", "id_card"), "id_card"),
        ("the id card not the passport", ("passport", "id_card"), "id_card"),
        ("i don't want the passport", ("passport",), "id_card"),
        ("anything but the id card", ("id_card",), "passport"),
        ("the first one", (), "passport"),
        ("the second of them", (), "id_card"),
        ("the last", (), "id_card"),
    ],
)
async def test_answer_when_it_leaves_out_or_points_then_the_other_is_meant(citizen, text, named, meant) -> None:
    await citizen.says("what does it cost", "documents")
    assert await citizen.says(text, "inform", document_type=named) == ["documents_item"]
    assert citizen.stack[-1].values == {"document_type": meant}


async def test_answer_when_a_day_is_named_then_it_is_no_first_one(citizen) -> None:
    await citizen.says("what does it cost", "documents")
    assert (await citizen.says("from the first of august", "inform")) == ["try_again", "choices"]


async def test_request_when_it_leaves_a_value_out_then_it_is_not_taken(citizen) -> None:
    responses = await citizen.says("what does it cost but not the passport", "documents", document_type="passport")
    assert responses == ["ask_document_type"]
    assert citizen.stack[-1].values == {}


async def test_answer_when_all_but_one_of_many_is_wanted_then_the_rest_is_offered(citizen) -> None:
    cars = citizen.registers.answers["cars"]["cars"]
    citizen.registers.answers["cars"] = {"cars": [*cars, {**cars[0], "plate": "789GHI", "make": "Lada"}]}
    await citizen.says("i sold a car", "notice")
    assert await citizen.says("any of them but the volvo", "inform") == ["choices", "ask_car"]
    assert citizen.values_of("choices")["choices"] == "Skoda, Lada"
    assert await citizen.says("the last one", "inform") == ["ask_sold_on"]
    assert citizen.stack[-1].values == {"car": "789GHI"}


async def test_answer_when_one_is_left_out_then_places_count_among_the_rest(citizen, services) -> None:
    kinds = services["documents"].inputs[0].model_copy(update={"one_of": ("passport", "id_card", "bus")})
    services["documents"] = services["documents"].model_copy(update={"inputs": (kinds,)})
    await citizen.says("what does it cost", "documents")
    responses = await citizen.says("anything but the passport", "inform", document_type="passport")
    assert responses == ["choices", "ask_document_type"]
    assert citizen.turn.said[-1].buttons == ("id card", "bus")
    assert await citizen.says("hello", "greet") == ["greet", "ask_document_type"]
    for words, meant in (("the second of them", "bus"), ("the passport after all", "passport")):
        slot = citizen.slot
        mentions = {"document_type": "passport"} if meant == "passport" else {}
        assert await citizen.says(words, "inform", **mentions) == ["documents_item"]
        assert citizen.stack[-1].values == {"document_type": meant}
        citizen.slot = slot


async def test_read_back_when_its_value_is_left_out_then_the_other_is_read_back(citizen) -> None:
    await reach_read_back(citizen)
    assert await citizen.says("not a sale", "deny", kind="sale") == READ_BACK
    assert citizen.stack[-1].values["kind"] == "gift"


async def test_choice_when_both_are_meant_then_one_comes_after_the_other(citizen) -> None:
    await citizen.says("i sold a car yesterday", "notice")
    assert await citizen.says("both of them", "inform") == READ_BACK
    assert citizen.stack[-1].values["car"] == "123ABC"
    responses = await citizen.says("yes", "affirm")
    assert responses == ["notice_done", *READ_BACK]
    assert [act.body["plate"] for act in citizen.writer.acts] == ["123ABC"]
    await citizen.says("yes", "affirm")
    assert [act.body["plate"] for act in citizen.writer.acts] == ["123ABC", "456DEF"]


async def test_choice_when_two_values_are_named_then_both_are_answered(citizen) -> None:
    await citizen.says("what does it cost", "documents")
    responses = await citizen.says("the passport and the id card", "documents", document_type=("passport", "id_card"))
    assert responses == ["documents_item", "documents_item"]
    assert citizen.stack[-1].values == {"document_type": "id_card"}


@pytest.mark.parametrize("text", ["neither", "none of them", "neither of them please"])
async def test_choice_when_none_is_meant_then_the_service_is_left(citizen, text) -> None:
    await citizen.says("i sold a car", "notice")
    assert await citizen.says(text, "inform") == ["stop"]
    assert citizen.stack == ()


@pytest.mark.parametrize(("text", "place"), [("the cheaper one", "Tartu"), ("the more expensive one", "Narva")])
async def test_choice_when_the_register_tells_amounts_then_the_cheaper_one_is_known(
    citizen, services, text, place
) -> None:
    fares = [{"id": "A1", "at": "2026-12-01", "place": "Tartu", "fee": "5.00"}]
    fares += [{"id": "A2", "at": "2026-12-04", "place": "Narva", "fee": "12.00"}]
    citizen.registers.answers["appointments"] = {"appointments": fares}
    listing = services["child"].calls[1]
    fee = services["documents"].calls[0].reads["fee"]
    priced = listing.model_copy(update={"reads": {**listing.reads, "fee": fee.model_copy(update={"from_": "fee"})}})
    calls = (services["child"].calls[0], priced, services["child"].calls[2])
    services["child"] = services["child"].model_copy(update={"calls": calls})
    await citizen.says("a doctor", "child")
    await citizen.says("mari", "inform")
    assert await citizen.says(text, "nlu_fallback") == ["ask_phone"]
    assert citizen.stack[-1].values["appointment"] == {"Tartu": "A1", "Narva": "A2"}[place]


async def test_choice_when_the_register_tells_no_amounts_then_none_is_the_cheaper_one(citizen) -> None:
    await citizen.says("a doctor", "child")
    await citizen.says("mari", "inform")
    assert (await citizen.says("the cheaper one", "nlu_fallback")) == ["try_again", "choices"]
    assert "appointment" not in citizen.stack[-1].values


async def test_request_when_it_is_refused_then_nothing_begins(citizen) -> None:
    assert await citizen.says("i don't want to sell my car", "notice") == ["not_wanted"]
    assert citizen.turn.outcome is Outcome.ANSWERED
    assert citizen.registers.asked == []
    assert citizen.stack == ()


async def test_request_when_it_is_refused_with_a_question_open_then_that_stays(citizen) -> None:
    await citizen.says("what does it cost", "documents")
    responses = await citizen.says("i don't want to sell my car", "notice")
    assert responses == ["not_wanted", "return_to", "ask_document_type"]


async def test_request_when_the_open_one_is_refused_then_it_is_left(citizen) -> None:
    await citizen.says("i sold a car", "notice")
    assert await citizen.says("i don't want to sell my car", "notice") == ["stop"]
    await reach_read_back(citizen)
    assert await citizen.says("i do not want to send a notice", "notice") == ["not_sent"]
    assert citizen.writer.acts == []


async def test_stop_when_it_is_not_wanted_then_the_question_comes_again(citizen) -> None:
    await reach_read_back(citizen)
    assert await citizen.says("i do not want to cancel", "stop") == ["return_to", *READ_BACK]
    assert citizen.writer.acts == []
    assert await citizen.says("cancel", "stop") == ["stop"]
    assert citizen.stack == ()


async def test_stop_when_it_is_not_wanted_and_more_is_to_tell_then_that_is_told(citizen) -> None:
    await citizen.says("my trips", "trips")
    assert await citizen.says("don't stop", "stop") == ["trips_item", "offer_vehicle"]
    assert await citizen.says("don't stop", "stop") == ["offer_vehicle"]


async def test_stop_when_nothing_is_open_then_there_is_nothing_to_go_on_with(citizen) -> None:
    assert await citizen.says("i do not want to cancel", "stop") == ["stop"]
    await citizen.says("my cars", "vehicle")
    assert await citizen.says("i do not want to cancel", "stop") == ["all_right"]


async def test_digression_when_one_is_inside_another_then_each_question_comes_back(citizen) -> None:
    await reach_read_back(citizen)
    assert await citizen.says("a doctor", "child") == ["ask_child"]
    responses = await citizen.says("how much is a passport", "documents", document_type="passport")
    assert responses == ["documents_item", "return_to", "ask_child"]
    assert await citizen.says("never mind", "deny") == ["stop", "return_to", *READ_BACK]


async def test_digression_when_its_register_is_down_then_the_question_comes_back(citizen) -> None:
    await reach_read_back(citizen)
    citizen.registers.answers["trips"] = ServiceUnavailable()
    assert await citizen.says("my trips", "trips") == ["register_unavailable", "return_to", *READ_BACK]
    assert citizen.turn.outcome is Outcome.FAILED_REGISTER


async def test_return_when_a_register_went_down_meanwhile_then_what_is_below_is_returned_to(citizen) -> None:
    await citizen.says("what does it cost", "documents")
    await citizen.says("i sold a car", "notice")
    await citizen.says("a doctor", "child")
    citizen.registers.answers["state"] = ServiceUnavailable()
    for frame in citizen.stack:
        citizen.hold.flow.cache.forget(frame.id)
    responses = await citizen.says("never mind", "deny")
    assert responses == ["stop", "return_to", "register_unavailable", "return_to", "ask_document_type"]


async def test_correction_when_it_is_of_a_value_two_questions_ago_then_only_that_changes(citizen) -> None:
    await citizen.says("a doctor", "child")
    await citizen.says("juku", "inform")
    assert await citizen.says("the first one", "inform") == ["ask_phone"]
    assert await citizen.says("no, mari", "correct") == ["ask_phone"]
    assert citizen.stack[-1].values == {"child": MARI, "appointment": "A1"}


async def test_correction_when_a_place_in_a_list_could_be_a_day_then_what_is_named_changes(citizen) -> None:
    await citizen.says("i sold the volvo last friday", "notice")
    before = citizen.stack[-1].values
    await citizen.says("no the second car", "correct")
    assert citizen.stack[-1].values == {**before, "car": "456DEF"}


async def test_correction_when_it_does_not_say_which_other_one_then_is_asked(citizen) -> None:
    cars = citizen.registers.answers["cars"]["cars"]
    citizen.registers.answers["cars"] = {"cars": [*cars, {**cars[0], "plate": "789GHI", "make": "Lada"}]}
    await reach_read_back(citizen)
    assert await citizen.says("yes but another one", "affirm") == ["ask_car"]
    assert citizen.writer.acts == []


async def test_correction_when_other_is_said_of_something_unknown_then_nothing_changes(citizen) -> None:
    await reach_read_back(citizen)
    before = citizen.stack[-1].values
    assert await citizen.says("yes but in another envelope", "correct") == ["try_again", "choices"]
    assert citizen.stack[-1].values == before
