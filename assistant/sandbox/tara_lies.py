"""What TARA may lie about, so that clients can show what they refuse; until it is told otherwise, it is honest."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Any, TypeAlias

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from assistant.sandbox.population import MARI_LIIS, MARY

_ALGORITHM = "RS256"
_HOUR, _DAY = 3600, 86400
_KEY_BITS = 2048


class TaraLie(StrEnum):
    """What is wrong with the identity token, or with the way back (`OTHER_STATE`, `NO_STATE`)."""

    OTHER_NONCE = "other_nonce"
    NO_NONCE = "no_nonce"
    OTHER_ISSUER = "other_issuer"
    OTHER_AUDIENCE = "other_audience"
    SHARED_AUDIENCE = "shared_audience"
    OTHER_PERSON_ON_REPLAY = "other_person_on_replay"
    WRONG_CODE_OF_A_PERSON = "wrong_code_of_a_person"
    FOREIGN_PATH = "foreign_path"
    NO_SUBJECT = "no_subject"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    FROM_THE_FUTURE = "from_the_future"
    ISSUED_LONG_AGO = "issued_long_ago"
    LOW_ASSURANCE = "low_assurance"
    NO_ASSURANCE = "no_assurance"
    OTHER_METHOD = "other_method"
    NO_METHOD = "no_method"
    OTHER_ACCESS_TOKEN = "other_access_token"  # noqa: S105  # a name
    ALG_NONE = "alg_none"
    PUBLIC_KEY_AS_SECRET = "public_key_as_secret"  # noqa: S105  # a name
    OTHER_KEY = "other_key"
    UNKNOWN_KEY_ID = "unknown_key_id"
    NO_KEY_ID = "no_key_id"
    KEY_IN_THE_TOKEN = "key_in_the_token"  # noqa: S105  # a name
    NO_SIGNATURE = "no_signature"
    NO_TOKEN = "no_token"  # noqa: S105  # a name
    OTHER_STATE = "other_state"
    NO_STATE = "no_state"


Claims: TypeAlias = dict[str, Any]


class Told(BaseModel):
    """What TARA is to lie about."""

    model_config = ConfigDict(extra="forbid")

    lie: TaraLie


class TaraLies:
    """The lie in force, and the endpoints that change it."""

    def __init__(self) -> None:
        self.lie: TaraLie | None = None
        self._first: str | None = None

    def router(self) -> APIRouter:
        """`PUT /sandbox/tara` and `DELETE /sandbox/tara`."""
        router = APIRouter(prefix="/sandbox/tara", tags=["tara"])
        router.add_api_route("", self.put, methods=["PUT"], status_code=HTTPStatus.NO_CONTENT)
        router.add_api_route("", self.clear, methods=["DELETE"], status_code=HTTPStatus.NO_CONTENT)
        return router

    async def put(self, told: Told) -> None:
        """Lie this way."""
        self.lie, self._first = told.lie, None

    async def clear(self) -> None:
        """Be honest again."""
        self.lie = None

    def state(self, state: str) -> str:
        """What the browser brings back as the state."""
        spoilt = {TaraLie.OTHER_STATE: state[::-1], TaraLie.NO_STATE: ""}
        return spoilt.get(self.lie, state) if self.lie else state

    def token(self, claims: Claims, key: rsa.RSAPrivateKey, key_id: str) -> str | None:
        """The identity token, as the lie leaves it."""
        if self.lie is TaraLie.NO_TOKEN:
            return None
        change = _CHANGES.get(self.lie) if self.lie else None
        token = _sign(self.lie, change(claims) if change else claims, key, key_id)
        if self.lie is TaraLie.OTHER_PERSON_ON_REPLAY:  # whoever logs in, the first one comes out
            self._first = token = self._first or token
        return token


def _sign(lie: TaraLie | None, claims: Claims, key: rsa.RSAPrivateKey, key_id: str) -> str:
    match lie:
        case TaraLie.ALG_NONE:
            return jwt.encode(claims, "", "none", headers={"kid": key_id})
        case TaraLie.PUBLIC_KEY_AS_SECRET:
            return _with_hmac(claims, key, key_id)
        case TaraLie.OTHER_KEY:
            return jwt.encode(claims, _new_key(), _ALGORITHM, headers={"kid": key_id})
        case TaraLie.KEY_IN_THE_TOKEN:
            own = _new_key()
            public = jwt.algorithms.RSAAlgorithm.to_jwk(own.public_key(), as_dict=True)
            return jwt.encode(claims, own, _ALGORITHM, headers={"kid": key_id, "jwk": public})
        case _:
            headers = {} if lie is TaraLie.NO_KEY_ID else {"kid": "?" if lie is TaraLie.UNKNOWN_KEY_ID else key_id}
            token = jwt.encode(claims, key, _ALGORITHM, headers=headers)
            return token.rpartition(".")[0] + "." if lie is TaraLie.NO_SIGNATURE else token


def _with_hmac(claims: Claims, key: rsa.RSAPrivateKey, key_id: str) -> str:
    # By hand: no honest library signs by HMAC with a public key.
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = ({"alg": "HS256", "kid": key_id, "typ": "JWT"}, claims)
    signed = b".".join(_base64(json.dumps(part).encode()) for part in parts)
    return (signed + b"." + _base64(hmac.digest(public, signed, hashlib.sha256))).decode()


def _base64(value: bytes) -> bytes:
    return base64.urlsafe_b64encode(value).rstrip(b"=")


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)


def _having(**changes: object) -> Callable[[Claims], Claims]:
    return lambda claims: {**claims, **changes}


def _lacking(name: str) -> Callable[[Claims], Claims]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def _later(**seconds: int) -> Callable[[Claims], Claims]:
    return lambda claims: {**claims, **{name: claims[name] + more for name, more in seconds.items()}}


_CHANGES: Mapping[TaraLie, Callable[[Claims], Claims]] = {
    TaraLie.OTHER_NONCE: _having(nonce="nonce-of-another-login"),
    TaraLie.NO_NONCE: _lacking("nonce"),
    TaraLie.OTHER_ISSUER: _having(iss="https://tara.example"),
    TaraLie.OTHER_AUDIENCE: _having(aud="another-client"),
    TaraLie.SHARED_AUDIENCE: lambda claims: {**claims, "aud": [claims["aud"], "another-client"]},
    TaraLie.WRONG_CODE_OF_A_PERSON: _having(sub=f"{MARY[:-1]}7"),
    TaraLie.FOREIGN_PATH: _having(sub=f"CZ/../{MARI_LIIS}"),
    TaraLie.NO_SUBJECT: _lacking("sub"),
    TaraLie.EXPIRED: _later(iat=-_HOUR, nbf=-_HOUR, exp=-_HOUR),
    TaraLie.NOT_YET_VALID: _later(nbf=_HOUR, exp=_HOUR),
    TaraLie.FROM_THE_FUTURE: _later(iat=_HOUR, exp=_HOUR),
    TaraLie.ISSUED_LONG_AGO: _later(iat=-_HOUR, nbf=-_HOUR, exp=_DAY),
    TaraLie.LOW_ASSURANCE: _having(acr="low"),
    TaraLie.NO_ASSURANCE: _lacking("acr"),
    TaraLie.OTHER_METHOD: _having(amr=["mID", "password"]),
    TaraLie.NO_METHOD: _having(amr=[]),
    TaraLie.OTHER_ACCESS_TOKEN: _having(at_hash="AAAAAAAAAAAAAAAAAAAAAA=="),
}
