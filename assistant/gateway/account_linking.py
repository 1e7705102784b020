"""OAuth 2.0 for one client, a voice assistant of somebody else's, whose accounts citizens link (docs/adr/0039).

the assistant's app, in a browser             gateway
GET /v1/login/link {client_id, redirect_uri,
  state, code_challenge}                  ->  302 to the login, and from there to the question
GET, POST /v1/login/link/consent          ->  303 to redirect_uri {code, state}
the assistant's server
POST /v1/login/link/token {code,
  code_verifier} or {refresh_token}       ->  {access_token, refresh_token, expires_in}

RFC 6749, sections 4.1, 5 and 6; RFC 7636 with S256 alone, and always; RFC 9700.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Self
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, Field, ValidationError
from starlette.responses import Response

from assistant.core.account_links import ACCESS_SECONDS, Consent, Tokens
from assistant.core.errors import Busy, MalformedTurn, NotAllowed, TooManyGuesses, WrongCode
from assistant.core.ports import Counted, Person, Session
from assistant.core.secret_ids import hashed
from assistant.gateway.conversations import resume
from assistant.gateway.intake import check_origin
from assistant.gateway.login import LINK_LOGIN, UNFAMILIAR
from assistant.gateway.notice_page import consent_page
from assistant.gateway.parts import Linking, Parts
from assistant.gateway.rates import count_login_of_address
from assistant.intake import address_of, language_of, media_type, read_body
from assistant.pipeline.link_account import LinkAccount
from assistant.return_cookie import ReturnCookie

CLIENT_ID = "alexa"
PATH = "/v1/login/link"
MOST_BYTES = 16 * 1024
_ASKED = ReturnCookie("kratt_link", PATH, 600)
_LOG_IN = "/v1/login?then=link"

router = APIRouter(prefix=PATH, include_in_schema=False)


class _Asked(BaseModel):
    """What the assistant's app asks for; the client and the address were checked before."""

    response_type: str = Field(pattern="^code$")
    code_challenge_method: str = Field(pattern="^S256$")
    code_challenge: str = Field(pattern="^[A-Za-z0-9_-]{43}$")
    state: str = Field(min_length=1, max_length=2000)


@dataclass(frozen=True)
class _Pending:
    """What was asked in this browser, until its citizen has said yes."""

    redirect_uri: str
    state: str
    code_challenge: str

    def to_cookie(self) -> str:
        return urlencode(asdict(self))

    @classmethod
    def of(cls, request: Request, linking: Linking) -> Self:
        try:
            fields = dict(parse_qsl(request.cookies.get(_ASKED.name, ""), strict_parsing=True, max_num_fields=3))
            pending = cls(**fields)
        except (TypeError, ValueError):
            raise NotAllowed("no account was to be linked in this browser") from None
        if pending.redirect_uri not in linking.redirect_uris:
            raise NotAllowed("the address is none of the client's")
        return pending

    def answered_with(self, answer: Mapping[str, str]) -> str:
        separator = "&" if urlsplit(self.redirect_uri).query else "?"
        return f"{self.redirect_uri}{separator}{urlencode({**answer, 'state': self.state})}"


async def _linking(parts: Parts) -> Linking:
    """What accounts are linked by.

    Raises:
        NotAllowed: none is.
    """
    if parts.linking is None:
        raise NotAllowed("no accounts are linked here")
    return parts.linking


ALinking = Annotated[Linking, Depends(_linking)]


@router.get("", dependencies=[Depends(count_login_of_address)])
async def begin_link(request: Request, linking: ALinking, parts: Parts) -> Response:
    """Let the citizen log in anew, and be asked then. Errors go back only to an address that is the client's."""
    fields = _single(request.query_params.multi_items())
    redirect_uri = fields.get("redirect_uri", "")
    if fields.get("client_id") != CLIENT_ID or redirect_uri not in linking.redirect_uris:
        raise NotAllowed("neither the client nor its address is known")
    pending = _Pending(redirect_uri, fields.get("state", ""), fields.get("code_challenge", ""))
    try:
        _Asked.model_validate(fields)
    except ValidationError:
        is_other = fields.get("response_type") != "code"
        error = "unsupported_response_type" if is_other else "invalid_request"
        return RedirectResponse(pending.answered_with({"error": error}), 302)
    response = RedirectResponse(_LOG_IN, 302)
    _ASKED.put(response, pending.to_cookie(), is_https=parts.is_https)
    LINK_LOGIN.drop(response, is_https=parts.is_https)
    return response


@router.get("/consent")
async def ask_consent(request: Request, linking: ALinking, parts: Parts) -> Response:
    """Ask; who answers is known by then: a browser brings the strict cookie along with the form alone."""
    pending = _Pending.of(request, linking)
    if not request.cookies.get(LINK_LOGIN.name):
        return RedirectResponse(_LOG_IN, 302)
    language = language_of(request, parts.default_language)
    # A form's answer may lead to the client, and to nobody else.
    client = "{0.scheme}://{0.netloc}".format(urlsplit(pending.redirect_uri))
    words = parts.words[language]
    warning = words["unfamiliar_browser"] if UNFAMILIAR in request.query_params else ""
    return consent_page(words, language, f"{PATH}/consent", parts.public_url, client, warning)


@router.post("/consent", dependencies=[Depends(check_origin)])
async def take_consent(request: Request, linking: ALinking, parts: Parts) -> Response:
    """Take the citizen's answer back to the client: a code, or that they refused."""
    pending = _Pending.of(request, linking)
    session = await resume(request, parts.sessions)
    if session is None or session.subject is None or not _is_of_this_link(request, session):
        return RedirectResponse(_LOG_IN, 303)
    form = _single(await _form(request))
    answer = {"error": "access_denied"}
    if form.get("answer") == "yes":
        person = Person(session.subject, session.given_name, session.assurance)
        consent = Consent(person, pending.redirect_uri, pending.code_challenge)
        answer = {"code": await linking.link_account.consent(consent)}
    response = RedirectResponse(pending.answered_with(answer), 303)
    for cookie in (_ASKED, LINK_LOGIN):
        cookie.drop(response, is_https=parts.is_https)
    return response


def _is_of_this_link(request: Request, session: Session) -> bool:
    """Whether this is the session of the login that the link was begun with."""
    named = request.cookies.get(LINK_LOGIN.name, "")
    return hmac.compare_digest(named.encode(), hashed(session.conversation_id).encode())


@router.post("/token")
async def give_tokens(request: Request, linking: ALinking, parts: Parts) -> Response:
    """Change a code, or a refresh token, for tokens."""
    try:
        form = _single(await _form(request))
        if not _is_client(request, form, linking):
            # Only who fails is counted: all accounts come from a few addresses.
            await parts.rate_limiter.admit(Counted.LOGIN_OF_ADDRESS, address_of(request))
            return _refused("invalid_client", 401)
        return _given(await _tokens(form, linking.link_account))
    except MalformedTurn:
        return _refused("invalid_request")
    except _UnknownGrant:
        return _refused("unsupported_grant_type")
    except (WrongCode, TooManyGuesses, Busy):
        return _refused("invalid_grant")


class _UnknownGrant(Exception):
    """There is no such way to tokens."""


async def _tokens(form: Mapping[str, str], link_account: LinkAccount) -> Tokens:
    match form:
        case {"grant_type": "authorization_code", "code": code, "redirect_uri": uri, "code_verifier": verifier}:
            return await link_account.exchange(code, uri, verifier)
        case {"grant_type": "refresh_token", "refresh_token": token}:
            return await link_account.refresh(token)
        case {"grant_type": grant} if grant not in {"authorization_code", "refresh_token"}:
            raise _UnknownGrant
        case _:
            raise MalformedTurn("a parameter is missing")


async def _form(request: Request) -> list[tuple[str, str]]:
    if media_type(request) != "application/x-www-form-urlencoded":
        raise MalformedTurn("a form is wanted")
    body = await read_body(request, MOST_BYTES)
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise MalformedTurn("not a form") from None


def _single(fields: list[tuple[str, str]]) -> dict[str, str]:
    """The fields, of which each comes once (RFC 6749, section 3.1)."""
    if len(dict(fields)) != len(fields):
        raise MalformedTurn("a parameter comes more than once")
    return dict(fields)


def _is_client(request: Request, form: Mapping[str, str], linking: Linking) -> bool:
    """Whether the client shows its secret (RFC 6749, section 2.3.1): in the header, or in the body."""
    header = request.headers.get("authorization")
    name, secret = form.get("client_id", ""), form.get("client_secret", "")
    if header is not None:
        if "client_secret" in form:  # one way alone
            return False
        name, secret = _basic(header)
    matches = hmac.compare_digest(secret.encode(errors="surrogatepass"), linking.client_secret.encode())
    return name == CLIENT_ID and matches


def _basic(header: str) -> tuple[str, str]:
    scheme, _, credentials = header.partition(" ")
    try:
        name, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return (unquote_plus(name), unquote_plus(secret)) if scheme.lower() == "basic" else ("", "")


def _given(tokens: Tokens) -> Response:
    return JSONResponse({
        "access_token": tokens.access_token,
        "token_type": "Bearer",
        "expires_in": int(ACCESS_SECONDS),
        "refresh_token": tokens.refresh_token,
    })  # fmt: skip


def _refused(error: str, status: int = 400) -> Response:
    return JSONResponse({"error": error}, status, {"WWW-Authenticate": "Basic"} if status == 401 else None)
