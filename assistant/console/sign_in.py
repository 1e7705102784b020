"""Signing in and out, by the state's login service: OpenID Connect."""

import hmac
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from assistant.console.access import COOKIE, Me
from assistant.console.parts import ConsoleParts, Parts
from assistant.core.errors import NotAllowed
from assistant.core.languages import Language
from assistant.return_cookie import ReturnCookie

PATH = "/sign-in"
CALLBACK = "/sign-in/callback"
"""Where an editor comes back to: part of the console's registration at the login service."""
_BEGUN = ReturnCookie("kratt_console_login", PATH, 600)

router = APIRouter()


@router.get(PATH)
async def begin(parts: Parts) -> Response:
    """Send the browser to the login service."""
    login = parts.identity.begin(Language.EN)
    response = RedirectResponse(login.url, 302)
    _BEGUN.put(response, urlencode({"state": login.state, "nonce": login.nonce}), is_https=parts.is_https)
    return response


@router.get(CALLBACK)
async def finish(
    request: Request,
    parts: Parts,
    code: Annotated[str, Query(max_length=2000)] = "",
    state: Annotated[str, Query(max_length=2000)] = "",
) -> Response:
    """Let in whoever the login service vouches for, if they are an editor."""
    begun = _begun(request)
    if not begun.get("state") or not hmac.compare_digest(state.encode(), begun["state"].encode()):
        raise NotAllowed("the answer belongs to another login")
    if not code:
        return _forgetting(RedirectResponse("/", 303), parts)
    person = await parts.identity.finish(code, begun.get("nonce", ""))
    if parts.editors().of(person.subject) is None:
        raise NotAllowed("you are no editor here: ask an administrator to add you")
    response = _forgetting(RedirectResponse("/", 303), parts)
    # Lax: a link to a draft, in a mail to a colleague, shall open it.
    response.set_cookie(
        COOKIE, parts.sessions.issue(person.subject), httponly=True, samesite="lax", secure=parts.is_https, path="/"
    )
    return response


def _begun(request: Request) -> dict[str, str]:
    """The login that this browser began; empty if the cookie tells of none."""
    try:
        return dict(parse_qsl(request.cookies.get(_BEGUN.name, ""), max_num_fields=2))
    except ValueError:
        return {}


@router.post("/sign-out")
async def sign_out(_: Me) -> Response:
    """Let the browser forget who is at work."""
    response = RedirectResponse("/", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


def _forgetting(response: Response, parts: ConsoleParts) -> Response:
    _BEGUN.drop(response, is_https=parts.is_https)
    return response
