"""TARA, the state's login service: OpenID Connect with the code flow (TechnicalSpecification 1.21).

A program logs somebody in without the page by posting to `/oidc/authorize` what the page posts: the parameters of the
request and `person`, the subject of a test person.
"""

import base64
import binascii
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote_plus

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from assistant.sandbox.population import POPULATION
from assistant.sandbox.tara_lies import TaraLies
from assistant.sandbox.tara_page import render_login, render_refusal
from assistant.sandbox.tara_request import AuthenticationRequest, Client
from assistant.sandbox.tara_token import ID_TOKEN_SECONDS, AuthorizationCodes, Login, TokenSigner

_MOST_FIELDS = 50
_DISCOVERY = "/.well-known/openid-configuration"
_PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


class Tara:
    """The endpoints; `issuer` is the address that tokens name, with or without `/oidc`."""

    def __init__(self, issuer: str, client: Client) -> None:
        self._issuer = issuer
        self._client = client
        self._codes = AuthorizationCodes(time.time)
        self._lies = TaraLies()
        self._signer = TokenSigner(issuer, time.time, self._lies)

    def router(self) -> APIRouter:
        """Discovery is under the root and under `/oidc`, as in the real one."""
        router = APIRouter(tags=["tara"])
        router.add_api_route(_DISCOVERY, self.discovery, methods=["GET"])
        router.add_api_route("/oidc" + _DISCOVERY, self.discovery, methods=["GET"])
        router.add_api_route("/oidc/authorize", self.ask, methods=["GET"], response_class=HTMLResponse)
        router.add_api_route("/oidc/authorize", self.choose, methods=["POST"], response_class=HTMLResponse)
        router.add_api_route("/oidc/token", self.token, methods=["POST"])
        router.add_api_route("/oidc/jwks", self.keys, methods=["GET"])
        router.add_api_route("/sandbox/tara/keys", self.roll_over, methods=["POST"], status_code=HTTPStatus.NO_CONTENT)
        router.include_router(self._lies.router())
        return router

    async def discovery(self) -> dict[str, object]:
        """The provider's metadata."""
        base = self._issuer.rstrip("/").removesuffix("/oidc") + "/oidc"
        return {
            "issuer": self._issuer,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/jwks",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "scopes_supported": ["openid", "idcard", "mid", "smartid", "eidas", "eidasonly", "email", "phone"],
            "acr_values_supported": ["low", "substantial", "high"],
            "ui_locales_supported": ["et", "en", "ru"],
        }

    async def ask(self, request: Request) -> Response:
        """The page where the citizen logs in."""
        asked = self._client.read_request(request.query_params.multi_items())
        if asked is None or asked.fault:
            return _refuse(asked)
        page = render_login(asked.ui_locales, POPULATION.values(), asked.fields())
        return HTMLResponse(page, headers=_PAGE_HEADERS)

    async def choose(self, request: Request) -> Response:
        """What the citizen chose on the page: a test person, or to cancel."""
        fields = await _form(request)
        asked = self._client.read_request(fields.items())
        if asked is None or asked.fault:
            return _refuse(asked)
        if "cancel" in fields:
            return _redirect(
                asked.answer_url(error="user_cancel", error_description="User canceled the authentication process.")
            )
        resident = POPULATION.get(fields.get("person", ""))
        if resident is None:
            return _refuse(None)
        code = self._codes.issue(Login(asked, resident))
        return _redirect(replace(asked, state=self._lies.state(asked.state)).answer_url(code=code))

    async def token(self, request: Request) -> Response:
        """The identity token for a code."""
        if not _is_client(request.headers.get("authorization", ""), self._client):
            headers = {"WWW-Authenticate": 'Basic realm="TARA"'}
            return JSONResponse({"error": "invalid_client"}, HTTPStatus.UNAUTHORIZED, headers)
        fields = await _form(request)
        if fields.get("grant_type") != "authorization_code":
            return JSONResponse({"error": "unsupported_grant_type"}, HTTPStatus.BAD_REQUEST)
        login = self._codes.redeem(fields.get("code", ""), fields.get("redirect_uri", ""))
        if login is None:
            return JSONResponse({"error": "invalid_grant"}, HTTPStatus.BAD_REQUEST)
        access_token = secrets.token_urlsafe(32)
        answer = {
            "access_token": access_token,
            "token_type": "bearer",
            "expires_in": ID_TOKEN_SECONDS,
            "id_token": self._signer.id_token(login, access_token),
        }
        return JSONResponse(answer, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})

    async def keys(self) -> dict[str, object]:
        """The keys that sign identity tokens."""
        return self._signer.key_set()

    async def roll_over(self) -> None:
        """Sign with a new key from now on; the old one is published still."""
        self._signer.roll_over()


async def _form(request: Request) -> Mapping[str, str]:
    # Ours are plain forms; Starlette's own reader wants a library for multipart ones.
    try:
        pairs = parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else {}


def _is_client(authorization: str, client: Client) -> bool:
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        identity, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    given = f"{unquote_plus(identity)}\n{unquote_plus(secret)}"
    return secrets.compare_digest(given.encode(), f"{client.client_id}\n{client.client_secret}".encode())


def _refuse(asked: AuthenticationRequest | None) -> Response:
    # Nobody is redirected to an address that the client did not register.
    if asked is None or not asked.fault:
        return HTMLResponse(render_refusal("en"), HTTPStatus.BAD_REQUEST, _PAGE_HEADERS)
    return _redirect(asked.answer_url(error=asked.fault, error_description="The request is not valid."))


def _redirect(url: str) -> Response:
    return RedirectResponse(url, HTTPStatus.FOUND, {"Cache-Control": "no-store"})
