"""Work that is done in small steps for as long as a process lives."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NoReturn

from assistant.core.errors import KrattError


async def step_forever(step: Callable[[], Awaitable[None]], pause_seconds: float, log: logging.Logger) -> NoReturn:
    """Take one step after the other; one that fails is logged, and the next is taken all the same."""
    while True:
        try:
            await step()
        except KrattError as error:
            log.error("a step failed", extra={"facts": {"code": error.code, "detail": error.detail}})  # noqa: TRY400  # expected: no traceback
        await asyncio.sleep(pause_seconds)
