"""From a speaker to a screen: the dialogue goes on where it can be read (docs/guides/devices.md)."""

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from assistant.core.devices import HAND_OVER_SECONDS, HandOver
from assistant.core.errors import NotAllowed
from assistant.gateway.conversations import remember, resume_or_start
from assistant.gateway.devices import Token, json_schema, read_json
from assistant.gateway.intake import check_origin
from assistant.gateway.parts import Parts
from assistant.gateway.wire import SessionBody

FRAGMENT = "#continue="
"""In the address' fragment, a token stays out of every log on its way."""

router = APIRouter(prefix="/v1/handovers", tags=["devices"], dependencies=[Depends(check_origin)])


class OfferBody(BaseModel):
    """A dialogue that may go on elsewhere."""

    token: str = Field(description="Secret: whoever has it may go on, once")
    url: str = Field(description="The page with the token, to be shown or sent to the one who speaks")
    seconds: float


class TakeBody(BaseModel):
    """The token of a dialogue that goes on here."""

    model_config = ConfigDict(extra="forbid")

    token: str = Field(max_length=200)


@router.post("", status_code=201)
async def offer_dialogue(token: Token, parts: Parts) -> OfferBody:
    """Let the speaker's dialogue go on on a screen: its own citizen's, or anybody's while it is nobody's."""
    device = await parts.devices.begin_turn(token)
    offered = await parts.hand_overs.offer(HandOver(device.device_id, device.dialogue_id))
    return OfferBody(token=offered, url=f"{parts.public_url}/{FRAGMENT}{offered}", seconds=HAND_OVER_SECONDS)


@router.post("/take", openapi_extra=json_schema(TakeBody))
async def take_dialogue(request: Request, response: Response, parts: Parts) -> SessionBody:
    """Go on in this browser; the speaker begins a new dialogue, the browser's conversation a new id.

    A citizen's dialogue is given to nobody else. Who is not logged in may log in first: the token lives on meanwhile.
    """
    token = (await read_json(request, TakeBody, parts)).token
    session = await resume_or_start(request, None, parts.sessions)
    offered = await parts.hand_overs.find(token)
    owner = await parts.devices.owner_of_dialogue(offered.device_id, offered.dialogue_id)
    if owner is not None and session.subject is None:
        raise NotAllowed("the dialogue is a citizen's: they have to log in")
    await parts.hand_overs.take(token)
    if owner not in {None, session.subject}:
        raise NotAllowed("the dialogue is another citizen's")
    await parts.devices.leave_dialogue(offered.device_id, offered.dialogue_id)
    moved = await parts.sessions.go_on_with(session.conversation_id, offered.dialogue_id)
    remember(response, moved, is_https=parts.is_https)
    return SessionBody(logged_in=bool(moved.subject), given_name=moved.given_name)
