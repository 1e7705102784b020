"""Logging in and out in the citizen's own browser."""

import hmac
from dataclasses import asdict, dataclass
from dataclasses import fields as dataclass_fields
from typing import Annotated, Literal, Self
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from assistant.core.errors import NotAllowed
from assistant.core.granted_logins import GrantedLogin
from assistant.core.ports import Person
from assistant.core.secret_ids import hashed
from assistant.gateway.conversations import COOKIE, log_in, remember, resume
from assistant.gateway.embedded_login import OPENED, check_embedder, hand_back
from assistant.gateway.intake import check_page
from assistant.gateway.known_browser import browser_ids_of, remember_browser
from assistant.gateway.parts import GatewayParts, Parts
from assistant.gateway.rates import count_login_of_address
from assistant.gateway.wire import SessionBody
from assistant.intake import set_language
from assistant.return_cookie import ReturnCookie

_LOGIN = ReturnCookie("kratt_login", "/v1/login", 600)
LINK_LOGIN = ReturnCookie("kratt_link_login", "/v1/login/link", 600)
"""Names the session of who has logged in for this link: one that lies about in the browser agrees to nothing."""
UNFAMILIAR = "unfamiliar_browser"
"""In the address that a citizen is led to: they have not logged in with this browser before."""

router = APIRouter(prefix="/v1", tags=["login"])


@dataclass(frozen=True)
class _Pending:
    """A login that this browser began: what binds the answer to it, and the conversation it is for.

    `embedder` is the origin of the page that opened a window for it, empty for our own. `then` is what it is for.
    """

    state: str
    nonce: str
    conversation_id: str
    embedder: str
    then: str

    def to_cookie(self) -> str:
        return urlencode(asdict(self))

    @classmethod
    def from_cookie(cls, value: str) -> Self:
        try:
            fields = dict(parse_qsl(value, keep_blank_values=True, max_num_fields=5))
            pending = cls(**{each.name: fields[each.name] for each in dataclass_fields(cls)})
        except (ValueError, KeyError):
            raise NotAllowed("no login was begun in this browser") from None
        if pending.then not in _DESTINATIONS:
            raise NotAllowed("the login is for nothing")
        return pending


_DESTINATIONS = {"": "/?logged_in", "link": "/v1/login/link/consent"}
_COUNTED = [Depends(count_login_of_address)]


@router.get("/login", status_code=302, response_class=RedirectResponse, dependencies=_COUNTED)
async def begin_login(
    request: Request,
    parts: Parts,
    language: str | None = None,
    embedder: Annotated[str, Query(max_length=200)] = "",
    then: Literal["", "link"] = "",
) -> Response:
    """Send the browser to the login service.

    `embedder` is the origin of the page that opened a window for it; `then` is `link` where an account is to be linked.
    """
    login = parts.identity.begin(set_language(request, language, parts.default_language))
    if embedder:
        check_embedder(embedder, parts)
    session = None if embedder else await resume(request, parts.sessions)
    pending = _Pending(login.state, login.nonce, session.conversation_id if session else "", embedder, then)
    response = RedirectResponse(login.url, 302, OPENED if embedder else None)
    _LOGIN.put(response, pending.to_cookie(), is_https=parts.is_https)
    return response


@router.get("/login/callback", status_code=302, response_class=RedirectResponse, dependencies=_COUNTED)
async def finish_login(
    request: Request,
    parts: Parts,
    code: Annotated[str, Query(max_length=2000)] = "",
    state: Annotated[str, Query(max_length=2000)] = "",
    error: Annotated[str, Query()] = "",
) -> Response:
    """Take the browser back from the login service; the conversation goes on under a new id."""
    pending = _Pending.from_cookie(request.cookies.get(_LOGIN.name, ""))
    if not hmac.compare_digest(state.encode(), pending.state.encode()):
        raise NotAllowed("the answer belongs to another login")
    if error:
        return _forgetting(_cancelled(request, pending, parts), parts)
    if not code:
        raise NotAllowed("the login service sent no code")
    person = await parts.identity.finish(code, pending.nonce)
    browser_ids = browser_ids_of(request)
    # Before anything else: nobody gets in whose citizen will not be told of it.
    noted = await parts.logins.note(person, browser_ids)
    response = await _let_in(request, pending, person, parts, is_unfamiliar=noted.is_unfamiliar)
    remember_browser(response, browser_ids, noted.browser_id, is_https=parts.is_https)
    return _forgetting(response, parts)


@router.post("/logout", dependencies=[Depends(check_page)])
async def log_out(request: Request, response: Response, parts: Parts) -> SessionBody:
    """End the citizen's session; what follows is a new, anonymous conversation."""
    session = await resume(request, parts.sessions)
    if session:
        parts.answer_turn.expectations.note(session.dialogue_id, None)  # its answers may be names from a register
        if parts.desk:
            await parts.desk.store.leave(session)
        remember(response, await parts.sessions.log_out(session.conversation_id), is_https=parts.is_https)
    else:
        response.delete_cookie(COOKIE)
    return SessionBody(logged_in=False)


@router.get("/session")
async def show_session(request: Request, parts: Parts) -> SessionBody:
    """Tell whether the browser's conversation has a citizen."""
    session = await resume(request, parts.sessions)
    return SessionBody(logged_in=bool(session and session.subject), given_name=session.given_name if session else "")


async def _let_in(
    request: Request, pending: _Pending, person: Person, parts: GatewayParts, *, is_unfamiliar: bool
) -> Response:
    """Lead the citizen to where they wanted to; they are told there if it is an unfamiliar browser."""
    if pending.embedder:
        token = await parts.granted_logins.grant(GrantedLogin(person, pending.embedder))
        return hand_back(request, pending.embedder, token, parts, is_unfamiliar=is_unfamiliar)
    session = await log_in(pending.conversation_id, person, parts.sessions)
    destination = _DESTINATIONS[pending.then]
    if is_unfamiliar:
        destination += f"{'&' if '?' in destination else '?'}{UNFAMILIAR}"
    response = RedirectResponse(destination, 302)
    if pending.then == "link":
        LINK_LOGIN.put(response, hashed(session.conversation_id), is_https=parts.is_https)
    remember(response, session, is_https=parts.is_https)
    return response


def _cancelled(request: Request, pending: _Pending, parts: GatewayParts) -> Response:
    if pending.embedder:
        return hand_back(request, pending.embedder, "", parts)
    return RedirectResponse("/?login=cancelled", 302)


def _forgetting(response: Response, parts: GatewayParts) -> Response:
    """The login is over, and so is its cookie."""
    _LOGIN.drop(response, is_https=parts.is_https)
    return response
