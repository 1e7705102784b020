import asyncio
import time

import pytest

from actions.writing.rounds import in_background, next_try
from assistant.core.errors import ServiceUnavailable

pytestmark = pytest.mark.unit


def test_next_try_when_it_failed_often_then_is_further_away_but_never_a_day():
    seconds = [next_try(tries) - time.time() for tries in range(12)]
    assert 20 < seconds[0] < 40
    assert 80 < seconds[2] < 160
    assert max(seconds) < 1200


def test_next_try_when_many_ask_then_not_all_at_once():
    assert len({round(next_try(3) - time.time()) for _ in range(50)}) > 5


async def test_in_background_when_the_database_fails_then_goes_on_and_ends_with_the_block():
    rounds: list[str] = []
    third = asyncio.Event()

    async def fail() -> None:
        rounds.append("failed")
        raise ServiceUnavailable

    async def work() -> None:
        rounds.append("worked")
        if rounds.count("worked") == 3:
            third.set()

    async with in_background(((fail, work), 0)):
        await third.wait()
    seen = len(rounds)
    assert rounds[:6] == ["failed", "worked"] * 3
    await asyncio.sleep(0)
    assert len(rounds) == seen


async def test_in_background_when_we_made_a_mistake_then_operators_hear_without_a_citizens_words(
    caplog: pytest.LogCaptureFixture,
):
    ended = asyncio.Event()

    async def break_down() -> None:
        asyncio.get_running_loop().call_later(0, ended.set)
        raise KeyError("EE60001019906")

    async with in_background(((break_down,), 0)):
        await ended.wait()
    (record,) = caplog.records
    assert (record.levelname, record.message) == ("CRITICAL", "follow-ups have ended")
    assert record.facts["exception"] == "KeyError"
    assert "EE60001019906" not in caplog.text + str(record.facts)
