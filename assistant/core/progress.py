"""How far work is that takes a while."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Progress:
    """The stage that is under way, how many there are, and in about how many seconds all will be done."""

    stage: str
    done: int
    of: int
    seconds_left: float


Report = Callable[[Progress], None]


@dataclass
class Stages:
    """Stages that come one after the other; `expected` are their seconds, as they were the last time."""

    expected: Mapping[str, float]
    report: Report
    clock: Callable[[], float] = time.monotonic
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """The work of one stage."""
        left = sum(seconds for stage, seconds in self.expected.items() if stage not in self.seconds)
        self.report(Progress(name, len(self.seconds), len(self.expected), left))
        begin = self.clock()
        try:
            yield
        finally:
            self.seconds[name] = self.clock() - begin
