"""The gateway: the one process that citizens' devices talk to."""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse
from starlette.requests import HTTPConnection
from starlette.responses import Response

from assistant.gateway import (
    account_linking,
    desk,
    desk_messages,
    devices,
    embedded_login,
    feedback,
    hand_overs,
    health,
    login,
    metrics,
    notices,
    own_data,
    smart_id,
    speech,
    turns,
)
from assistant.gateway.embedding import let_embed
from assistant.gateway.errors import ERROR_STATUSES, UNEXPECTED, ErrorBody, add_error_handlers, error_body
from assistant.gateway.page_files import add_page
from assistant.gateway.parts import GatewayParts
from assistant.intake import language_of
from assistant.shield import Shield, security_headers

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

_log = logging.getLogger("kratt.gateway")


def create_app(parts: GatewayParts, lifespan: Lifespan | None = None, connectors: Sequence[APIRouter] = ()) -> FastAPI:
    """The gateway built from its parts; `lifespan` opens and closes what they and the `connectors` stand on."""
    app = FastAPI(
        title="Kratt",
        description="Ask the state in your own words: typed or spoken, in English, Estonian and Russian.",
        version=parts.version.get("kratt", ""),
        docs_url=None,  # FastAPI's pages load their scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,  # it redirects to whatever host the request names
        responses={status: {"model": ErrorBody} for status in ERROR_STATUSES},
    )
    app.state.parts = parts
    speakers = (devices.router, devices.waiting_router, hand_overs.router)
    citizens = (login.router, account_linking.router, smart_id.router, own_data.router)
    widget = (embedded_login.router, feedback.router, notices.router)
    operators = (health.router, metrics.router)
    desks = (desk.router, desk.page_router, desk_messages.router)
    own = (*citizens, *speakers, *widget, *desks, *operators)
    for router in (turns.router, speech.router, *own, *connectors):
        app.include_router(router)
    add_page(app)
    add_error_handlers(app, parts)
    if parts.embedders:
        let_embed(app, parts.embedders)
    add_shield(app, parts)
    _leave_out_what_never_happens(app)
    return app


def add_shield(app: FastAPI, parts: GatewayParts) -> None:
    """Put the layer around it that nothing gets past."""
    headers = security_headers(parts.public_url)
    app.add_middleware(Shield, headers=headers, apologise=partial(_apology, parts), log=_log)


def _apology(parts: GatewayParts, connection: HTTPConnection) -> Response:
    body = error_body(UNEXPECTED, language_of(connection, parts.default_language), parts)
    return JSONResponse(body.model_dump(), 500)


def _leave_out_what_never_happens(app: FastAPI) -> None:
    """FastAPI describes a 422 for whatever takes parameters; here that is `malformed_turn`, 400."""
    for operation in (each for path in app.openapi()["paths"].values() for each in path.values()):
        operation["responses"].pop("422", None)
