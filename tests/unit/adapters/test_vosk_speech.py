"""Which words of the recogniser are passed on."""

import pytest

from assistant.adapters.vosk_speech import CLEAR_CONFIDENCE, MOST_ALTERNATIVES, clear_words, other_readings
from assistant.core.turns import Word

pytestmark = pytest.mark.unit


def word(text: str, confidence: float) -> Word:
    return Word(text, 0.0, 0.1, confidence)


def test_clear_words_leaves_out_unknown_and_unclear_ones() -> None:
    heard = [
        word("my", 1.0),
        word("[unk]", 0.9),
        word("passport", CLEAR_CONFIDENCE),
        word("a", CLEAR_CONFIDENCE - 0.01),
    ]
    assert [clear.text for clear in clear_words(heard)] == ["my", "passport"]


def test_other_readings_leaves_out_the_text_itself_repetitions_and_unknown_words() -> None:
    readings = ["my passport", "my [unk] passport", "my pass port", "[unk]", "a passport", "my pass port"]
    assert other_readings("my passport", readings) == ("my pass port", "a passport")


def test_other_readings_when_there_are_many_has_the_best_of_them() -> None:
    assert other_readings("0", [str(number) for number in range(9)]) == ("1", "2", "3", "4")[:MOST_ALTERNATIVES]


def test_other_readings_when_nothing_was_heard_clearly_has_none() -> None:
    assert other_readings("", ["perhaps a word"]) == ()
