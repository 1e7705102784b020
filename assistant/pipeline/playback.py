"""How far the client is with playing a reply: it says nothing of that, so sound is taken to last as long as it is."""

import asyncio
from dataclasses import dataclass


@dataclass
class Playback:
    """The sound that was sent, on the clock of the event loop."""

    _until: float = 0.0
    _left_seconds: float | None = None
    """What was still to be heard when it was halted."""

    def add(self, seconds: float) -> None:
        """So much more was sent."""
        self._until = max(self._until, _now()) + seconds

    @property
    def is_going_on(self) -> bool:
        """Whether something is heard now."""
        return self._left_seconds is None and _now() < self._until

    @property
    def is_halted(self) -> bool:
        """Whether it waits to go on."""
        return self._left_seconds is not None

    @property
    def unheard_seconds(self) -> float:
        """What was sent and not heard yet."""
        return max(0.0, self._until - _now()) if self._left_seconds is None else self._left_seconds

    def halt(self) -> None:
        """Nothing is heard until it goes on."""
        self._left_seconds = self.unheard_seconds

    def go_on(self) -> None:
        """What was left is heard from now on."""
        self._until, self._left_seconds = _now() + self.unheard_seconds, None

    def end(self) -> None:
        """What was left is not heard any more."""
        self._until, self._left_seconds = 0.0, None


def _now() -> float:
    return asyncio.get_running_loop().time()
