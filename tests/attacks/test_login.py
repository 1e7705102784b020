"""Nobody is logged in by a token that TARA did not give to us, for this login, just now."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from assistant.adapters.sql_sessions import SqlSessions
from assistant.adapters.tara_login import TaraLogin
from assistant.core.errors import KrattError, NotAllowed, ServiceUnavailable
from assistant.core.identity import Assurance
from assistant.core.ports import Person
from assistant.gateway.app import create_app
from tests.outside import OutsideWorld

pytestmark = pytest.mark.attack

ISSUER = "https://tara.test"
CLIENT_ID = "kratt"
NONCE = "nonce-of-this-login"
CANARY = "60001019906"
NOW = time.time


def _new_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@pytest.fixture(scope="module")
def taras_key() -> rsa.RSAPrivateKey:
    return _new_key()


@pytest.fixture(scope="module")
def attackers_key() -> rsa.RSAPrivateKey:
    return _new_key()


@dataclass
class FakeTara:
    """A provider that says whatever a test lets it say."""

    key: rsa.RSAPrivateKey
    token: Callable[["FakeTara"], object] = lambda tara: tara.sign()
    discovery: dict[str, object] = field(default_factory=dict)
    published: list[dict[str, Any]] | None = None
    token_response: httpx.Response | None = None
    asked: list[httpx.Request] = field(default_factory=list)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.path.endswith("/openid-configuration"):
            own = {"issuer": ISSUER, "token_endpoint": f"{ISSUER}/oidc/token", "jwks_uri": f"{ISSUER}/oidc/jwks"}
            return httpx.Response(200, json=own | self.discovery)
        if request.url.path == "/oidc/jwks":
            return httpx.Response(200, json={"keys": self.published or [self.public_key()]})
        return self.token_response or httpx.Response(200, json={"id_token": self.token(self), "token_type": "bearer"})

    def public_key(self, key: rsa.RSAPrivateKey | None = None, **members: object) -> dict[str, Any]:
        public = RSAAlgorithm.to_jwk((key or self.key).public_key(), as_dict=True)
        return {**public, "kid": "key-1", "use": "sig", "alg": "RS256", **members}

    def claims(self, **changes: object) -> dict[str, Any]:
        now = int(NOW())
        claims: dict[str, Any] = {
            "jti": "1",
            "iss": ISSUER,
            "aud": CLIENT_ID,
            "iat": now,
            "nbf": now,
            "exp": now + 40,
            "sub": f"EE{CANARY}",
            "profile_attributes": {"given_name": "MARY ÄNN"},
            "amr": ["mID"],
            "acr": "high",
            "nonce": NONCE,
        }
        return {name: value for name, value in {**claims, **changes}.items() if value is not None}

    def sign(self, key: Any = None, algorithm: str = "RS256", kid: str | None = "key-1", **changes: object) -> str:
        headers = {"kid": kid} if kid else {}
        return jwt.encode(self.claims(**changes), key or self.key, algorithm, headers=headers)

    def forge(self, header: dict[str, object], sign: Callable[[bytes], bytes]) -> str:
        """A token that no honest library would make."""
        signed = b".".join(_base64(json.dumps(part).encode()) for part in (header, self.claims()))
        return b".".join((signed, _base64(sign(signed)))).decode()


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


@pytest.fixture
def tara(taras_key: rsa.RSAPrivateKey) -> FakeTara:
    return FakeTara(taras_key)


@pytest.fixture
async def login(tara: FakeTara) -> AsyncIterator[TaraLogin]:
    login = TaraLogin(ISSUER, CLIENT_ID, "secret", "https://kratt.test/callback", transport=httpx.MockTransport(tara))
    yield login
    await login.close()


async def _refusal(login: TaraLogin, error: type[KrattError], nonce: str = NONCE) -> KrattError:
    with pytest.raises(error) as caught:
        await login.finish("code-1", nonce)
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


@pytest.mark.parametrize("changes", [{}, {"aud": [CLIENT_ID]}, {"acr": "substantial"}, {"amr": ["idcard", "eIDAS"]}])
async def test_login_when_the_token_is_right_then_is_the_person(
    login: TaraLogin, tara: FakeTara, changes: dict[str, object]
) -> None:
    tara.token = lambda tara: tara.sign(**changes)
    person = await login.finish("code-1", NONCE)
    assert person == Person(f"EE{CANARY}", "MARY ÄNN", Assurance.parse(str(changes.get("acr", "high"))))
    assert person.proof is not None
    told = jwt.decode(person.proof.token, options={"verify_signature": False})
    assert (person.proof.acr, list(person.proof.amr), person.proof.jti) == (told["acr"], told["amr"], told["jti"])


@pytest.mark.parametrize("seconds", [-9, 9], ids=["their clock is behind", "their clock is ahead"])
async def test_login_when_clocks_differ_a_little_then_is_the_person(
    login: TaraLogin, tara: FakeTara, seconds: int
) -> None:
    now = int(NOW()) + seconds
    tara.token = lambda tara: tara.sign(iat=now, nbf=now, exp=now + 1)
    assert (await login.finish("code-1", NONCE)).subject == f"EE{CANARY}"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"aud": "another-client"}, id="audience another client"),
        pytest.param({"aud": ["another-client"]}, id="audience a list of another client"),
        pytest.param({"aud": [CLIENT_ID, "another-client"]}, id="audience shared with another client"),
        pytest.param({"aud": {CLIENT_ID: 1}}, id="audience an object"),
        pytest.param({"aud": None}, id="no audience"),
        pytest.param({"iss": "https://tara.test.evil.test"}, id="issuer another"),
        pytest.param({"iss": ISSUER + "/"}, id="issuer nearly ours"),
        pytest.param({"iss": [ISSUER]}, id="issuer a list"),
        pytest.param({"iss": None}, id="no issuer"),
        pytest.param({"nonce": "nonce-of-another-login"}, id="nonce of another login"),
        pytest.param({"nonce": ""}, id="nonce empty"),
        pytest.param({"nonce": [NONCE]}, id="nonce a list"),
        pytest.param({"nonce": None}, id="no nonce"),
        pytest.param({"exp": int(time.time()) - 11}, id="expired"),
        pytest.param({"exp": None}, id="no expiry"),
        pytest.param({"exp": "never"}, id="expiry a word"),
        pytest.param({"nbf": int(time.time()) + 10**9}, id="not yet valid"),
        pytest.param({"nbf": None}, id="no beginning"),
        pytest.param({"iat": int(time.time()) + 10**9}, id="from the future"),
        pytest.param({"iat": None}, id="no time of issue"),
        pytest.param({"sub": None}, id="no subject"),
        pytest.param({"sub": ""}, id="subject empty"),
        pytest.param({"sub": 60001019906}, id="subject a number"),
        pytest.param({"sub": [f"EE{CANARY}"]}, id="subject a list"),
        pytest.param({"sub": CANARY}, id="subject without country"),
        pytest.param({"sub": "EE60001019907"}, id="subject with a wrong check digit"),
        pytest.param({"sub": "ee60001019906"}, id="subject in lower case"),
        pytest.param({"sub": f"EE{CANARY}\n"}, id="subject with a line end"),
        pytest.param({"sub": f"EE{CANARY}/fines"}, id="subject with a path"),
        pytest.param({"sub": "LV../EE60001019906"}, id="foreign subject with a path"),
        pytest.param({"sub": "LV" + "1" * 300}, id="foreign subject without end"),
        pytest.param({"acr": "low"}, id="assurance low"),
        pytest.param({"acr": "none"}, id="assurance none"),
        pytest.param({"acr": "highest"}, id="assurance unknown"),
        pytest.param({"acr": 3}, id="assurance a number"),
        pytest.param({"acr": None}, id="no assurance"),
        pytest.param({"amr": None}, id="no method"),
        pytest.param({"amr": []}, id="methods empty"),
        pytest.param({"amr": "mID"}, id="method a word"),
        pytest.param({"amr": [""]}, id="method without a name"),
    ],
)
async def test_login_when_a_claim_is_wrong_then_is_refused(
    login: TaraLogin, tara: FakeTara, changes: dict[str, object]
) -> None:
    claims = {name: value for name, value in tara.claims().items() if name not in changes}
    claims |= {name: value for name, value in changes.items() if value is not None}
    tara.token = lambda tara: _encode_anything(claims, tara.key)
    await _refusal(login, NotAllowed)


def _encode_anything(claims: dict[str, Any], key: rsa.RSAPrivateKey) -> str:
    # PyJWT would not sign claims of the wrong kind: its lower layer does.
    return jwt.PyJWS().encode(json.dumps(claims).encode(), key, "RS256", headers={"kid": "key-1", "typ": "JWT"})


def _public_pem(tara: FakeTara) -> bytes:
    return tara.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _with_hmac(key: bytes) -> Callable[[bytes], bytes]:
    return lambda signed: hmac.new(key, signed, hashlib.sha256).digest()


def _tampered(tara: FakeTara) -> str:
    header, _, signature = tara.sign().split(".")
    claims = _base64(json.dumps(tara.claims(sub="EE38001085718")).encode()).decode()
    return f"{header}.{claims}.{signature}"


FORGERIES: dict[str, Callable[[FakeTara], object]] = {
    "alg none": lambda tara: tara.forge({"alg": "none", "kid": "key-1"}, lambda _: b""),
    "alg None": lambda tara: tara.forge({"alg": "None", "kid": "key-1"}, lambda _: b""),
    "no alg": lambda tara: tara.forge({"kid": "key-1"}, lambda _: b""),
    "HS256 with the public key": lambda tara: tara.forge(
        {"alg": "HS256", "kid": "key-1"}, _with_hmac(_public_pem(tara))
    ),
    "HS256 with the public modulus": lambda tara: tara.forge(
        {"alg": "HS256", "kid": "key-1"}, _with_hmac(tara.public_key()["n"].encode())
    ),
    "HS256 with an empty key": lambda tara: tara.forge({"alg": "HS256", "kid": "key-1"}, _with_hmac(b"")),
    "RS512": lambda tara: tara.sign(algorithm="RS512"),
    "PS256": lambda tara: tara.sign(algorithm="PS256"),
    "other claims under the signature": _tampered,
    "no signature": lambda tara: tara.sign().rpartition(".")[0] + ".",
    "unknown critical extension": lambda tara: jwt.PyJWS().encode(
        json.dumps(tara.claims()).encode(), tara.key, "RS256", headers={"kid": "key-1", "crit": ["x"], "x": 1}
    ),
    "no kid": lambda tara: tara.sign(kid=None),
    "unknown kid": lambda tara: tara.sign(kid="key-2"),
    "kid a path": lambda tara: tara.sign(kid="../../../dev/null"),
    "kid a number": lambda tara: tara.forge({"alg": "RS256", "kid": 1}, lambda _: b""),
    "claims a list": lambda tara: jwt.PyJWS().encode(b"[]", tara.key, "RS256", headers={"kid": "key-1"}),
    "two parts": lambda _: "e30.e30",
    "no token": lambda _: CANARY,
    "empty": lambda _: "",
    "null": lambda _: None,
    "an object": lambda _: {"sub": CANARY},
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
async def test_login_when_the_token_is_forged_then_is_refused(
    login: TaraLogin, tara: FakeTara, forge: Callable[[FakeTara], object]
) -> None:
    tara.token = forge
    await _refusal(login, NotAllowed)


async def test_login_when_signed_with_another_key_under_our_kid_then_is_refused(
    login: TaraLogin, tara: FakeTara, attackers_key: rsa.RSAPrivateKey
) -> None:
    tara.token = lambda tara: tara.sign(attackers_key)
    await _refusal(login, NotAllowed)


async def test_login_when_the_token_brings_its_own_key_then_is_refused(
    login: TaraLogin, tara: FakeTara, attackers_key: rsa.RSAPrivateKey
) -> None:
    headers = {"kid": "key-1", "jwk": tara.public_key(attackers_key), "jku": "https://evil.test/jwks"}
    tara.token = lambda tara: jwt.encode(tara.claims(), attackers_key, "RS256", headers=headers)
    await _refusal(login, NotAllowed)
    assert {request.url.host for request in tara.asked} == {"tara.test"}


@pytest.mark.parametrize(
    "members",
    [{"use": "enc"}, {"kty": "oct", "k": "c2VjcmV0"}, {"kid": None}, {"n": "AQAB"}],
    ids=["for encryption", "symmetric", "without id", "far too short"],
)
async def test_login_when_the_published_key_is_not_for_signatures_then_is_refused(
    login: TaraLogin, tara: FakeTara, members: dict[str, object]
) -> None:
    tara.published = [tara.public_key(**members)]
    await _refusal(login, NotAllowed)


async def test_login_when_taras_key_is_too_short_to_trust_then_is_refused(login: TaraLogin, tara: FakeTara) -> None:
    tara.key = _new_key(bits=1024)
    tara.token = lambda tara: tara.forge(
        {"alg": "RS256", "kid": "key-1"}, lambda signed: RSAAlgorithm(RSAAlgorithm.SHA256).sign(signed, tara.key)
    )
    await _refusal(login, NotAllowed)


@pytest.mark.parametrize("nonce", ["", "nonce-of-another-login", "nönce"])
async def test_login_when_the_browsers_nonce_is_another_then_is_refused(login: TaraLogin, nonce: str) -> None:
    await _refusal(login, NotAllowed, nonce)


async def test_login_when_neither_side_has_a_nonce_then_is_refused(login: TaraLogin, tara: FakeTara) -> None:
    tara.token = lambda tara: tara.sign(nonce="")
    await _refusal(login, NotAllowed, nonce="")


async def test_login_when_there_is_no_code_then_tara_is_not_asked(login: TaraLogin, tara: FakeTara) -> None:
    with pytest.raises(NotAllowed):
        await login.finish("", NONCE)
    assert tara.asked == []


async def test_login_when_the_code_tries_to_add_fields_then_stays_one_field(login: TaraLogin, tara: FakeTara) -> None:
    code = "x&redirect_uri=https://evil.test&grant_type=password"
    await login.finish(code, NONCE)
    [form] = [parse_qs(request.content.decode()) for request in tara.asked if request.method == "POST"]
    assert form == {
        "grant_type": ["authorization_code"],
        "code": [code],
        "redirect_uri": ["https://kratt.test/callback"],
    }


@pytest.mark.parametrize(
    ("response", "error"),
    [
        pytest.param(httpx.Response(400, json={"error": "invalid_grant"}), NotAllowed, id="code spent"),
        pytest.param(httpx.Response(200, json={"access_token": CANARY}), NotAllowed, id="no identity token"),
        pytest.param(httpx.Response(401, json={"error": "invalid_client"}), ServiceUnavailable, id="we are unknown"),
        pytest.param(httpx.Response(500, text=CANARY), ServiceUnavailable, id="broken"),
        pytest.param(httpx.Response(200, text=f"<html>{CANARY}"), ServiceUnavailable, id="HTML"),
        pytest.param(httpx.Response(200, content=b"\xff"), ServiceUnavailable, id="no UTF-8"),
        pytest.param(httpx.Response(200, json=[CANARY]), ServiceUnavailable, id="a list"),
        pytest.param(
            httpx.Response(302, headers={"location": "https://evil.test/"}), ServiceUnavailable, id="sends us elsewhere"
        ),
    ],
)
async def test_login_when_the_code_is_not_redeemed_then_is_refused(
    login: TaraLogin, tara: FakeTara, response: httpx.Response, error: type[KrattError]
) -> None:
    tara.token_response = response
    await _refusal(login, error)
    assert {request.url.host for request in tara.asked} == {"tara.test"}


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://evil.test"},
        {"issuer": None},
        {"token_endpoint": "https://evil.test/oidc/token"},
        {"token_endpoint": "https://tara.test.evil.test/oidc/token"},
        {"token_endpoint": "https://tara.test@evil.test/oidc/token"},
        {"token_endpoint": None},
        {"jwks_uri": "https://evil.test/oidc/jwks"},
        {"jwks_uri": ["https://tara.test/oidc/jwks"]},
    ],
    ids=str,
)
async def test_login_when_the_description_points_elsewhere_then_nothing_is_sent_there(
    login: TaraLogin, tara: FakeTara, discovery: dict[str, object]
) -> None:
    tara.discovery = discovery
    await _refusal(login, ServiceUnavailable)
    assert {request.url.host for request in tara.asked} == {"tara.test"}
    assert not [request for request in tara.asked if request.method == "POST"]


async def test_login_when_the_wire_breaks_then_tells_nothing_of_what_was_on_it() -> None:
    async def break_off(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadError(CANARY)

    login = TaraLogin(
        ISSUER, CLIENT_ID, "secret", "https://kratt.test/callback", transport=httpx.MockTransport(break_off)
    )
    await _refusal(login, ServiceUnavailable)
    await login.close()


async def test_session_when_somebody_brings_the_identity_token_then_it_opens_none(
    taras_key: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    token = FakeTara(taras_key).sign()
    sessions = SqlSessions(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", 1800, "a secret")
    await sessions.open()
    begun = await sessions.start()
    mine = await sessions.log_in(begun.conversation_id, f"EE{CANARY}", "MARY", Assurance.HIGH)
    app = create_app(replace(OutsideWorld().parts, sessions=sessions))
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://kratt.test") as browser:
            for brought in (token, hashlib.sha256(token.encode()).hexdigest(), f"EE{CANARY}", begun.conversation_id):
                answer = await browser.get("/v1/session", headers={"Kratt-Conversation": brought})
                assert answer.json() == {"logged_in": False, "given_name": ""}
            answer = await browser.get("/v1/session", headers={"Kratt-Conversation": mine.conversation_id})
            assert answer.json()["logged_in"] is True
    finally:
        await sessions.close()
