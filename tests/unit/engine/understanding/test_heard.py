import pytest

from assistant.engine.understanding.heard import Hypothesis, hypotheses

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("heard", [None, "x", 7, []])
def test_hypotheses_when_a_text_was_typed_are_the_text(heard) -> None:
    assert hypotheses("hello", heard) == [Hypothesis("hello")]


def test_hypotheses_when_readings_are_told_weigh_them_by_their_place() -> None:
    found = hypotheses("a passport", {"confidences": [0.9, 0.5], "alternatives": ["a pass port", " ", 3, "passport"]})
    assert [each.text for each in found] == ["a passport", "a pass port", "passport"]
    assert [each.weight for each in found] == pytest.approx([0.7 * 6 / 11, 0.7 * 3 / 11, 0.7 * 2 / 11])
    assert [each.certainty for each in found] == [(0.95, 0.75), None, None]


@pytest.mark.parametrize(
    ("confidences", "weight"),
    [([1.0, 1.0], 1.0), ([0.5, 1.0], 0.75), ([0.25, 0.25], 0.25), (["x", 0.5], 0.75), ([], 1)],
)
def test_hypotheses_when_words_were_hardly_heard_weigh_less(confidences, weight) -> None:
    [only] = hypotheses("my passport", {"confidences": confidences, "alternatives": []})
    assert only.weight == pytest.approx(weight)


def test_hypotheses_when_fields_are_missing_do_without() -> None:
    assert hypotheses("hello", {}) == [Hypothesis("hello")]


def test_hypotheses_when_a_word_is_two_for_the_encoder_count_both_alike() -> None:
    [only] = hypotheses("my driver's licence", {"confidences": [1.0, 0.5, 0.75], "alternatives": []})
    assert only.certainty == (1.0, 0.75, 0.75, 0.875)


def test_hypotheses_when_confidences_are_not_of_these_words_have_none() -> None:
    [only] = hypotheses("my passport", {"confidences": [0.5], "alternatives": []})
    assert only.certainty is None
