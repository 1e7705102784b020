"""The console: one process for content editors, apart from the one that citizens reach."""

import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI
from starlette.requests import HTTPConnection
from starlette.responses import Response

from assistant.console import (
    OUR_FAULT,
    acts,
    answers,
    calls,
    drafts,
    giving_up,
    home,
    inbox,
    insight,
    intents,
    listening,
    marks,
    models,
    owners,
    projects,
    services,
    sign_in,
    splitting,
    tables,
    training,
    try_it,
    typed,
    values,
    words,
)
from assistant.console.pages import add_pages, error_page
from assistant.console.parts import ConsoleParts
from assistant.shield import Shield, security_headers

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
        *(home.router, sign_in.router, inbox.router, models.router, owners.router, giving_up.router),
        *(insight.router, listening.router),
        *(
            drafts.router,
            intents.router,
            splitting.router,
            marks.router,
            services.router,
            values.router,
            calls.router,
            acts.router,
            answers.router,
        ),
        *(tables.router, projects.router, training.router, words.router, try_it.router, typed.router),
    ):
        app.include_router(router)
    add_pages(app)
    # A form of a page without a referrer is sent with the origin `null`, as a stranger's would be.
    headers = {**security_headers(parts.public_url, plays="'self'"), "Referrer-Policy": "same-origin"}
    app.add_middleware(Shield, headers=headers, apologise=_apology, log=_log)
    return app


def _apology(_: HTTPConnection) -> Response:
    return error_page(500, "That did not work", OUR_FAULT)
