import pytest

from assistant.core.plain_words import plain

pytestmark = pytest.mark.unit


def test_plain_when_words_have_signs_and_capitals_then_they_are_compared_without() -> None:
    assert plain("  Назад,  к КРАТТУ!? ") == "назад к кратту"
