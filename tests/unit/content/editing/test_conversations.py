import pytest

from assistant.content.editing.conversations import fixed_words

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("texts", "said", "expected"),
    [
        (
            ("Your passport is valid until {until}.",),
            "Your passport is valid until 5 May.",
            ("Your passport is valid until",),
        ),
        (("Hello.", "Good day."), "Hello.", ()),
        (("{count}",), "3", ()),
        (
            ("Pay {sum} today, or call the office.",),
            "Pay 5 euros today, or call the office.",
            ("today, or call the office",),
        ),
        (("This was not said at all",), "Something else was", ()),
    ],
)
def test_words_of_an_answer_when_kept_for_a_test_then_are_those_that_are_always_said(texts, said, expected) -> None:
    assert fixed_words(texts, said) == expected
