"""Work in threads, and how long it waits for one."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from assistant.adapters.decoding_threads import DecodingThreads

pytestmark = pytest.mark.unit


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def threads(clock: Clock) -> Iterator[DecodingThreads]:
    threads = DecodingThreads(1, clock)
    yield threads
    threads.close()


class Held:
    """Work that holds the only thread until it is let go."""

    def __init__(self, threads: DecodingThreads) -> None:
        self._begun, self._done = threading.Event(), threading.Event()
        self.task = asyncio.create_task(threads.run(self._work))

    async def begun(self) -> "Held":
        await asyncio.to_thread(self._begun.wait)
        return self

    async def let_go(self) -> None:
        self._done.set()
        await self.task

    def _work(self) -> None:
        self._begun.set()
        self._done.wait()


async def test_run_when_work_returns_or_raises_then_so_does_it(threads: DecodingThreads) -> None:
    assert await threads.run(int, "12") == 12
    with pytest.raises(ValueError, match="invalid"):
        await threads.run(int, "twelve")


async def test_run_when_one_thread_gets_several_things_to_do_then_they_are_done_in_order(
    threads: DecodingThreads,
) -> None:
    done: list[int] = []
    await asyncio.gather(*(threads.run(done.append, number) for number in range(5)))
    assert done == [0, 1, 2, 3, 4]


async def test_lag_when_nothing_waits_then_it_is_none_however_long_work_takes(
    threads: DecodingThreads, clock: Clock
) -> None:
    assert threads.lag_seconds == 0
    held = await Held(threads).begun()
    clock.now += 9
    assert threads.lag_seconds == 0
    await held.let_go()


async def test_lag_when_work_waits_then_it_is_the_oldest_ones_until_that_begins(
    threads: DecodingThreads, clock: Clock
) -> None:
    held = await Held(threads).begun()
    first = Held(threads)
    await asyncio.sleep(0)
    clock.now += 2
    second = asyncio.create_task(threads.run(int))
    await asyncio.sleep(0)
    clock.now += 1
    assert threads.lag_seconds == 3
    await held.let_go()
    await first.begun()
    assert threads.lag_seconds == 1
    await first.let_go()
    await second
    assert threads.lag_seconds == 0


async def test_lag_when_waiting_work_is_given_up_then_it_counts_no_more(threads: DecodingThreads, clock: Clock) -> None:
    held = await Held(threads).begun()
    done: list[int] = []
    waiting = asyncio.create_task(threads.run(done.append, 1))
    await asyncio.sleep(0)
    clock.now += 5
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert threads.lag_seconds == 0
    await held.let_go()
    await threads.run(int)
    assert not done
