"""Logging in and out in the citizen's own browser."""

import hmac
from dataclasses import asdict, dataclass
from typing import Annotated, Self
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from assistant.core.errors import NotAllowed, UnknownConversation
from assistant.core.ports import Person, Session, Sessions
from assistant.gateway.conversations import COOKIE, remember, resume
from assistant.gateway.intake import check_origin
from assistant.gateway.parts import GatewayParts, Parts
from assistant.gateway.rates import count_login_of_address
from assistant.gateway.wire import SessionBody
from assistant.intake import set_language

LOGIN_COOKIE = "kratt_login"
LOGIN_PATH = "/v1/login"
LOGIN_SECONDS = 600

router = APIRouter(prefix="/v1", tags=["login"])


@dataclass(frozen=True)
class _Pending:
    """A login that this browser began: what binds the answer to it, and the conversation it is for."""

    state: str
    nonce: str
    conversation_id: str

    def to_cookie(self) -> str:
        return urlencode(asdict(self))

    @classmethod
    def from_cookie(cls, value: str) -> Self:
        try:
            fields = dict(parse_qsl(value, keep_blank_values=True, max_num_fields=3))
            return cls(fields["state"], fields["nonce"], fields["conversation_id"])
        except (ValueError, KeyError):
            raise NotAllowed("no login was begun in this browser") from None


_COUNTED = [Depends(count_login_of_address)]


@router.get("/login", status_code=302, response_class=RedirectResponse, dependencies=_COUNTED)
async def begin_login(request: Request, parts: Parts, language: str | None = None) -> Response:
    """Send the browser to the login service."""
    login = parts.identity.begin(set_language(request, language, parts.default_language))
    session = await resume(request, parts.sessions)
    pending = _Pending(login.state, login.nonce, session.conversation_id if session else "")
    response = RedirectResponse(login.url, 302)
    # Lax: the login service's page sends the browser back here, and a strict cookie would stay at home.
    response.set_cookie(
        LOGIN_COOKIE,
        pending.to_cookie(),
        max_age=LOGIN_SECONDS,
        path=LOGIN_PATH,
        httponly=True,
        samesite="lax",
        secure=parts.is_https,
    )
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
    pending = _Pending.from_cookie(request.cookies.get(LOGIN_COOKIE, ""))
    if not hmac.compare_digest(state.encode(), pending.state.encode()):
        raise NotAllowed("the answer belongs to another login")
    if error:
        return _back("/?login=cancelled", parts)
    if not code:
        raise NotAllowed("the login service sent no code")
    person = await parts.identity.finish(code, pending.nonce)
    session = await _log_in(pending.conversation_id, person, parts.sessions)
    response = _back("/?logged_in", parts)
    remember(response, session, is_https=parts.is_https)
    return response


@router.post("/logout", dependencies=[Depends(check_origin)])
async def log_out(request: Request, response: Response, parts: Parts) -> SessionBody:
    """End the citizen's session; what follows is a new, anonymous conversation."""
    session = await resume(request, parts.sessions)
    if session:
        parts.answer_turn.expectations.note(session.dialogue_id, None)  # its answers may be names from a register
        remember(response, await parts.sessions.log_out(session.conversation_id), is_https=parts.is_https)
    else:
        response.delete_cookie(COOKIE)
    return SessionBody(logged_in=False)


@router.get("/session")
async def show_session(request: Request, parts: Parts) -> SessionBody:
    """Tell whether the browser's conversation has a citizen."""
    session = await resume(request, parts.sessions)
    return SessionBody(logged_in=bool(session and session.subject), given_name=session.given_name if session else "")


def _back(address: str, parts: GatewayParts) -> Response:
    response = RedirectResponse(address, 302)
    response.delete_cookie(LOGIN_COOKIE, path=LOGIN_PATH, httponly=True, samesite="lax", secure=parts.is_https)
    return response


async def _log_in(conversation_id: str, person: Person, sessions: Sessions) -> Session:
    try:
        return await sessions.log_in(conversation_id, person.subject, person.given_name, person.assurance)
    except UnknownConversation:  # the login was the beginning, or took longer than the conversation lived
        new = await sessions.start()
        return await sessions.log_in(new.conversation_id, person.subject, person.given_name, person.assurance)
