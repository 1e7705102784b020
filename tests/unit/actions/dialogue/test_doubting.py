"""Words that were not heard surely: what they say counts once it was told, or asked about."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from actions.dialogue.doubting import is_surely_heard
from actions.dialogue.frames import HEARD
from actions.dialogue.heard import Heard
from assistant.core.languages import Language
from tests.unit.actions.dialogue.conftest import Citizen, hear_in

pytestmark = pytest.mark.unit

Speak = Callable[..., Any]


def spoken(heard: Heard, unsure: str = "", alternatives: tuple[str, ...] = ()) -> Heard:
    """The words as a recogniser gives them: those of `unsure` are as likely wrong as right."""
    doubted = unsure.split()
    confidences = tuple(0.3 if word in doubted else 0.95 for word in heard.text.split())
    return replace(heard, confidences=confidences, alternatives=alternatives)


@pytest.fixture
def speak(citizen: Citizen) -> Speak:
    """Says words aloud; `unsure` are those that were hardly heard."""

    async def say(
        text: str,
        intent: str,
        *,
        unsure: str = "",
        alternatives: tuple[str, ...] = (),
        mentions: Mapping[str, str] | None = None,
        confidence: float = 0.9,
    ) -> list[str]:
        return await citizen.hears(spoken(hear_in(text, intent, confidence, mentions or {}), unsure, alternatives))

    return say


@pytest.mark.parametrize(
    ("text", "unsure", "mentions", "expected"),
    [
        ("when is the bus to tartu", "", {"place": "tartu"}, True),
        ("when is the bus to tartu", "tartu", {"place": "tartu"}, False),
        ("when is the bus to tartu", "when the", {"place": "tartu"}, True),
        ("the second one please", "please", {}, True),
        ("the second one please", "second", {}, False),
        ("please", "please", {}, False),
    ],
)
def test_words_when_they_name_a_value_then_it_is_as_sure_as_they_are(text, unsure, mentions, expected) -> None:
    heard = spoken(hear_in(text, "inform", 0.9, mentions), unsure)
    assert is_surely_heard(heard, "place", "tartu") is expected
    assert is_surely_heard(replace(heard, confidences=None), "place", "tartu")


def test_words_when_they_are_a_part_then_confidences_are_its_own() -> None:
    heard = spoken(hear_in("the bus and the train", "inform", 0.9, {}), "train", ("the boss",))
    assert heard.part(8, 21).confidences == (0.95, 0.95, 0.3)
    assert heard.part(0, 7).confidences == (0.95, 0.95)
    assert heard.part(0, 7).alternatives == ()


async def test_value_when_nothing_would_tell_it_then_is_asked_about_and_a_yes_goes_on(citizen, speak) -> None:
    named = {"kind_of_news": "bus", "place": "tartu"}
    assert await speak("the bus to tartu", "places", unsure="tartu", mentions=named) == ["heard_right"]
    assert citizen.values_of("heard_right") == {"value": "tartu"}
    assert citizen.stack[-1].asked == HEARD
    assert citizen.registers.asked == []
    assert await speak("yes", "affirm") == ["places_item"]


async def test_values_when_two_are_doubtful_then_one_question_is_asked(citizen, speak) -> None:
    named = {"kind_of_news": "bus", "place": "tartu"}
    assert await speak("the bus to tartu", "places", unsure="bus tartu", mentions=named) == ["heard_right"]
    assert citizen.values_of("heard_right") == {"value": "bus, tartu"}
    assert await speak("no", "deny") == ["ask_kind_of_news"]
    assert citizen.stack[-1].values == {}


async def test_value_when_it_was_heard_wrong_then_what_is_said_instead_counts(citizen, speak) -> None:
    await speak("the bus", "places", mentions={"kind_of_news": "bus"})
    assert await speak("tartu", "inform", unsure="tartu", mentions={"place": "tartu"}) == ["heard_right"]
    assert await speak("no narva", "deny", mentions={"place": "narva"}) == ["places_item"]


async def test_value_when_it_is_said_again_then_was_heard_right(citizen, speak) -> None:
    await speak("the bus", "places", mentions={"kind_of_news": "bus"})
    assert await speak("tartu", "inform", unsure="tartu", mentions={"place": "tartu"}) == ["heard_right"]
    assert await speak("tartu", "inform", unsure="tartu", mentions={"place": "tartu"}) == ["places_item"]


async def test_value_when_something_else_is_asked_between_then_it_is_asked_for_again(citizen, speak) -> None:
    await speak("the bus", "places", mentions={"kind_of_news": "bus"})
    await speak("tartu", "inform", unsure="tartu", mentions={"place": "tartu"})
    responses = await citizen.says("my cars", "vehicle")
    assert responses[-2:] == ["return_to", "ask_place"]
    await speak("tartu", "inform", unsure="tartu", mentions={"place": "tartu"})
    assert (await citizen.says_several(vehicle="my cars", places="and then the bus"))[-1] == "ask_place"


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (("my trips", "trips", {}), None),
        (("i sold the volvo", "notice", {}), ("yesterday", "inform", {})),  # sent, so it is read back
        (("my volvo", "vehicle", {}), None),  # chosen, so it is told
    ],
)
async def test_value_when_it_is_told_anyway_then_is_not_asked_about(citizen, speak, request_, answer) -> None:
    for text, intent, mentions in filter(None, (request_, answer)):
        assert "heard_right" not in await speak(text, intent, unsure=text, mentions=mentions)


async def test_value_when_typed_then_is_not_asked_about(citizen) -> None:
    assert await citizen.says("the bus to tartu", "places", kind_of_news="bus", place="tartu") == ["places_item"]


async def test_yes_when_it_was_hardly_heard_then_nothing_is_sent_before_it_is_said_again(citizen, speak) -> None:
    await citizen.says("i sold the volvo yesterday", "notice")
    assert await speak("yes", "affirm", unsure="yes") == ["say_yes_no"]
    assert citizen.writer.acts == []
    assert (await speak("yes", "affirm"))[0] == "notice_done"


async def test_answer_when_only_another_reading_is_one_then_that_counts(citizen, speak) -> None:
    await speak("the bus", "places", mentions={"kind_of_news": "bus"})
    said = await speak("tar two", "nlu_fallback", unsure="tar two", alternatives=("bread", "tartu"))
    assert said == ["heard_right"]
    assert citizen.values_of("heard_right") == {"value": "tartu"}
    assert await speak("yes", "affirm") == ["places_item"]


async def test_answer_when_spoken_in_vain_then_nearest_are_asked_and_typing_is_offered(citizen, speak) -> None:
    cars = [
        {"plate": f"{at}00ABC", "make": make, "inspectionValidUntil": "2027-05-01", "registered": True}
        for at, make in enumerate(MAKES)
    ]
    citizen.registers.answers["cars"] = {"cars": cars}
    await speak("i sold a car", "notice")
    assert await speak("it is the wolf", "nlu_fallback") == ["try_again", "for_example"]
    assert await speak("the wolf i say", "nlu_fallback") == ["still_not_understood", "type_instead", "is_it"]
    assert "Volvo" in citizen.values_of("is_it")["choices"]
    assert citizen.values_of("is_it")["choices"].count(",") == 2
    assert set(citizen.turn.said[-1].expected.phrases) == set(MAKES)


MAKES = ("Skoda", "Audi", "Toyota", "Volvo", "Lada", "Kia", "Fiat")


@pytest.mark.parametrize("language", Language)
async def test_value_when_it_cannot_be_chosen_then_is_asked_for_in_other_words_each_time(citizen, language) -> None:
    citizen.language = language
    await citizen.says("x", "move")
    await citizen.says("pikk 5, tartu", "inform")
    asked = [(await citizen.says("hmm tra la"))[-1] for _ in range(4)]
    assert asked == ["say_date", "still_needed", "ask_moving_date", "say_date"]
    assert citizen.values_of("say_date")["label"] == citizen.hold.services["move"].input("moving_date").label[language]
