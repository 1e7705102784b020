"""What TARA issues: authorization codes and signed identity tokens (TechnicalSpecification 1.21, section 4.3)."""

import base64
import hashlib
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from assistant.sandbox.population import Resident
from assistant.sandbox.tara_lies import TaraLies
from assistant.sandbox.tara_request import AuthenticationRequest

CODE_SECONDS = 30
ID_TOKEN_SECONDS = 40
_KEY_BITS = 2048
_ALGORITHM = "RS256"


@dataclass(frozen=True)
class Login:
    """Who logged in, in answer to which request."""

    request: AuthenticationRequest
    resident: Resident


class AuthorizationCodes:
    """Codes that were issued: each redeems one login, once, within 30 seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._logins: dict[str, tuple[float, Login]] = {}

    def issue(self, login: Login) -> str:
        """A fresh code for the login."""
        self._logins = {code: kept for code, kept in self._logins.items() if kept[0] > self._now()}
        code = secrets.token_urlsafe(32)
        self._logins[code] = (self._now() + CODE_SECONDS, login)
        return code

    def redeem(self, code: str, redirect_uri: str) -> Login | None:
        """The login of a code, which is spent by this even if the answer is None."""
        expires, login = self._logins.pop(code, (0.0, None))
        if login is None or expires <= self._now() or login.request.redirect_uri != redirect_uri:
            return None
        return login


class TokenSigner:
    """Signs identity tokens with a key of its own, made when the sandbox starts."""

    def __init__(self, issuer: str, now: Callable[[], float], lies: TaraLies) -> None:
        self._issuer = issuer
        self._now = now
        self._lies = lies
        self._keys = [_new_key()]

    def id_token(self, login: Login, access_token: str) -> str | None:
        """The identity token of a login; None only if that is the lie in force."""
        claims = self._claims(login) | {"at_hash": at_hash(access_token)}
        key_id, key = self._keys[-1]
        return self._lies.token(claims, key, key_id)

    def key_set(self) -> dict[str, Any]:
        """The public keys, as `/oidc/jwks` shows them: the one in use, and the one before it."""
        return {"keys": [_public(*each) for each in self._keys]}

    def roll_over(self) -> None:
        """Sign with a new key from now on."""
        self._keys = [self._keys[-1], _new_key()]

    def _claims(self, login: Login) -> dict[str, object]:
        now = int(self._now())
        return {
            "jti": str(uuid.uuid4()),
            "iss": self._issuer,
            "aud": login.request.client_id,
            "iat": now,
            "nbf": now,
            "exp": now + ID_TOKEN_SECONDS,
            "sub": login.resident.subject,
            "profile_attributes": {
                "date_of_birth": login.resident.birth_date.isoformat(),
                "given_name": login.resident.given_name,
                "family_name": login.resident.family_name,
            },
            "amr": ["mID"],
            "acr": "high",  # Mobile-ID is always `high` for somebody with an Estonian personal code
            "state": login.request.state,
            "nonce": login.request.nonce,
        }


def _new_key() -> tuple[str, rsa.RSAPrivateKey]:
    return uuid.uuid4().hex, rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)


def _public(key_id: str, key: rsa.RSAPrivateKey) -> dict[str, Any]:
    public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**public, "kid": key_id, "use": "sig", "alg": _ALGORITHM}


def at_hash(access_token: str) -> str:
    """Half of the token's SHA-256 in base64: TARA uses the standard alphabet where OIDC says the URL-safe one."""
    digest = hashlib.sha256(access_token.encode()).digest()
    return base64.b64encode(digest[: len(digest) // 2]).decode()
