"""Words that are not understood while nothing is open: what is asked then, never the same twice in a row."""

from dataclasses import replace

import pytest

from actions.dialogue.frames import MEANT, Frame, Offered, owner_of, write_stack
from actions.dialogue.ladder import likely
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from tests.unit.actions.dialogue.conftest import SUBJECT, hear_in

pytestmark = pytest.mark.unit

ONE = (("vehicle", 0.4), ("help", 0.2), ("trips", 0.09))
TWO = (("greet", 0.3), ("vehicle", 0.28), ("notice", 0.22), ("trips", 0.05))
THREE = (("vehicle", 0.25), ("notice", 0.24), ("trips", 0.2), ("documents", 0.19))
NONE = (("greet", 0.3), ("vehicle", 0.15), ("notice", 0.1))


@pytest.fixture
def murmur(citizen):
    """Says words below the engine's threshold, typed or spoken."""

    async def say(*ranking, text="something or other", is_spoken=False, **mentions):
        heard = hear_in(text, "nlu_fallback", 0.5, mentions, citizen.language)
        confidences = (0.9,) * len(text.split()) if is_spoken else None
        return await citizen.hears(replace(heard, ranking=ranking, confidences=confidences))

    return say


@pytest.mark.parametrize(
    ("ranking", "expected"),
    [
        (ONE, ("vehicle",)),
        (TWO, ("vehicle", "notice")),
        (THREE, ("vehicle", "notice", "trips")),
        (NONE, ()),
        ((), ()),
        ((("nlu_fallback", 0.5), *ONE), ("vehicle",)),
        ((("nlu_fallback", 0.7), ("vehicle", 0.99)), ()),  # in no example's letters
    ],
)
def test_likely_when_services_share_the_ranking_then_at_most_three_of_them(ranking, expected) -> None:
    assert likely(ranking, {"vehicle", "notice", "trips", "documents"}) == expected


async def test_words_when_one_service_is_likely_then_it_is_asked_for_and_a_yes_begins_it(citizen, murmur) -> None:
    assert await murmur(*ONE) == ["meant_one"]
    assert citizen.values_of("meant_one") == {"title": "the title of vehicle"}
    assert citizen.turn.outcome is Outcome.ASKED_DETAIL
    assert await citizen.says("yes", "affirm") == ["vehicle", "vehicle_item", "vehicle_item"]


async def test_words_when_they_named_a_value_then_it_counts_once_they_are_understood(citizen, murmur) -> None:
    assert await murmur(("documents", 0.4), text="passport somehow", document_type="passport") == ["meant_one"]
    assert await citizen.says("yes", "affirm") == ["documents_item"]


@pytest.mark.parametrize(
    ("text", "intent", "begun"),
    [
        ("the first one", "inform", "vehicle"),
        ("the second", "nlu_fallback", "ask_car"),
        ("the last one please", "affirm", "ask_car"),
        ("the title of notice", "nlu_fallback", "ask_car"),
        ("no, the second one", "deny", "ask_car"),
        ("my trips", "trips", "trips"),
    ],
)
async def test_choices_when_one_is_meant_then_it_begins(citizen, murmur, text, intent, begun) -> None:
    assert await murmur(*TWO) == ["meant_which"]
    assert citizen.values_of("meant_which") == {"choices": "the title of vehicle; the title of notice"}
    assert citizen.turn.said[-1].buttons == ("the title of vehicle", "the title of notice")
    assert (await citizen.says(text, intent))[0] == begun
    assert all(frame.asked != MEANT for frame in citizen.stack)


@pytest.mark.parametrize(("text", "intent"), [("none of them", "inform"), ("no", "deny"), ("neither", "nlu_fallback")])
async def test_choices_when_none_is_meant_then_other_words_are_asked_for_and_they_are_not_offered_again(
    citizen, murmur, text, intent
) -> None:
    await murmur(*TWO)
    assert await citizen.says(text, intent) == ["not_understood"]
    assert await murmur(("documents", 0.4), *TWO) == ["still_not_understood", "help", "meant_perhaps"]
    assert citizen.values_of("meant_perhaps") == {"choices": "the title of documents"}
    assert await citizen.says(text, intent) == ["still_not_understood", "speak_to_person"]
    assert citizen.stack == ()


async def test_choices_when_answered_yes_then_they_are_told_in_other_words_each_time(citizen, murmur) -> None:
    await murmur(*TWO)
    assert await citizen.says("yes", "affirm") == ["meant_perhaps"]
    assert await citizen.says("yes", "affirm") == ["choices"]
    assert await citizen.says("yes", "affirm") == ["still_not_understood", "speak_to_person"]


@pytest.mark.parametrize("is_spoken", [False, True])
async def test_words_when_never_understood_then_each_time_another_thing_is_said_and_at_last_a_person(
    citizen, murmur, is_spoken
) -> None:
    rungs = [await murmur(*NONE, is_spoken=is_spoken) for _ in range(4)]
    typed = ["type_instead"] if is_spoken else []
    assert rungs == [
        ["not_understood"],
        ["still_not_understood", "help"],
        ["still_not_understood", "speak_to_person", *typed],
        ["not_understood"],
    ]


async def test_words_when_another_service_is_likely_each_time_then_it_is_offered_and_at_last_a_person(
    citizen, murmur
) -> None:
    assert await murmur(*ONE) == ["meant_one"]
    assert await murmur(*TWO) == ["still_not_understood", "help", "meant_perhaps"]
    assert citizen.values_of("meant_perhaps") == {"choices": "the title of notice"}
    assert await murmur(("trips", 0.4)) == ["still_not_understood", "speak_to_person"]
    assert citizen.turn.outcome is Outcome.HANDED_OVER


async def test_words_when_something_is_understood_between_then_counts_anew(citizen, murmur) -> None:
    await murmur(*NONE)
    assert await citizen.says("hello", "greet") == ["greet"]
    assert citizen.stack == ()
    assert await murmur(*NONE) == ["not_understood"]
    assert await citizen.says("stop", "stop") == ["stop"]
    assert await murmur(*NONE) == ["not_understood"]
    assert (await citizen.says_several(vehicle="my cars", summary="all of it"))[0] == "vehicle"
    assert await murmur(*NONE) == ["not_understood"]


async def test_words_when_yes_comes_with_nothing_offered_then_is_small_talk(citizen, murmur) -> None:
    await murmur(*NONE)
    assert await citizen.says("yes", "affirm") == ["affirm"]


async def test_words_when_what_lies_below_was_interrupted_then_its_question_stands_again(citizen, murmur) -> None:
    await citizen.says("i sold a car", "notice")
    await citizen.says("my trips", "trips")  # tells a page and asks whether to go on
    assert await murmur(*ONE) == ["try_again", "return_to", "ask_car"]


async def test_offer_when_the_service_has_gone_then_the_words_count_as_a_request(citizen) -> None:
    offers = (Offered("gone"),)
    citizen.slot = write_stack((Frame("", owner_of(SUBJECT), asked=MEANT, tries=1, offers=offers),))
    assert await citizen.says("yes", "affirm") == ["affirm"]


async def test_title_when_its_first_word_is_said_then_that_is_no_choice(citizen, murmur) -> None:
    services = dict(citizen.hold.services)
    for name, title in (("vehicle", "Do I have a car"), ("notice", "When was it sold")):
        services[name] = services[name].model_copy(update={"title": dict.fromkeys(Language, title)})
    citizen.hold = replace(citizen.hold, services=services)
    await murmur(*TWO)
    assert (await citizen.says("do what"))[0] == "still_not_understood"
