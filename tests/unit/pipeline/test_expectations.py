import pytest

from assistant.core.turns import Expected
from assistant.pipeline.expectations import Expectations

pytestmark = pytest.mark.unit

DATE, PLATE = Expected("date"), Expected("plate")


def test_expectations_when_a_question_is_answered_forget_it() -> None:
    expectations = Expectations()
    expectations.note("a", DATE)
    expectations.note("b", PLATE)
    assert (expectations.of("a"), expectations.of("b"), expectations.of("c")) == (DATE, PLATE, None)
    expectations.note("a", None)
    assert (expectations.of("a"), expectations.of("b")) == (None, PLATE)


def test_expectations_when_told_to_forget_then_no_question_is_left() -> None:
    expectations = Expectations()
    expectations.note("a", DATE)
    expectations.forget()
    assert expectations.of("a") is None


def test_expectations_when_there_are_too_many_forget_the_oldest_question() -> None:
    expectations = Expectations(most=2)
    for dialogue, expected in (("a", DATE), ("b", DATE), ("a", PLATE), ("c", DATE)):
        expectations.note(dialogue, expected)
    assert (expectations.of("a"), expectations.of("b"), expectations.of("c")) == (PLATE, None, DATE)
