"""What a person at the desk says to the citizen (docs/guides/desk.md)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from assistant.core.channels import DESK, MATRIX, Way
from assistant.gateway.callers import device_token
from assistant.gateway.conversations import resume
from assistant.gateway.intake import check_page
from assistant.gateway.parts import GatewayParts, Parts
from assistant.intake import GREATEST_NUMBER
from assistant.pipeline.desk_news import standing
from assistant.pipeline.take_turn import Caller

router = APIRouter(prefix="/v1/messages", tags=["desk"], dependencies=[Depends(check_page)])


class MessageBody(BaseModel):
    """One thing that a person said."""

    number: int = Field(description="Send the greatest as `after` next time")
    text: str


class MessagesBody(BaseModel):
    """What has come for the citizen, and how their case stands."""

    state: str = Field(description="`none`, `waiting`, `claimed` or `closed`")
    case_id: str | None = Field(None, description="Numbers count anew in another case")
    place: int | None = Field(None, description="In the queue, while it waits")
    language: str | None = None
    notice: str = Field("", description="How it stands, in words; changes when that does")
    messages: list[MessageBody] = Field(description="What the person said after `after`, in order")
    is_withheld: bool = Field(
        False, description="Something came that is not said here: it is on the citizen's own page"
    )


@router.get("")
async def read_messages(
    request: Request,
    parts: Parts,
    after: Annotated[
        int, Query(ge=0, le=GREATEST_NUMBER, description="Number of the last message that was shown or spoken")
    ] = 0,
) -> MessagesBody:
    """Hand out what a person at the desk has said since; ask every few seconds while a case is open."""
    caller = await _caller(request, parts)
    case = await parts.desk.store.latest_case(caller.session) if parts.desk and caller else None
    if parts.desk is None or caller is None or case is None:
        return MessagesBody(state="none", messages=[])
    words = await parts.desk.store.words_of_citizen(caller.session, case.case_id, after)
    theirs = [MessageBody(number=each.number, text=each.text) for each in words if each.is_agents]
    is_said = MATRIX[caller.channel][DESK] is Way.SAY
    return MessagesBody(
        state=case.state.value,
        case_id=case.case_id,
        place=case.place or None,
        language=case.language.value,
        notice=await standing(case, parts.desk.store, parts.responses),
        messages=theirs if is_said else [],
        is_withheld=bool(theirs) and not is_said,
    )


async def _caller(request: Request, parts: GatewayParts) -> Caller | None:
    """Who asks, without a conversation being begun, or a speaker being kept awake, by that."""
    if token := device_token(request):
        device = await parts.devices.find(token)
        return Caller(device.session, device.channel, device.device_id)
    session = await resume(request, parts.sessions)
    return Caller(session) if session else None
