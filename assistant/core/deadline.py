"""The time a turn may take."""

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Deadline:
    """A moment on the monotonic clock after which nobody waits any longer."""

    at_seconds: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """A deadline this many seconds from now."""
        return cls(time.monotonic() + seconds)

    def earlier_by(self, seconds: float) -> "Deadline":
        """A deadline this many seconds before this one."""
        return Deadline(self.at_seconds - seconds)

    @property
    def remaining_seconds(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.at_seconds - time.monotonic())
