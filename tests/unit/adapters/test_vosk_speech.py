"""Which words of the recogniser are passed on."""

import pytest

from assistant.adapters.vosk_speech import CLEAR_CONFIDENCE, clear_words
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
