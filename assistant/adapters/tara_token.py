"""Checks what TARA says about a citizen: the identity token (TechnicalSpecification 1.21, sections 4.3 and 5.1)."""

import base64
import hashlib
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from assistant.core.errors import NotAllowed
from assistant.core.identity import Assurance
from assistant.core.personal_code import is_personal_code
from assistant.core.ports import LoginProof, Person

LEEWAY_SECONDS = 10
TOKEN_SECONDS = 40
"""How old a token may be, whatever it says of its own end."""
METHODS = frozenset({"mID", "idcard", "smartid", "eIDAS"})
"""The ways to log in that the scope `openid` asks for: all of TARA's."""
_ALGORITHM = "RS256"  # fixed: what a token says about its own algorithm decides nothing
_REQUIRED = ("iss", "aud", "exp", "iat", "nbf", "sub", "nonce", "acr", "amr")
# Country and code; a foreign one has no checksum to test and never reaches a path with a slash or a dot of its own.
_SUBJECT = re.compile(r"[A-Z]{2}[A-Za-z0-9](?:[A-Za-z0-9_.~-]{0,252})", re.ASCII)
_LONGEST_NAME = 256


@dataclass(frozen=True)
class Expectation:
    """What a token has to say to be ours; `access_token` is the one that came with it."""

    issuer: str
    client_id: str
    nonce: str
    assurance: Assurance
    access_token: str = ""


def read_keys(key_set: Mapping[str, Any]) -> dict[str, RSAPublicKey]:
    """The usable signing keys of a key set (JWKS), by their ids; others are left out."""
    try:
        keys = jwt.PyJWKSet.from_dict(dict(key_set)).keys
    except jwt.PyJWTError:
        return {}
    return {
        key.key_id: key.key
        for key in keys
        if key.key_id and isinstance(key.key, RSAPublicKey) and key.public_key_use in {None, "sig"}
    }


def read_key_id(token: str) -> str:
    """Which key the token says it is signed with.

    Raises:
        NotAllowed: it is no token, or names no key.
    """
    try:
        return str(jwt.get_unverified_header(token)["kid"])
    except (jwt.PyJWTError, KeyError):
        raise NotAllowed("the identity token names no key") from None


def read_person(token: str, key: RSAPublicKey, expected: Expectation) -> Person:
    """The person of a token whose every check holds.

    Raises:
        NotAllowed: one of them fails; the message names it.
    """
    claims = _verified_claims(token, key, expected)
    assurance = Assurance.parse(str(claims["acr"]))
    _require(claims["aud"] in (expected.client_id, [expected.client_id]), "audience")
    _require(secrets.compare_digest(str(claims["nonce"]).encode(), expected.nonce.encode()), "nonce")
    _require(assurance >= expected.assurance, "assurance")
    _require(_are_methods(claims["amr"]), "authentication method")
    _require(claims["iat"] >= time.time() - TOKEN_SECONDS - LEEWAY_SECONDS, "age")
    _require(_is_hash_of(claims.get("at_hash"), expected.access_token), "access token")
    _require(_is_subject(claims["sub"]), "subject")
    proof = LoginProof(str(claims["acr"]), tuple(claims["amr"]), str(claims.get("jti", "")), token)
    return Person(claims["sub"], _given_name(claims), assurance, proof)


def _verified_claims(token: str, key: RSAPublicKey, expected: Expectation) -> dict[str, Any]:
    try:
        return jwt.decode(
            token,
            key,
            algorithms=[_ALGORITHM],
            audience=expected.client_id,
            issuer=expected.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": list(_REQUIRED), "enforce_minimum_key_length": True},
        )
    except jwt.PyJWTError as error:
        raise NotAllowed(f"the identity token fails a check: {type(error).__name__}") from None


def _require(condition: bool, check: str) -> None:
    if not condition:
        raise NotAllowed(f"the identity token fails a check: {check}")


def _are_methods(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(name, str) and name in METHODS for name in value)


def _is_hash_of(at_hash: object, access_token: str) -> bool:
    """Whether it is half of the token's SHA-256: in standard base64, where OpenID Connect would have the other one."""
    if at_hash is None:
        return True
    digest = hashlib.sha256(access_token.encode()).digest()
    return at_hash == base64.b64encode(digest[: len(digest) // 2]).decode()


def _is_subject(subject: str) -> bool:
    if subject.startswith("EE"):
        return is_personal_code(subject[2:])
    return _SUBJECT.fullmatch(subject) is not None


def _given_name(claims: Mapping[str, Any]) -> str:
    # A courtesy, not an identity: a person without one is greeted without one.
    profile = claims.get("profile_attributes")
    name = profile.get("given_name") if isinstance(profile, dict) else None
    return name.strip()[:_LONGEST_NAME] if isinstance(name, str) else ""
