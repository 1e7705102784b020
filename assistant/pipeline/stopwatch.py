"""Where the time of a turn goes."""

import time


class Stopwatch:
    """Stages one after the other, so that they sum to the total by construction."""

    def __init__(self, **earlier_ms: float) -> None:
        """Start the next stage now; `earlier_ms` are stages that were over before."""
        self._last = time.perf_counter()
        self._milliseconds: dict[str, float] = dict(earlier_ms)

    def lap(self, stage: str) -> None:
        """Book everything since the last lap under this stage."""
        now = time.perf_counter()
        self._milliseconds[stage] = self._milliseconds.get(stage, 0.0) + (now - self._last) * 1000
        self._last = now

    def move(self, source: str, target: str, milliseconds: float) -> None:
        """Book a part of one stage under another: the action server's own time is inside the engine's."""
        part = min(max(milliseconds, 0.0), self._milliseconds.get(source, 0.0))
        self._milliseconds[source] = self._milliseconds.get(source, 0.0) - part
        self._milliseconds[target] = self._milliseconds.get(target, 0.0) + part

    def durations_ms(self) -> dict[str, float]:
        """Milliseconds by stage, rounded to 0.1, and their exact sum as `total`."""
        stages = {stage: round(milliseconds, 1) for stage, milliseconds in self._milliseconds.items()}
        return {**stages, "total": round(sum(stages.values()), 1)}
