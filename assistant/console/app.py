"""The console: one process for content editors, apart from the one that citizens reach."""

import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.console import answers, drafts, home, inbox, insight, intents, models, sign_in, tables, training
from assistant.console.pages import add_pages, page
from assistant.console.parts import ConsoleParts
from assistant.core.redaction import places_of
from assistant.page_headers import security_headers

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

_log = logging.getLogger("kratt.console")


def create_app(parts: ConsoleParts, lifespan: Lifespan | None = None) -> FastAPI:
    """The console built from its parts; `lifespan` opens and closes what they stand on."""
    app = FastAPI(
        title="Kratt's console",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # pages for people
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.parts = parts
    for router in (
        *(home.router, sign_in.router, inbox.router, models.router, insight.router),
        *(drafts.router, intents.router, answers.router, tables.router, training.router),
    ):
        app.include_router(router)
    add_pages(app)
    app.add_middleware(_Shield, public_url=parts.public_url)
    return app


class _Shield:
    """Security headers on everything, no traceback to anybody."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        # A form of a page without a referrer is sent with the origin `null`, as a stranger's would be.
        own = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
        self._headers = {**security_headers(public_url), **own}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def guarded_send(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, guarded_send)
        except Exception as error:  # noqa: BLE001  # the ASGI error handler: what failed may hold words of a citizen
            _log.error("unexpected", extra={"facts": {"error": type(error).__name__, "at": places_of(error)}})
            if scope["type"] == "http" and not has_begun:
                failed = page(
                    "error.html", 500, title="That did not work", detail="This is our fault. Please try again."
                )
                await failed(scope, receive, guarded_send)
