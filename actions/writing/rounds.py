"""What is done in the background, again and again, until the process ends."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from assistant.core.errors import ServiceUnavailable
from assistant.core.redaction import places_of

_log = logging.getLogger("kratt.actions")

Round = Callable[[], Awaitable[None]]

PAUSE_SECONDS = 2.0
FORGETTING_PAUSE_SECONDS = 3600.0
_FIRST_SECONDS = 30.0
_LONGEST_SECONDS = 900.0
_MOST_DOUBLINGS = 10


def next_try(tries: int) -> float:
    """The epoch second of the next try: twice as far away each time, and never for all at once."""
    seconds = min(_FIRST_SECONDS * 2.0 ** min(tries, _MOST_DOUBLINGS), _LONGEST_SECONDS)
    return time.time() + seconds * random.uniform(0.75, 1.25)  # noqa: S311  # spreads questions, guards nothing


@asynccontextmanager
async def in_background(*loops: tuple[Sequence[Round], float]) -> AsyncIterator[None]:
    """Within the block, take these rounds, each group one after the other with a pause of so many seconds."""
    tasks = [asyncio.create_task(_run(rounds, pause_seconds)) for rounds, pause_seconds in loops]
    for task in tasks:
        task.add_done_callback(_report)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _run(rounds: Sequence[Round], pause_seconds: float) -> None:
    while True:
        for take_round in rounds:
            try:
                await take_round()
            except ServiceUnavailable as error:
                facts = {"code": error.code, "detail": error.detail}
                _log.error("follow-ups wait for the database", extra={"facts": facts})
        await asyncio.sleep(pause_seconds)


def _report(task: asyncio.Task[None]) -> None:
    # Our own mistake: nothing is followed up until the next start. A traceback could end in a citizen's data.
    if not task.cancelled() and (error := task.exception()):
        facts = {"exception": type(error).__name__, "at": places_of(error)}
        _log.critical("follow-ups have ended", extra={"facts": facts})
