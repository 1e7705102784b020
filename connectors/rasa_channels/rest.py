"""Rasa's REST channel: POST /webhooks/rest/webhook, as JSON or, with ?stream=true, as a line for each message."""

import json
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, StrictInt, StrictStr, ValidationError
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import Response

from assistant.core.channels import Channel
from assistant.core.errors import MalformedTurn, NotAllowed
from assistant.core.outcomes import Outcome
from assistant.intake import address_of, read_body, set_language
from assistant.pipeline.answer_turn import Request as TurnRequest
from assistant.pipeline.outside_turns import OutsideTurns, Sender
from connectors.rasa_channels import MOST_BYTES, NAME, Access
from connectors.rasa_channels.messages import Json, named_language, rest_messages

PREFIX = "/webhooks/rest"
_STATUSES = {Outcome.FAILED_DIALOGUE: 503, Outcome.FAILED_DEADLINE: 503, Outcome.FAILED_UNEXPECTED: 500}
"""Replies that are an apology and nothing else: Rasa would answer 200 with nothing in it."""


class _Message(BaseModel):
    """What a chat posts; fields of its own are ignored, as by Rasa."""

    sender: StrictStr | StrictInt
    message: StrictStr
    metadata: Any = None


def build_rest(turns: OutsideTurns, access: Access) -> APIRouter:
    """The channel below PREFIX."""

    async def check(connection: HTTPConnection) -> None:
        if not access.lets_in(connection):
            raise NotAllowed("a page of another origin asks")
        await turns.take_turn.count_address(address_of(connection))

    channel = APIRouter()

    @channel.get("/")
    async def tell_health() -> Json:
        return {"status": "ok"}

    @channel.post("/webhook")
    async def take_message(request: Request, _: Annotated[None, Depends(check)], stream: str = "false") -> Response:
        body = _message(await read_body(request, MOST_BYTES))
        set_language(request, named_language(body.metadata), turns.default_language)
        sender = str(body.sender)
        caller = await turns.caller_of(Sender(NAME, sender, Channel.EXTERNAL_CHAT))
        language = turns.language_of(caller, named_language(body.metadata))
        request.state.language = language
        reply = (await turns.take(TurnRequest(body.message, language), caller)).reply
        if reply.outcome in _STATUSES:
            return JSONResponse({"code": reply.outcome, "message": reply.text}, _STATUSES[reply.outcome])
        messages = rest_messages(reply, sender)
        if stream.lower() == "true":
            return StreamingResponse(_lines(messages), media_type="text/event-stream")
        return JSONResponse(messages)

    router = APIRouter()
    # Not included but mounted: the headers for pages of other origins belong to errors as well.
    router.mount(PREFIX, CORSMiddleware(channel, sorted(access.origins), ("GET", "POST"), ("Content-Type",)))
    return router


def _message(body: bytes) -> _Message:
    try:
        return _Message.model_validate_json(body)
    except ValidationError:
        raise MalformedTurn("not a message with a sender") from None  # pydantic's message quotes the input


def _lines(messages: list[Json]) -> Iterator[str]:
    yield from (f"{json.dumps(message)}\n" for message in messages)
