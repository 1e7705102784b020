"""A bounded number of threads, and how long work waits for one of them."""

import asyncio
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class DecodingThreads:
    """Runs work in the order in which it comes."""

    def __init__(self, count: int | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        """So many threads, by default one for each core that this process may use."""
        self._threads = ThreadPoolExecutor(count or len(os.sched_getaffinity(0)), thread_name_prefix="vosk")
        self._clock = clock
        self._waiting: dict[object, float] = {}
        self._lock = threading.Lock()

    @property
    def lag_seconds(self) -> float:
        """How long the oldest work that no thread has begun waits already."""
        with self._lock:
            since = next(iter(self._waiting.values()), None)
        return 0.0 if since is None else self._clock() - since

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the work returns; given up before it has begun, it is not done."""
        ticket = object()

        def begin() -> T:
            self._strike(ticket)
            return work(*args, **kwargs)

        with self._lock:
            self._waiting[ticket] = self._clock()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, begin)
        finally:
            self._strike(ticket)

    def close(self) -> None:
        """Begin no more work."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _strike(self, ticket: object) -> None:
        with self._lock:
            self._waiting.pop(ticket, None)
