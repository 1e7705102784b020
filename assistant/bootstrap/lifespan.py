"""From a process's start to its end: stores opened, what has expired deleted, connections given back."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Protocol

from fastapi import FastAPI

from assistant.core.errors import KrattError, ServiceUnavailable

PURGE_SECONDS = 60.0
"""How often what has expired is deleted, whether anybody comes or not."""


class Store(Protocol):
    """Tables of their own, in which something expires."""

    async def open(self) -> None:
        """Make what is missing."""

    async def purge(self) -> None:
        """Delete what has expired."""


class Connection(Protocol):
    """Something to end before the process does."""

    async def close(self) -> None:
        """End it."""


class Threads(Protocol):
    """The same of threads."""

    def close(self) -> None:
        """End them."""


def lifespan_of(
    stores: Sequence[Store], connections: Sequence[Connection], threads: Sequence[Threads], log: logging.Logger
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What FastAPI runs around everything else; the connections are closed last first, after the threads."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as opened:
            for part in connections:
                opened.push_async_callback(part.close)
            for pool in threads:
                opened.callback(pool.close)
            try:
                for store in stores:
                    await store.open()
            except KrattError as error:  # uvicorn writes a traceback, of which JSON lines keep no words
                log.critical("cannot start", extra={"facts": {"code": error.code, "detail": error.detail}})
                raise
            purge = asyncio.create_task(_purge_for_ever(stores, log))
            opened.callback(purge.cancel)
            yield

    return lifespan


async def _purge_for_ever(stores: Sequence[Store], log: logging.Logger) -> None:
    while True:
        await asyncio.sleep(PURGE_SECONDS)
        try:
            for store in stores:
                await store.purge()
        except ServiceUnavailable as error:
            facts = {"detail": error.detail}
            log.error("what has expired was not deleted", extra={"facts": facts})  # noqa: TRY400  # it says all
