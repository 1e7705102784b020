"""From a speaker or a page to another screen, where the dialogue goes on (docs/guides/devices.md)."""

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from assistant.core.devices import HAND_OVER_SECONDS, HandOver
from assistant.core.errors import NotAllowed, UnknownConversation
from assistant.gateway.callers import device_token
from assistant.gateway.conversations import remember, resume, resume_or_start
from assistant.gateway.devices import json_schema, read_json
from assistant.gateway.intake import check_origin, check_page
from assistant.gateway.parts import GatewayParts, Parts
from assistant.gateway.qr_code import QrBody, qr_code
from assistant.gateway.rates import count_login_of_address
from assistant.gateway.wire import SessionBody

FRAGMENT = "#continue="
"""In the address' fragment, a token stays out of every log on its way."""

router = APIRouter(prefix="/v1/handovers", tags=["devices"])


class OfferBody(BaseModel):
    """A dialogue that may go on elsewhere."""

    token: str = Field(description="Secret: whoever has it may go on, once. A page's is short, so that it can be typed")
    url: str = Field(description="The page with the token, to be shown or sent to the one who speaks")
    qr: QrBody = Field(description="The same to be drawn")
    seconds: float


class TakeBody(BaseModel):
    """The token of a dialogue that goes on here; a short one in any way of writing."""

    model_config = ConfigDict(extra="forbid")

    token: str = Field(max_length=200)


@router.post("", status_code=201, dependencies=[Depends(check_page)])
async def offer_dialogue(request: Request, parts: Parts) -> OfferBody:
    """Let the dialogue of the speaker or the page that asks go on on another screen.

    It is its own citizen's, or anybody's while it is nobody's.
    """
    offered = await parts.hand_overs.offer(await _offered_by(request, parts))
    url = f"{parts.public_url}/{FRAGMENT}{offered}"
    return OfferBody(token=offered, url=url, qr=qr_code(url), seconds=HAND_OVER_SECONDS)


@router.post(
    "/take",
    dependencies=[Depends(check_origin), Depends(count_login_of_address)],
    openapi_extra=json_schema(TakeBody),
)
async def take_dialogue(request: Request, response: Response, parts: Parts) -> SessionBody:
    """Go on in this browser; where the dialogue was, a new one begins. The browser's conversation gets a new id.

    A citizen's dialogue is given to nobody else. Who is not logged in may log in first: the token lives on meanwhile.
    """
    token = (await read_json(request, TakeBody, parts)).token
    session = await resume_or_start(request, None, parts.sessions)
    offered = await parts.hand_overs.find(token)
    owner = await _owner_of(offered, parts)
    if owner is not None and session.subject is None:
        raise NotAllowed("the dialogue is a citizen's: they have to log in")
    await parts.hand_overs.take(token)
    if owner not in {None, session.subject}:
        raise NotAllowed("the dialogue is another citizen's")
    await _leave(offered, parts)
    moved = await parts.sessions.go_on_with(session.conversation_id, offered.dialogue_id)
    remember(response, moved, is_https=parts.is_https)
    return SessionBody(logged_in=bool(moved.subject), given_name=moved.given_name)


async def _offered_by(request: Request, parts: GatewayParts) -> HandOver:
    if (token := device_token(request)) is not None:
        device = await parts.devices.begin_turn(token)
        return HandOver(device.device_id, device.dialogue_id)
    session = await resume(request, parts.sessions)
    if session is None:
        raise UnknownConversation
    return HandOver(None, session.dialogue_id)


async def _owner_of(offered: HandOver, parts: GatewayParts) -> str | None:
    if offered.device_id is None:
        return await parts.sessions.owner_of_dialogue(offered.dialogue_id)
    return await parts.devices.owner_of_dialogue(offered.device_id, offered.dialogue_id)


async def _leave(offered: HandOver, parts: GatewayParts) -> None:
    if offered.device_id is None:
        await parts.sessions.leave_dialogue(offered.dialogue_id)
    else:
        await parts.devices.leave_dialogue(offered.device_id, offered.dialogue_id)
