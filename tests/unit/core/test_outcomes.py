import pytest

from assistant.core.outcomes import OUTCOME_RESPONSES, Outcome

pytestmark = pytest.mark.unit

FAMILIES = {"answered", "asked", "handed", "unanswerable", "failed"}


@pytest.mark.parametrize("outcome", Outcome)
def test_outcome_when_named_then_begins_with_its_family(outcome: Outcome) -> None:
    assert outcome.family in FAMILIES
    assert str(outcome) == outcome.name.lower()


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome.family == "failed"])
def test_outcome_when_a_stage_failed_then_the_gateway_has_words_for_it(outcome: Outcome) -> None:
    assert OUTCOME_RESPONSES[outcome] == f"utter_{outcome.value}"


def test_responses_when_the_engine_has_spoken_then_gateway_adds_none_of_its_own() -> None:
    own = {outcome for outcome in OUTCOME_RESPONSES if outcome.family != "failed"}
    assert own == {Outcome.UNANSWERABLE_NO_SPEECH}
