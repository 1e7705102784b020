"""Words come back from Alexa's intents."""

import pytest

from assistant.content.project import Content
from assistant.core.languages import Language
from connectors.alexa.envelope import Intent, Slot
from connectors.alexa.words import OUR_INTENTS, intent_of, sentences_of, words_of

pytestmark = pytest.mark.unit

SENTENCES = {"help": "help me", "affirm": "yes", "deny": "no", "repeat": "say that again", "stop": "stop"}
SENTENCES["vehicle"] = "car inspection"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("Words", " in tartu ", "in tartu"),
        ("Words", None, ""),
        ("Words_when", "is the tartu office open", "when is the tartu office open"),
        (intent_of("i'm"), "moving", "i'm moving"),
        ("Words_when", None, ""),
        ("vehicle", None, "car inspection"),
        ("AMAZON.YesIntent", None, "yes"),
        ("AMAZON.NavigateHomeIntent", None, "stop"),
        ("AMAZON.FallbackIntent", None, ""),
        ("SomebodyElses", "when", ""),
    ],
)
def test_words_when_alexa_tells_an_intent_then_come_back(name: str, value: str | None, words: str) -> None:
    assert words_of(Intent(name=name, slots={"words": Slot(value=value)}), SENTENCES) == words


def test_words_when_there_are_no_slots_then_there_are_none() -> None:
    assert words_of(Intent(name="Words"), {}) == ""


def test_intents_of_amazon_when_listed_then_each_has_words() -> None:
    assert all(words_of(Intent(name=name), SENTENCES) for name in OUR_INTENTS)


def test_sentences_when_taken_from_the_content_then_say_what_amazons_intents_mean(content: Content) -> None:
    sentences = sentences_of(content)
    english = {name: said[Language.EN] for name, said in sentences.items()}
    said = {name: words_of(Intent(name=name), english) for name in OUR_INTENTS}
    expected = {
        "AMAZON.YesIntent": "yes",
        "AMAZON.NoIntent": "no",
        "AMAZON.StopIntent": "stop",
        "AMAZON.HelpIntent": "help",
    }
    assert expected.items() <= said.items()
    assert {service.service for service in content.services} < sentences.keys()
