from types import SimpleNamespace

import pytest

from assistant.core import deadline
from assistant.core.deadline import Deadline

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("passed", "remaining"), [(0.0, 10.0), (2.5, 7.5), (10.0, 0.0), (99.0, 0.0)])
def test_remaining_when_time_passes_then_shrinks_to_nothing_and_no_further(
    passed: float, remaining: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(now=5000.0)
    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=lambda: clock.now))
    limit = Deadline.after(10)
    clock.now += passed
    assert limit.remaining_seconds == remaining
    assert limit.earlier_by(1.5).remaining_seconds == max(0.0, remaining - 1.5)
