"""POST /alexa, where Amazon's cloud asks."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from assistant.core.deadline import Deadline
from assistant.core.errors import NotAllowed
from assistant.intake import address_of, read_body
from connectors.alexa import PATH
from connectors.alexa.skill import Skill
from connectors.alexa.verification import VerifyRequest

ANSWER_SECONDS = 6.0
"""From a request's arrival, its verification included: Alexa gives up after eight, with the way through the network."""
MOST_BYTES = 256 * 1024
"""Of a request: what its device can do and shows is told each time."""

_log = logging.getLogger("kratt.alexa")


def build_alexa(verify: VerifyRequest, skill: Skill, client: httpx.AsyncClient) -> APIRouter:
    """The skill's address; `client`, with which it asks Amazon, is closed at the end."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with client:
            yield

    router = APIRouter(lifespan=lifespan)

    @router.post(PATH, include_in_schema=False)
    async def take_request(request: Request) -> Response:
        deadline = Deadline.after(ANSWER_SECONDS)
        await skill.turns.take_turn.count_address(address_of(request))
        body = await read_body(request, MOST_BYTES)
        try:
            envelope = await verify(request.headers, body)
        except NotAllowed as refused:
            # The name of the check alone, and nothing to the caller: neither what was sent nor how far it came.
            _log.warning("request refused", extra={"facts": {"check": refused.detail}})
            return Response(status_code=400)
        return JSONResponse(await skill(envelope, deadline))

    return router
