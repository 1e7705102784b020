import pytest

from assistant.engine.understanding.heard import Hypothesis, hypotheses

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("heard", [None, "x", 7, []])
def test_hypotheses_when_a_text_was_typed_are_the_text(heard) -> None:
    assert hypotheses("hello", heard) == [Hypothesis("hello")]


def test_hypotheses_when_readings_are_told_weigh_them_by_their_place() -> None:
    found = hypotheses("a passport", {"confidences": [0.9, 0.5], "alternatives": ["a pass port", " ", 3, "passport"]})
    assert [each.text for each in found] == ["a passport", "a pass port", "passport"]
    assert [each.weight for each in found] == pytest.approx([6 / 11, 3 / 11, 2 / 11])
    assert [each.certainty for each in found] == [(0.9, 0.5), None, None]


def test_hypotheses_when_fields_are_missing_do_without() -> None:
    assert hypotheses("hello", {}) == [Hypothesis("hello")]
