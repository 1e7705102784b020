"""How an answer is told: a page at a time, in which order, and what is offered after it."""

import pytest

from actions.dialogue.answering import page_end
from actions.dialogue.frames import DONE, MORE
from assistant.core.errors import ServiceUnavailable
from assistant.core.outcomes import Outcome

pytestmark = pytest.mark.unit


def places(citizen) -> list[str]:
    return [said.values["place"] for said in citizen.turn.said if said.response == "utter_trips_item"]


async def test_answer_when_it_is_long_then_is_told_a_page_at_a_time_with_the_newest_first(citizen) -> None:
    assert await citizen.says("my trips", "trips") == ["trips", "trips_item", "trips_item", "more_question"]
    assert places(citizen) == ["Narva", "Elva"]
    assert citizen.values_of("trips") == {"count": "3", "left": "1", "total": "7.50 euros"}
    assert citizen.values_of("more_question") == {"left": "1"}
    assert citizen.stack[-1].asked == MORE
    assert await citizen.says("yes please", "affirm") == ["trips_item", "offer_vehicle"]
    assert places(citizen) == ["Tartu"]
    assert citizen.registers.asked == ["trips"]


@pytest.mark.parametrize(("text", "intent"), [("go on", "more"), ("yes", "nlu_fallback")])
async def test_more_when_it_is_wanted_in_other_words_then_goes_on(citizen, text, intent) -> None:
    await citizen.says("my trips", "trips")
    await citizen.says(text, intent)
    assert places(citizen) == ["Tartu"]


async def test_more_when_it_is_not_wanted_then_that_is_all_right_and_nothing_is_offered(citizen) -> None:
    await citizen.says("my trips", "trips")
    assert await citizen.says("no thanks", "deny") == ["all_right"]
    assert citizen.stack == ()


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [("thanks", "thank", ["thank"]), ("mumble", "nlu_fallback", ["not_understood"])],
)
async def test_more_when_something_else_is_said_then_the_rest_is_dropped(citizen, text, intent, expected) -> None:
    await citizen.says("my trips", "trips")
    assert await citizen.says(text, intent) == expected
    assert all(frame.service != "trips" for frame in citizen.stack)


async def test_more_when_another_service_is_asked_for_then_is_not_returned_to(citizen) -> None:
    await citizen.says("my trips", "trips")
    assert await citizen.says("my cars", "vehicle") == ["vehicle", "vehicle_item", "vehicle_item"]
    assert [frame.asked for frame in citizen.stack] == [DONE]


async def test_more_when_the_register_lists_less_by_then_something_is_said_all_the_same(citizen) -> None:
    await citizen.says("my trips", "trips")
    citizen.registers.answers["trips"] = {"trips": citizen.registers.answers["trips"]["trips"][:1]}
    citizen.hold.flow.cache.forget(citizen.stack[-1].id)
    assert "trips_item" in await citizen.says("yes", "affirm")
    assert places(citizen) == ["Tartu"]


async def test_answer_when_the_same_is_listed_twice_then_is_told_once(citizen) -> None:
    listed = citizen.registers.answers["trips"]["trips"]
    citizen.registers.answers["trips"] = {"trips": [listed[0], listed[0]]}
    assert await citizen.says("my trips", "trips") == ["trips", "trips_item", "offer_vehicle"]
    assert citizen.values_of("trips")["count"] == "1"


async def test_answer_when_a_saying_passes_over_an_item_then_it_does_not_count(citizen) -> None:
    listed = citizen.registers.answers["trips"]["trips"]
    citizen.registers.answers["trips"] = {"trips": [{**listed[0], "place": "nowhere"}, listed[1]]}
    assert await citizen.says("my trips", "trips") == ["trips", "trips_item"]
    assert citizen.values_of("trips") == {"count": "1", "left": "0", "total": "2.50 euros"}


async def test_answer_when_every_item_is_passed_over_then_nothing_was_found(citizen) -> None:
    listed = citizen.registers.answers["trips"]["trips"]
    citizen.registers.answers["trips"] = {"trips": [{**listed[0], "place": "nowhere"}]}
    assert await citizen.says("my trips", "trips") == ["trips_none"]
    assert citizen.turn.outcome is Outcome.ANSWERED


async def test_answer_when_the_request_names_a_kind_then_only_those_are_told(citizen) -> None:
    assert await citizen.says("trips by train", "trips", trip_kind="train") == ["trips", "trips_item"]
    assert places(citizen) == ["Elva"]
    assert await citizen.says("and by bus", "inform", trip_kind="bus") == [
        "trips",
        "trips_item",
        "trips_item",
        "offer_vehicle",
    ]
    assert places(citizen) == ["Narva", "Tartu"]


async def test_answer_when_the_items_are_told_together_then_each_value_is_said_once(citizen) -> None:
    cars = citizen.registers.answers["cars"]["cars"]
    citizen.registers.answers["cars"] = {"cars": [*cars, {**cars[0], "plate": "789GHI"}]}
    assert await citizen.says("my summary", "summary") == ["summary_cars", "summary_fee"]
    told = citizen.values_of("summary_cars")
    assert (told["make"], told["count"], told["register"]) == ("Volvo and Skoda", "3", "register of cars")
    assert citizen.values_of("summary_fee")["fee"] == "5 euros"


async def test_answer_when_one_of_two_registers_is_down_then_the_other_is_told(citizen) -> None:
    del citizen.registers.answers["cars"]
    assert await citizen.says("my summary", "summary") == ["summary_fee", "register_unavailable"]
    assert citizen.turn.outcome is Outcome.ANSWERED_PARTLY
    assert citizen.turn.sources == ("Transport Administration",)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        # "You have none" would be a guess while a register was not heard.
        ({"cars": {"cars": []}, "fees": ServiceUnavailable()}, ["register_unavailable"]),
        ({"cars": {"cars": []}, "fees": []}, ["summary_none"]),
    ],
)
async def test_answer_when_nothing_was_found_then_says_so_only_if_every_register_was_heard(
    citizen, answers, expected
) -> None:
    citizen.registers.answers |= answers
    assert await citizen.says("my summary", "summary") == expected


@pytest.mark.parametrize(
    ("place", "offered"), [("Tartu", ["offer_vehicle"]), ("Rakvere", ["offer_summary"]), ("Elva", [])]
)
async def test_offer_when_it_has_a_condition_then_is_made_if_it_holds_for_what_was_told(
    citizen, place, offered
) -> None:
    listed = citizen.registers.answers["trips"]["trips"][0]
    citizen.registers.answers["trips"] = {"trips": [{**listed, "place": place}]}
    assert await citizen.says("my trips", "trips") == ["trips", "trips_item", *offered]


@pytest.mark.parametrize("trips", [{"trips": []}, ServiceUnavailable()])
async def test_offer_when_nothing_was_told_then_is_not_made(citizen, trips) -> None:
    citizen.registers.answers["trips"] = trips
    await citizen.says("my trips", "trips")
    assert not [response for response in citizen.responses if response.startswith("offer_")]


async def test_offer_when_small_talk_comes_then_is_made_once_more_and_then_left(citizen) -> None:
    await citizen.says("trips", "trips")
    await citizen.says("yes", "affirm")
    assert await citizen.says("thanks", "thank") == ["thank", "offer_vehicle"]
    assert await citizen.says("thanks", "thank") == ["thank"]
    assert citizen.stack == ()


async def test_offer_when_not_understood_then_is_made_once_more_in_other_words(citizen) -> None:
    await citizen.says("trips", "trips")
    await citizen.says("yes", "affirm")
    assert await citizen.says("mumble") == ["try_again", "say_yes_no"]
    assert await citizen.says("mumble") == ["not_understood"]


async def test_offer_when_the_citizen_asks_for_it_in_words_then_is_not_made_again(citizen) -> None:
    await citizen.says("trips", "trips")
    await citizen.says("yes", "affirm")
    assert await citizen.says("my cars please", "vehicle") == ["vehicle", "vehicle_item", "vehicle_item"]
    assert all(not frame.offers for frame in citizen.stack)


async def test_offer_when_another_service_is_asked_for_then_is_made_again_after_it(citizen) -> None:
    await citizen.says("trips", "trips")
    await citizen.says("yes", "affirm")
    responses = await citizen.says("how much is a passport", "documents", document_type="passport")
    assert responses == ["documents_item", "offer_vehicle"]
    assert await citizen.says("yes", "affirm") == ["vehicle", "vehicle_item", "vehicle_item"]


@pytest.mark.parametrize(
    ("count", "offset", "page", "is_spoken", "end"),
    [
        (9, 0, None, False, 9),
        (9, 0, 4, False, 4),
        (9, 0, None, True, 3),
        (9, 0, 2, True, 2),
        (9, 0, 4, True, 3),
        (9, 3, None, True, 6),
        (4, 0, None, True, 4),  # sooner said than asked for
        (9, 6, None, True, 9),
    ],
)
def test_page_when_it_is_listened_to_then_has_a_few_things(
    count: int, offset: int, page: int | None, is_spoken: bool, end: int
) -> None:
    assert page_end(count, offset, page, is_spoken=is_spoken) == end
