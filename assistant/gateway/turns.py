"""Turns over HTTP: typed, or spoken into a file."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import ValidationError

from assistant.core.errors import Busy, MalformedTurn, UnsupportedAudio
from assistant.gateway.callers import caller_of
from assistant.gateway.conversations import remember
from assistant.gateway.intake import check_page
from assistant.gateway.parts import Parts
from assistant.gateway.rates import count_turn_of_address
from assistant.gateway.repeats import Taken
from assistant.gateway.wire import ReplyBody, SpokenTurnQuery, TurnBody, reply_body
from assistant.intake import body_schema, media_type, read_body, set_language
from assistant.pipeline.answer_turn import Request as TurnRequest
from assistant.pipeline.take_turn import Caller

KEY_HEADER = "Idempotency-Key"
Key = Annotated[
    str | None,
    Header(
        alias=KEY_HEADER,
        pattern=r"^[\w-]{22,100}$",
        description="128 random bits: of a turn that is sent again with its key, the first reply comes again",
    ),
]
_WAV_TYPES = ("audio/wav", "audio/x-wav", "application/octet-stream")

router = APIRouter(
    prefix="/v1/turns",
    tags=["turns"],
    dependencies=[Depends(check_page), Depends(count_turn_of_address)],
)


@router.post("", openapi_extra=body_schema({"application/json": TurnBody.model_json_schema()}))
async def take_typed_turn(request: Request, response: Response, parts: Parts, key: Key = None) -> ReplyBody:
    """Answer what a citizen typed. A turn whose stage failed is a reply, too: see `outcome`."""
    if media_type(request) != "application/json":  # a form of another page cannot send this type
        raise MalformedTurn("a turn is application/json")
    try:
        body = TurnBody.model_validate_json(await read_body(request, parts.limits.json_bytes))
    except ValidationError:
        raise MalformedTurn("not a turn") from None  # pydantic's message quotes the input
    language = set_language(request, body.language, parts.default_language)
    turn = TurnRequest(body.text, language, speak=body.speak, speech_rate_hertz=body.speech_rate_hertz)

    async def take() -> Taken:
        return await _take(turn, await caller_of(request, body.conversation_id, parts, relock=body.relock), parts)

    taken = await (parts.repeats.once(key, body.text, take) if key else take())
    if body.conversation_id is None:
        _remember(response, taken.caller, parts)
    return await _body(taken)


@router.post("/audio", openapi_extra=body_schema({kind: {"type": "string", "format": "binary"} for kind in _WAV_TYPES}))
async def take_spoken_turn(
    request: Request,
    response: Response,
    parts: Parts,
    asked: Annotated[SpokenTurnQuery, Query()],
) -> ReplyBody:
    """Answer a recording: a WAV file of any common rate, as the body."""
    spoken_language = set_language(request, asked.language, parts.default_language)
    if media_type(request) not in _WAV_TYPES:
        raise UnsupportedAudio("a recording is audio/wav")
    if parts.uploads.locked():
        raise Busy("as many recordings as allowed are being taken in")
    async with parts.uploads:
        recording = await read_body(request, parts.limits.audio_bytes)
        turn = TurnRequest(
            recording,
            spoken_language,
            speak=asked.speak,
            is_any_language=asked.language is None,
            speech_rate_hertz=asked.speech_rate_hertz,
        )
        taken = await _take(turn, await caller_of(request, None, parts, relock=asked.relock), parts)
        _remember(response, taken.caller, parts)
        return await _body(taken)


def _remember(response: Response, caller: Caller, parts: Parts) -> None:
    """Have a browser keep the conversation; a speaker's goes by its token."""
    if caller.device_id is None:
        remember(response, caller.session, is_https=parts.is_https)


async def _take(turn: TurnRequest, caller: Caller, parts: Parts) -> Taken:
    await parts.take_turn.count_caller(caller)
    answer = await parts.take_turn(turn, caller)
    return Taken(answer, replace(caller, session=answer.session) if answer.session else caller)


async def _body(taken: Taken) -> ReplyBody:
    answer = taken.answer
    return reply_body(answer, await answer.speech.whole() if answer.speech else None)
