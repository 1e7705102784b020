"""A circuit breaker: a service that keeps failing is left alone for a while, and the citizen told at once.

Our own, because what there is does not fit: pybreaker has no asyncio and aiobreaker no releases any more; purgatory has
both, but its half-open state lets everybody through and its clock is the wall's.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assistant.core.errors import ServiceUnavailable

FAILURES = 5
WINDOW_SECONDS = 30.0
OPEN_SECONDS = 10.0


class Breaker:
    """Closed: calls go through. Open: none does. Half-open, when the time is over: one does, and decides.

    It opens when `failures` calls in a row found the service unavailable, all of them within `WINDOW_SECONDS`; any
    other end of a call, also a refusal, shows that the service is there. With 0 it never opens.
    """

    def __init__(self, failures: int = FAILURES, clock: Callable[[], float] = time.monotonic) -> None:
        self._failures = failures
        self._clock = clock
        self._failed_at: list[float] = []
        self._opened_at: float | None = None
        self._is_probing = False

    @property
    def is_closed(self) -> bool:
        """Whether everybody may call."""
        return self._opened_at is None

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """One call is made inside.

        Raises:
            ServiceUnavailable: the breaker is open; nothing was sent.
        """
        is_probe = self._admit()
        try:
            yield
        except ServiceUnavailable:
            self._fail()
            raise
        except Exception:
            self._recover()
            raise
        else:
            self._recover()
        finally:
            # Also after a cancellation, which tells nothing about the service: the next call is the probe then.
            self._is_probing = self._is_probing and not is_probe

    def _admit(self) -> bool:
        if self._opened_at is None:
            return False
        wait_seconds = self._opened_at + OPEN_SECONDS - self._clock()
        if wait_seconds > 0 or self._is_probing:
            raise ServiceUnavailable(
                "the service failed too often", retry_after_seconds=max(wait_seconds, 1.0), may_have_acted=False
            )
        self._is_probing = True
        return True

    def _fail(self) -> None:
        if not self._failures:
            return
        now = self._clock()
        self._failed_at = [at for at in self._failed_at if at > now - WINDOW_SECONDS] + [now]
        if self._opened_at is not None or len(self._failed_at) >= self._failures:
            self._opened_at = now

    def _recover(self) -> None:
        self._failed_at.clear()
        self._opened_at = None
