"""Every number is worked out by hand beside it."""

import pytest

from assistant.content.scores import (
    Judged,
    Tally,
    accepted,
    accuracy,
    confusions,
    expected_calibration_error,
    f1_by_intent,
    macro_f1,
    percentile,
    reliability,
    share,
    word_errors,
)

pytestmark = pytest.mark.unit

# right a: said a, a, b; right b: said b; right c: said a
FIVE = [
    Judged("1", "a", "a", 0.95),
    Judged("2", "a", "a", 0.85),
    Judged("3", "a", "b", 0.45),
    Judged("4", "b", "b", 0.92),
    Judged("5", "c", "a", 0.98),
]


def test_accuracy_when_three_of_five_are_right_then_it_is_three_fifths():
    assert accuracy(FIVE) == pytest.approx(0.6)
    assert accuracy([]) == 0.0


def test_f1_when_worked_out_by_hand_then_it_is_the_same():
    # a: 2 hits of 3 wanted and 3 said, 4/6; b: 1 of 1 and 2, 2/3; c: none of 1 and 0
    assert f1_by_intent(FIVE) == pytest.approx({"a": 2 / 3, "b": 2 / 3, "c": 0.0})
    assert macro_f1(FIVE) == pytest.approx(4 / 9)
    assert macro_f1([]) == 0.0


def test_macro_f1_when_an_intent_is_only_said_wrongly_then_it_has_no_f1_of_its_own():
    assert f1_by_intent([Judged("1", "a", "x", 0.9)]) == {"a": 0.0}


def test_confusions_when_counted_then_the_most_frequent_comes_first():
    assert confusions([*FIVE, FIVE[4]]) == [(("c", "a"), 2), (("a", "b"), 1)]


def test_accepted_when_unsure_or_rejected_then_it_is_left_out():
    kept = accepted([*FIVE, Judged("6", "a", "none", 0.99)], 0.9, frozenset({"none"}))
    assert [each.text for each in kept] == ["1", "4", "5"]


def test_reliability_when_confidence_is_at_an_edge_then_it_falls_into_the_upper_bar():
    bars = reliability([Judged("1", "a", "a", 0.5), Judged("2", "a", "b", 1.0), Judged("3", "a", "a", 0.0)])
    assert [bar.count for bar in bars] == [1, 0, 0, 0, 0, 1, 0, 0, 0, 1]
    assert (bars[9].confidence, bars[9].accuracy) == (1.0, 0.0)
    assert (bars[5].confidence, bars[5].accuracy) == (0.5, 1.0)


def test_calibration_error_when_worked_out_by_hand_then_it_is_the_same():
    # 0.4-0.5: one of 0.45, none right: 0.45; 0.8-0.9: one of 0.85, right: 0.15;
    # 0.9-1: three of mean 0.95, two right: |0.95 - 2/3| = 0.28333. (0.45 + 0.15 + 3 * 0.28333) / 5 = 0.29
    assert expected_calibration_error(FIVE) == pytest.approx(0.29)
    assert expected_calibration_error([]) == 0.0


def test_tally_when_added_then_precision_recall_and_f1_are_of_the_sums():
    # 5 wanted, 4 found, 3 right: 3/4, 3/5, 2 * 3 / (5 + 4)
    both = Tally(wanted=3, found=2, right=2) + Tally(wanted=2, found=2, right=1)
    assert (both.precision, both.recall, both.f1) == (3 / 4, 3 / 5, 6 / 9)


def test_tally_when_there_is_nothing_then_no_share_is_made_up():
    assert (Tally().precision, Tally().recall, Tally().f1) == (None, None, None)
    assert share(0, 0) is None
    assert share(1, 4) == 0.25


@pytest.mark.parametrize(("percent", "value"), [(50, 2.0), (51, 3.0), (75, 3.0), (95, 10.0), (100, 10.0), (0, 1.0)])
def test_percentile_when_asked_of_four_values_then_it_is_the_nearest_rank(percent: int, value: float):
    assert percentile([10.0, 1.0, 3.0, 2.0], percent) == value


def test_percentile_when_there_are_no_values_then_it_is_nothing():
    assert percentile([], 95) == 0.0


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("my car", "my car", 0),
        ("my car", "", 2),
        ("", "my car", 2),
        ("when is my car due", "when my cars due now", 3),  # is taken out, car replaced, now put in
        ("a b c", "b c a", 2),
    ],
)
def test_word_errors_when_counted_by_hand_then_they_are_as_many(said: str, heard: str, errors: int):
    assert word_errors(said.split(), heard.split()) == errors
