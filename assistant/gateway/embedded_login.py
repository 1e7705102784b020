"""The login of a citizen who sits before a page of another origin, with the chat widget (docs/adr/0027).

The widget opens a window of ours, which goes to the login service and comes back; it gives the page a token, by
a message that the browser delivers to no other origin. The page changes it for the conversation under a new id.
"""

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from assistant.core.errors import NotAllowed
from assistant.gateway.conversations import log_in, resume
from assistant.gateway.devices import json_schema, read_json
from assistant.gateway.intake import check_page
from assistant.gateway.notice_page import notice_page
from assistant.gateway.parts import GatewayParts, Parts
from assistant.gateway.rates import count_login_of_address
from assistant.gateway.wire import SessionBody
from assistant.intake import language_of

OPENED = {"Cross-Origin-Opener-Policy": "unsafe-none"}
"""Lets a window of ours reach the page that opened it."""

router = APIRouter(prefix="/v1/login", tags=["login"])


class ClaimBody(BaseModel):
    """The token of a login."""

    model_config = ConfigDict(extra="forbid")

    token: str = Field(max_length=200)


class ClaimedBody(SessionBody):
    """The conversation as it goes on."""

    conversation_id: str = Field(description="Secret: whoever holds it speaks for the citizen; the one before is dead")


def check_embedder(origin: str, parts: GatewayParts) -> None:
    """Refuse to log somebody in for a page that may not carry the widget.

    Raises:
        NotAllowed: that is such a page.
    """
    if origin not in parts.embedders:
        raise NotAllowed("a login for a page that may not carry the widget")


def hand_back(
    request: Request, embedder: str, token: str, parts: GatewayParts, *, is_unfamiliar: bool = False
) -> Response:
    """The end of the window: it gives the page the token; an empty one if the login was cancelled.

    `is_unfamiliar` says that the citizen has not logged in with this browser before: the page tells them.

    Raises:
        NotAllowed: the page may not carry the widget any more.
    """
    check_embedder(embedder, parts)
    language = language_of(request, parts.default_language)
    words = parts.words[language]
    told = words["login_done" if token else "login_cancelled"]
    data = {"token": token, "origin": embedder, "lost": words["login_lost"]}
    if is_unfamiliar:
        data["unfamiliar"] = "yes"
    page = notice_page(told, words["title"], language, data=data, script="/page/hand_back.js")
    page.headers.update(OPENED)
    return page


@router.post(
    "/claim",
    dependencies=[Depends(check_page), Depends(count_login_of_address)],
    openapi_extra=json_schema(ClaimBody),
)
async def claim_login(request: Request, parts: Parts) -> ClaimedBody:
    """Log the citizen in whose login was granted to this page; their conversation goes on under a new id."""
    token = (await read_json(request, ClaimBody, parts)).token
    person = await parts.granted_logins.take(token, request.headers.get("origin", ""))
    session = await resume(request, parts.sessions)
    logged_in = await log_in(session.conversation_id if session else "", person, parts.sessions)
    return ClaimedBody(conversation_id=logged_in.conversation_id, logged_in=True, given_name=logged_in.given_name)
