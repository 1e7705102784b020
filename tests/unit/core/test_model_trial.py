import pytest

from assistant.core.intervals import Share
from assistant.core.model_trial import Measured, Verdict, compared
from assistant.core.publishing import Figures

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("live", "tried", "verdict"),
    [
        (Share(0, 0), Share(0, 0), Verdict.NOT_ENOUGH),
        (Share(10, 100), Share(3, 10), Verdict.NOT_ENOUGH),
        (Share(100, 1000), Share(60, 100), Verdict.WORSE),  # hardly ever by chance: nobody waits for more
        (Share(1000, 10_000), Share(260, 2000), Verdict.WORSE),
        (Share(1000, 10_000), Share(140, 2000), Verdict.BETTER),
        (Share(1000, 10_000), Share(205, 2000), Verdict.ALIKE),
    ],
)
def test_verdict_when_figures_come_in_then_says_what_they_allow(live, tried, verdict) -> None:
    assert Measured("failed", live, tried).verdict is verdict


def test_verdict_when_more_is_better_then_is_the_other_way_round() -> None:
    assert Measured("graded 4 or 5", Share(1000, 10_000), Share(260, 2000), is_good=True).verdict is Verdict.BETTER


def test_needed_when_few_are_tried_then_are_fewer_than_of_two_equal_groups_but_not_half() -> None:
    equal, few = (Measured("failed", Share(of // 10, of), Share(1, 100)).needed for of in (100, 900))
    assert equal / 2 < few < equal


def test_models_when_compared_then_each_conversation_counts_once() -> None:
    live = Figures({"conversation": 10, "conversation_not_understood": 2, "grade_4": 3, "grade_1": 1, "answered": 40})
    tried = Figures({"conversation": 5, "conversation_failed": 6})
    found = {each.name: (each.live, each.tried) for each in compared(live, tried)}
    assert found == {
        "not understood": (Share(2, 10), Share(0, 5)),
        "handed to a person": (Share(0, 10), Share(0, 5)),
        "failed": (Share(0, 10), Share(5, 5)),
        "graded 4 or 5": (Share(3, 4), Share(0, 0)),
    }
