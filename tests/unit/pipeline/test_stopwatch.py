from collections.abc import Callable
from types import SimpleNamespace

import pytest

from assistant.pipeline import stopwatch
from assistant.pipeline.stopwatch import Stopwatch

pytestmark = pytest.mark.unit

Passing = Callable[[float], None]


@pytest.fixture
def pass_milliseconds(monkeypatch: pytest.MonkeyPatch) -> Passing:
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(stopwatch, "time", SimpleNamespace(perf_counter=lambda: clock.now))

    def advance(milliseconds: float) -> None:
        clock.now += milliseconds / 1000

    return advance


def test_laps_when_stages_end_then_each_has_the_time_since_the_one_before(pass_milliseconds: Passing) -> None:
    watch = Stopwatch()
    pass_milliseconds(20)
    watch.lap("listen")
    pass_milliseconds(30.26)
    watch.lap("understand")
    assert watch.durations_ms() == {"listen": 20.0, "understand": 30.3, "total": 50.3}


def test_lap_when_a_stage_comes_again_then_its_times_add_up(pass_milliseconds: Passing) -> None:
    watch = Stopwatch()
    for _ in range(2):
        pass_milliseconds(5)
        watch.lap("listen")
    assert watch.durations_ms() == {"listen": 10.0, "total": 10.0}


@pytest.mark.parametrize(
    ("reported", "understand", "act"),
    [(30.0, 70.0, 30.0), (0.0, 100.0, 0.0), (100.0, 0.0, 100.0), (5000.0, 0.0, 100.0), (-7.0, 100.0, 0.0)],
    ids=["a part", "nothing", "all", "more than there is", "less than nothing"],
)
def test_move_when_a_part_belongs_elsewhere_then_the_total_stays(
    pass_milliseconds: Passing, reported: float, understand: float, act: float
) -> None:
    watch = Stopwatch()
    pass_milliseconds(100)
    watch.lap("understand")
    watch.move("understand", "act", reported)
    assert watch.durations_ms() == {"understand": understand, "act": act, "total": 100.0}


def test_durations_when_rounded_then_total_is_the_sum_of_what_is_shown(pass_milliseconds: Passing) -> None:
    watch = Stopwatch()
    for stage in ("listen", "understand", "present"):
        pass_milliseconds(0.14)  # 0.42 together, but 0.1 + 0.1 + 0.1 is shown
        watch.lap(stage)
    assert watch.durations_ms()["total"] == 0.3
