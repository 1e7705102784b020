"""What a spoken text is understood as."""

import pytest

from assistant.engine.understanding.heard import Hypothesis, hypotheses

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("heard", [None, [], "yes"])
def test_hypotheses_when_a_text_was_typed_are_the_text(heard) -> None:
    assert hypotheses("my passport", heard) == [Hypothesis("my passport")]


def test_hypotheses_when_a_word_was_not_heard_surely_count_it_less() -> None:
    [only] = hypotheses("my passport", {"confidences": [0.5, 1], "alternatives": []})
    assert only == Hypothesis("my passport", 1.0, (0.75, 1.0))


def test_hypotheses_when_a_word_is_two_for_the_encoder_count_both_alike() -> None:
    [only] = hypotheses("my driver's licence", {"confidences": [1.0, 0.5, 0.75], "alternatives": []})
    assert only.certainty == (1.0, 0.75, 0.75, 0.875)


def test_hypotheses_when_confidences_are_not_of_these_words_have_none() -> None:
    [only] = hypotheses("my passport", {"confidences": [0.5], "alternatives": []})
    assert only.certainty is None


def test_hypotheses_when_there_are_other_readings_weigh_them_by_their_rank() -> None:
    found = hypotheses("a", {"confidences": [1.0], "alternatives": ["b", " ", "c"]})
    assert [each.text for each in found] == ["a", "b", "c"]
    assert [each.weight / found[0].weight for each in found] == pytest.approx([1, 1 / 2, 1 / 3])
    assert sum(each.weight for each in found) == pytest.approx(1)
