from collections import Counter

import pytest

from assistant.core.outcomes import Outcome
from assistant.core.publishing import Trial
from assistant.pipeline.count_outcomes import CountOutcomes

pytestmark = pytest.mark.unit


class FakeFigures(Counter[tuple[str, str]]):
    def count(self, model: str, *what: str) -> None:
        self.update((model, name) for name in what)

    async def close(self) -> None: ...


@pytest.fixture
def figures() -> FakeFigures:
    return FakeFigures()


@pytest.fixture
def outcomes(figures) -> CountOutcomes:
    return CountOutcomes(figures)


def test_conversation_when_it_has_several_turns_then_counts_once_for_each_thing(outcomes, figures) -> None:
    for outcome in (Outcome.ANSWERED, Outcome.UNANSWERABLE_OUT_OF_SCOPE, Outcome.UNANSWERABLE_OUT_OF_SCOPE):
        outcomes.turn("m1", "a dialogue", outcome)
    outcomes.turn("m1", "another", Outcome.ANSWERED, "nlu_fallback")
    assert figures == {
        ("m1", "answered"): 2,
        ("m1", "unanswerable_out_of_scope"): 2,
        ("m1", "fallback"): 1,
        ("m1", "conversation"): 2,
        ("m1", "conversation_not_understood"): 2,
    }


def test_conversation_when_a_trial_begins_in_it_then_counts_anew(outcomes, figures) -> None:
    outcomes.turn("m1", "a dialogue", Outcome.ANSWERED)
    outcomes.during(Trial("m2", 50, 1.0))
    outcomes.turn("m1", "a dialogue", Outcome.HANDED_OVER)
    outcomes.during(Trial("m2", 50, 1.0))
    outcomes.turn("m1", "a dialogue", Outcome.FAILED_DIALOGUE)
    assert figures["m1", "conversation"] == 2
    assert figures["m1", "conversation_handed_over"] == figures["m1", "conversation_failed"] == 1
