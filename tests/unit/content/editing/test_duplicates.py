"""Examples that say the same, or almost."""

import pytest

from assistant.content.editing.duplicates import ExampleIndex, is_within
from assistant.content.editing.examples import Example, list_examples
from assistant.core.languages import Language

pytestmark = pytest.mark.unit


def index(*examples: tuple[str, str]) -> ExampleIndex:
    return ExampleIndex(Example(intent, Language.EN, text, "f.yml", at) for at, (intent, text) in enumerate(examples))


OURS = index(
    ("pension", "When can I retire?"),
    ("greet", "hello"),
    ("greet", "[hello](x) there kratt"),
    ("vehicle", "is my car ok"),
    ("vehicle", "my car is ok"),
    ("deny", "i am not moving"),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("when can i retire", [("When can I retire?", "same")]),
        ("when can i retyre", [("When can I retire?", "near")]),
        ("helo", [("hello", "near")]),
        ("Kratt, hello there!", [("[hello](x) there kratt", "near")]),
        ("ok is my car", [("is my car ok", "near"), ("my car is ok", "near")]),
        ("my car is ok", [("my car is ok", "same"), ("is my car ok", "near")]),
        ("i am moving", []),
        ("something else", []),
        ("...", []),
    ],
)
def test_similar_when_a_text_is_typed_finds_the_same_and_the_near(text, found) -> None:
    assert [(each.example.text, each.kind) for each in OURS.similar(text)] == found


def test_across_intents_when_two_intents_share_words_tells_both() -> None:
    twice = index(("a", "my car"), ("b", "My car!"), ("a", "my car"), ("c", "car, my"), ("d", "my house"))
    pairs = [(one.example.intent, other.example.intent, other.kind) for one, other in twice.across_intents()]
    assert pairs == [("a", "b", "same"), ("a", "c", "near")]


@pytest.mark.parametrize(
    ("one", "other", "distance"), [("a", "a", 0), ("kitten", "sitting", 3), ("", "ab", 2), ("abc", "abd", 1)]
)
def test_is_within_when_letters_differ_counts_them(one, other, distance) -> None:
    assert is_within(one, other, distance)
    assert not is_within(one, other, distance - 1)
    assert is_within(other, one, distance)


def test_across_intents_when_asked_of_our_content_finds_nothing_that_is_the_same(ours) -> None:
    pairs = ExampleIndex(list_examples(ours)).across_intents()
    assert not [pair for pair in pairs if pair[0].kind == "same"]
