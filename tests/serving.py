"""An application over a real socket, for the length of a block."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn


@asynccontextmanager
async def served(app: Any, listener: socket.socket | None = None, **options: Any) -> AsyncIterator[str]:
    """The address at which uvicorn serves an ASGI application; `listener` is for one that has to know it before."""
    listener = listener or socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(app, **{"log_config": None, "lifespan": "off", **options}))
    task = asyncio.create_task(server.serve([listener]))
    try:
        async with asyncio.timeout(10):
            while not server.started:  # noqa: ASYNC110  # uvicorn offers no event
                await asyncio.sleep(0.01)
        yield address
    finally:
        server.should_exit = True
        await task
