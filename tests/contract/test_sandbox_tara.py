"""The sandbox's TARA against TechnicalSpecification 1.21, seen through a strict client."""

import base64
import re
from collections.abc import AsyncIterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

import httpx
import jwt
import pytest

from assistant.sandbox.app import create_app
from assistant.sandbox.tara_token import at_hash

pytestmark = pytest.mark.contract

ISSUER = "http://127.0.0.1:8090"
BACK = "http://127.0.0.1:8080/login/return"
CLIENT_ID = "kratt"
SECRET = "s:e c/r%e+t õ"  # every character that forgets about form encoding stumbles over
MARY = "EE60001019906"
REQUEST = {
    "client_id": CLIENT_ID,
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "openid",
    "state": "state-of-mine",
    "nonce": "nonce-of-mine",
    "ui_locales": "en",
}


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(issuer=ISSUER, client_id=CLIENT_ID, client_secret=SECRET, redirect_uris=frozenset({BACK}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ISSUER) as client:
        yield client


def basic(client_id: str = CLIENT_ID, secret: str = SECRET) -> dict[str, str]:
    credentials = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return {"Authorization": "Basic " + base64.b64encode(credentials.encode()).decode()}


def returned(response: httpx.Response) -> dict[str, str]:
    """The parameters that the citizen's browser brings back."""
    assert response.status_code == 302
    location = response.headers["Location"]
    assert location.startswith(BACK + "?")
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


async def log_in(client: httpx.AsyncClient, person: str = MARY, **change: str) -> str:
    return returned(await client.post("/oidc/authorize", data=REQUEST | {"person": person} | change))["code"]


async def redeem(client: httpx.AsyncClient, code: str, change: dict[str, str] | None = None) -> httpx.Response:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK} | (change or {})
    return await client.post("/oidc/token", data=form, headers=basic())


@pytest.mark.parametrize("path", ["/oidc/.well-known/openid-configuration", "/.well-known/openid-configuration"])
async def test_discovery_when_asked_then_endpoints_of_this_issuer(client: httpx.AsyncClient, path: str) -> None:
    metadata = (await client.get(path)).json()
    assert metadata["issuer"] == ISSUER
    assert metadata["authorization_endpoint"] == f"{ISSUER}/oidc/authorize"
    assert metadata["token_endpoint"] == f"{ISSUER}/oidc/token"
    assert metadata["jwks_uri"] == f"{ISSUER}/oidc/jwks"


async def test_discovery_when_issuer_ends_in_oidc_then_not_doubled() -> None:
    app = create_app(issuer=ISSUER + "/oidc", client_id="kratt", client_secret="s", redirect_uris=frozenset())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ISSUER) as client:
        metadata = (await client.get("/oidc/.well-known/openid-configuration")).json()
    assert (metadata["issuer"], metadata["jwks_uri"]) == (f"{ISSUER}/oidc", f"{ISSUER}/oidc/jwks")


async def test_login_when_every_step_is_right_then_id_token_verifies(client: httpx.AsyncClient) -> None:
    response = await redeem(client, await log_in(client))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    answer = response.json()
    assert (answer["token_type"], answer.keys()) == ("bearer", {"access_token", "token_type", "expires_in", "id_token"})
    claims = await verify(client, answer["id_token"])
    assert claims["exp"] - claims["iat"] == 40
    assert claims["at_hash"] == at_hash(answer["access_token"])
    assert claims["profile_attributes"] == {
        "date_of_birth": "2000-01-01",
        "given_name": "MARY ÄNN",
        "family_name": "O’CONNEŽ-ŠUSLIK TESTNUMBER",
    }
    assert (claims["sub"], claims["acr"], claims["amr"]) == (MARY, "high", ["mID"])
    assert (claims["nonce"], claims["state"]) == ("nonce-of-mine", "state-of-mine")
    assert claims["jti"]


async def verify(client: httpx.AsyncClient, id_token: str) -> dict[str, Any]:
    keys = jwt.PyJWKSet.from_dict((await client.get("/oidc/jwks")).json())
    key = keys[jwt.get_unverified_header(id_token)["kid"]]
    required = ["iss", "aud", "exp", "iat", "nbf", "sub", "jti"]
    return jwt.decode(
        id_token, key, algorithms=["RS256"], issuer=ISSUER, audience=CLIENT_ID, options={"require": required}
    )


async def test_jwks_when_read_then_only_the_public_half(client: httpx.AsyncClient) -> None:
    (key,) = (await client.get("/oidc/jwks")).json()["keys"]
    assert (key["kty"], key["use"], key["alg"]) == ("RSA", "sig", "RS256")
    assert not {"d", "p", "q", "dp", "dq", "qi"} & key.keys()


async def test_page_when_asked_then_posting_its_own_fields_logs_in(client: httpx.AsyncClient) -> None:
    page = await client.get("/oidc/authorize", params=REQUEST)
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text)
    person = re.findall(r'<button name="person" value="([^"]*)">', page.text)[1]
    form = {unescape(name): unescape(value) for name, value in fields} | {"person": person}
    brought_back = returned(await client.post("/oidc/authorize", data=form))
    assert brought_back["state"] == "state-of-mine"
    claims = await verify(client, (await redeem(client, brought_back["code"])).json()["id_token"])
    assert claims["sub"] == person


@pytest.mark.parametrize(
    ("locale", "word"), [("en", "Log in"), ("et", "Logi sisse"), ("ru", "Войти"), ("xx", "Logi sisse")]
)
async def test_page_when_locale_given_then_in_that_language(client: httpx.AsyncClient, locale: str, word: str) -> None:
    page = await client.get("/oidc/authorize", params=REQUEST | {"ui_locales": locale})
    assert f"<h1>{word}" in page.text


async def test_page_when_state_is_hostile_then_escaped(client: httpx.AsyncClient) -> None:
    page = await client.get("/oidc/authorize", params=REQUEST | {"state": '"><script>alert(1)</script>'})
    assert "<script" not in page.text


async def test_cancel_when_pressed_then_user_cancel_with_state(client: httpx.AsyncClient) -> None:
    brought_back = returned(await client.post("/oidc/authorize", data=REQUEST | {"cancel": "1"}))
    assert (brought_back["error"], brought_back["state"]) == ("user_cancel", "state-of-mine")
    assert "code" not in brought_back


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "change", [{"client_id": "other"}, {"redirect_uri": "http://elsewhere/"}, {"redirect_uri": ""}]
)
async def test_authorize_when_not_the_clients_own_then_no_redirect(
    client: httpx.AsyncClient, method: str, change: dict[str, str]
) -> None:
    values = REQUEST | {"person": MARY} | change
    where = {"params": values} if method == "GET" else {"data": values}
    response = await client.request(method, "/oidc/authorize", **where)
    assert response.status_code == 400
    assert "Location" not in response.headers


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "openid everything"}, "invalid_scope"),
        ({"state": "short"}, "invalid_request"),
        ({"nonce": ""}, "invalid_request"),
    ],
)
async def test_authorize_when_parameter_is_wrong_then_client_is_told(
    client: httpx.AsyncClient, method: str, change: dict[str, str], error: str
) -> None:
    values = REQUEST | {"person": MARY} | change
    where = {"params": values} if method == "GET" else {"data": values}
    assert returned(await client.request(method, "/oidc/authorize", **where))["error"] == error


async def test_authorize_when_person_unknown_then_no_code(client: httpx.AsyncClient) -> None:
    response = await client.post("/oidc/authorize", data=REQUEST | {"person": "EE51307149560"})
    assert response.status_code == 400


async def test_token_when_code_used_twice_then_invalid_grant(client: httpx.AsyncClient) -> None:
    code = await log_in(client)
    assert (await redeem(client, code)).status_code == 200
    again = await redeem(client, code)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code": "guess"}, "invalid_grant"),
        ({"redirect_uri": BACK + "/other"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
async def test_token_when_request_is_wrong_then_refused(
    client: httpx.AsyncClient, change: dict[str, str], error: str
) -> None:
    response = await redeem(client, await log_in(client), change)
    assert (response.status_code, response.json()) == (400, {"error": error})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic(secret="wrong"),
        basic(client_id="other"),
        {"Authorization": "Basic " + base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic " + base64.b64encode(b"\xff:\xff").decode()},
        {"Authorization": "Bearer x"},
    ],
)
async def test_token_when_client_is_not_proven_then_401_and_code_unspent(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    code = await log_in(client)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    response = await client.post("/oidc/token", data=form, headers=headers)
    assert (response.status_code, response.json()) == (401, {"error": "invalid_client"})
    assert (await redeem(client, code)).status_code == 200


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a&" * 1000, b"code=1&code=2", b""])
async def test_token_when_body_is_no_form_then_4xx(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post("/oidc/token", content=body, headers=basic())
    assert response.status_code == 400
