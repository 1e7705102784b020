import pytest

from assistant.core.intervals import Share, difference_interval, needed

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        # Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (0, 0, 0.0, 1.0),
    ],
)
def test_share_when_its_interval_is_taken_then_is_wilsons(hits, of, low, high) -> None:
    assert Share(hits, of).interval() == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # Newcombe, "Interval estimation for the difference between independent proportions" (1998), table II, method 10
        (Share(48, 80), Share(56, 70), 0.0524, 0.3339),
        (Share(3, 10), Share(9, 10), 0.1705, 0.8090),
        (Share(0, 10), Share(10, 10), 0.6075, 1.0),
        (Share(0, 0), Share(1, 2), -1.0, 1.0),
    ],
)
def test_difference_when_its_interval_is_taken_then_is_newcombes(first, second, low, high) -> None:
    assert difference_interval(first, second) == pytest.approx((low, high), abs=5e-5)
    assert difference_interval(second, first) == pytest.approx((-high, -low), abs=5e-5)


def test_needed_when_the_difference_is_half_as_big_then_is_about_four_times_as_many() -> None:
    assert needed(0.5, 0.1) == 388  # without Fleiss's correction for continuity
    assert 3.8 < needed(0.5, 0.05) / needed(0.5, 0.1) < 4.2
    assert needed(1.0, 0.05) == needed(0.95, 0.05)
