"""Figures of turns for Prometheus: the only home of its library."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from assistant.core.languages import Language
from assistant.core.outcomes import Outcome

BUCKETS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0, 2.0, 5.0, 10.0)


class PrometheusMetrics:
    """`TurnMetrics`, in the memory of this process; nothing in it says who asked or what."""

    def __init__(self) -> None:
        """Start at nothing."""
        self._registry = CollectorRegistry()
        self._turns = Counter(
            "kratt_turns", "Turns, by how they ended", ("channel", "language", "outcome"), registry=self._registry
        )
        self._stages = Histogram(
            "kratt_stage_seconds",
            "Time of each stage of a turn, and of all (total)",
            ("stage", "heard"),
            buckets=BUCKETS_SECONDS,
            registry=self._registry,
        )

    def turn(
        self, channel: str, language: Language, outcome: Outcome, durations_ms: Mapping[str, float], *, is_heard: bool
    ) -> None:
        """Count a turn, with the milliseconds of its stages."""
        self._turns.labels(channel, language.value, outcome.value).inc()
        for stage, milliseconds in durations_ms.items():
            self._stages.labels(stage, "yes" if is_heard else "no").observe(milliseconds / 1000)

    def exposition(self) -> bytes:
        """All figures, in Prometheus' text format 0.0.4."""
        return generate_latest(self._registry)
