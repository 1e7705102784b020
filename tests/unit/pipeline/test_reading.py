import asyncio
from collections.abc import AsyncIterator

import pytest

from assistant.core.audio import Pcm
from assistant.pipeline.reading import Reading
from assistant.pipeline.speaking import Speech

pytestmark = pytest.mark.unit

RATE = 1000
FIRST, SECOND = bytes(range(10)), bytes(range(100, 110))


def speech(may_go_on: asyncio.Event | None = None) -> Speech:
    async def rest() -> AsyncIterator[Pcm]:
        if may_go_on:
            await may_go_on.wait()
        yield Pcm(SECOND, RATE)

    return Speech(Pcm(FIRST, RATE), rest())


async def heard(reading: Reading, chunks: int = 100) -> bytes:
    samples = b""
    async for chunk in reading.chunks():
        samples += chunk.samples
        chunks -= 1
        if not chunks:
            break
    return samples


async def test_reading_when_nobody_halts_it_then_all_of_the_reply_is_heard() -> None:
    reading = Reading(speech(), 4)
    assert await heard(reading) == FIRST + SECOND
    assert reading.is_over


@pytest.mark.parametrize("chunks", range(1, 6))
async def test_reading_when_halted_then_goes_on_there(chunks: int) -> None:
    reading = Reading(speech(), 4)
    before = await heard(reading, chunks)
    assert not reading.is_over
    assert before + await heard(reading) == FIRST + SECOND


async def test_reading_when_the_latest_was_not_heard_then_it_is_said_once_more() -> None:
    reading = Reading(speech(), 4)
    assert await heard(reading, 2) == FIRST[:8]
    reading.back(0.002)
    assert await heard(reading, 1) == FIRST[4:8]
    reading.back(1.0)
    assert await heard(reading) == FIRST + SECOND


async def test_reading_when_halted_while_it_waits_for_a_piece_then_the_piece_is_heard_later() -> None:
    may_go_on = asyncio.Event()
    reading = Reading(speech(may_go_on), 4)
    assert await heard(reading, 3) == FIRST
    halted = asyncio.create_task(heard(reading))
    for _ in range(5):
        await asyncio.sleep(0)
    halted.cancel()
    await asyncio.wait({halted})
    may_go_on.set()
    async with asyncio.timeout(5):
        assert await heard(reading) == SECOND


async def test_reading_when_closed_while_a_piece_is_made_then_that_ends() -> None:
    reading = Reading(speech(asyncio.Event()), 4)
    waiting = asyncio.create_task(heard(reading))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})
    async with asyncio.timeout(5):
        await reading.aclose()
