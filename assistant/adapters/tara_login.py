"""Logs citizens in by TARA, the state's login service: OpenID Connect's code flow (TechnicalSpecification 1.21)."""

import asyncio
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote_plus, urlencode

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from assistant.adapters.pinned_tls import pinned_tls
from assistant.adapters.tara_token import Expectation, read_key_id, read_keys, read_person
from assistant.core.errors import NotAllowed, ServiceUnavailable
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.ports import Login, Person

REQUEST_SECONDS = 5.0
PROVIDER_SECONDS = 3600.0
"""How long the provider's description and keys are trusted; TARA asks for between 5 minutes and 24 hours."""
CHECKED_SECONDS = 60.0
"""How long a sign of life counts: whoever asks whether we are ready must not load the login service."""
SECRET_BYTES = 16
ASKED_ASSURANCE = Assurance.SUBSTANTIAL


@dataclass(frozen=True)
class _Provider:
    """What TARA publishes about itself."""

    token_url: str
    keys: Mapping[str, RSAPublicKey]
    fresh_until_seconds: float


class TaraLogin:
    """A client of TARA, registered there with one address to return to.

    TARA knows no PKCE: nonce, state and the citizen's own cookie are what binds an answer to a browser. `authorities`
    is the file of the roots that alone its server's certificate may come from; without one, the machine's.

    Raises:
        SettingsError: the file cannot be used.
    """

    def __init__(
        self,
        issuer_url: str,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        *,
        authorities: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._issuer = issuer_url.rstrip("/")
        self._client_id = client_id
        self._redirect_uri = redirect_uri
        # Form-encoded before base64: RFC 6749, section 2.3.1.
        self._credentials = httpx.BasicAuth(quote_plus(client_id), quote_plus(client_secret))
        self._client = httpx.AsyncClient(
            timeout=REQUEST_SECONDS,
            trust_env=False,
            follow_redirects=False,
            transport=transport,
            verify=pinned_tls(authorities, "KRATT_TARA_TLS_CA") if authorities else True,
        )
        self._provider: _Provider | None = None

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def check(self) -> None:
        """Raise `ServiceUnavailable` unless TARA describes itself now, or did a moment ago."""
        provider = self._provider
        seen_until = provider.fresh_until_seconds - PROVIDER_SECONDS + CHECKED_SECONDS if provider else 0.0
        if seen_until < time.monotonic():
            await self._learn_provider()

    def begin(self, language: Language) -> Login:
        """Where to send the citizen's browser; the address is fixed by section 4.1, so that nothing is fetched here."""
        state, nonce = secrets.token_urlsafe(SECRET_BYTES), secrets.token_urlsafe(SECRET_BYTES)
        query = urlencode(
            {
                "response_type": "code",
                "scope": "openid",
                "client_id": self._client_id,
                "redirect_uri": self._redirect_uri,
                "state": state,
                "nonce": nonce,
                "acr_values": ASKED_ASSURANCE.name.lower(),
                "ui_locales": language.value,
            }
        )
        return Login(f"{self._issuer}/oidc/authorize?{query}", state, nonce)

    async def finish(self, code: str, nonce: str) -> Person:
        """Who the code belongs to.

        Raises:
            NotAllowed: TARA refuses the code, or the identity token fails a check.
            ServiceUnavailable: TARA is unreachable, late, or answers something else than promised.
        """
        if not code or not nonce:
            raise NotAllowed("a login needs its code and its nonce")
        provider = await self._known_provider()
        token, access_token = await self._redeem(code, provider.token_url)
        key_id = read_key_id(token)
        if key_id not in provider.keys:
            provider = await self._learn_provider()  # keys roll over
        if key_id not in provider.keys:
            raise NotAllowed("the identity token is signed with an unknown key")
        expected = Expectation(self._issuer, self._client_id, nonce, ASKED_ASSURANCE, access_token)
        return read_person(token, provider.keys[key_id], expected)

    async def _known_provider(self) -> _Provider:
        provider = self._provider
        if provider is None or provider.fresh_until_seconds < time.monotonic():
            return await self._learn_provider()
        return provider

    async def _learn_provider(self) -> _Provider:
        described = await self._fetch("GET", f"{self._issuer}/.well-known/openid-configuration")
        if described.get("issuer") != self._issuer:
            raise ServiceUnavailable("the login service describes another one")
        key_set = await self._fetch("GET", self._own_url(described, "jwks_uri"))
        fresh_until = time.monotonic() + PROVIDER_SECONDS
        self._provider = _Provider(self._own_url(described, "token_endpoint"), read_keys(key_set), fresh_until)
        return self._provider

    def _own_url(self, described: Mapping[str, Any], name: str) -> str:
        # Our secret and the citizen's code go to the login service itself and nowhere else.
        url = described.get(name)
        if not isinstance(url, str) or not url.startswith(f"{self._issuer}/"):
            raise ServiceUnavailable(f"the login service has no {name} of its own")
        return url

    async def _redeem(self, code: str, token_url: str) -> tuple[str, str]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self._redirect_uri}
        answer = await self._fetch("POST", token_url, data=form, auth=self._credentials)
        token, access_token = answer.get("id_token"), answer.get("access_token", "")
        if not isinstance(token, str) or not isinstance(access_token, str):
            raise NotAllowed("the login service gave no identity token")
        return token, access_token

    async def _fetch(self, method: str, url: str, **content: Any) -> dict[str, Any]:
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                response = await self._client.request(method, url, **content)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
            raise ServiceUnavailable("the login service does not answer") from None
        if response.status_code == HTTPStatus.BAD_REQUEST:
            raise NotAllowed("the login service refused the code")  # RFC 6749, section 5.2
        if response.status_code != HTTPStatus.OK:
            raise ServiceUnavailable(f"the login service answered {response.status_code}")
        return _json_object(response)


def _json_object(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ServiceUnavailable("the login service did not answer in JSON")
    return body
