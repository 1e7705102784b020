"""Verifies what Smart-ID says of a session, in the order of response_verification.html (RP API 3.2)."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from assistant.adapters.acsp_v2 import PROTOCOL, Challenge, Signed, payload, session_secret_digest, user_challenge
from assistant.adapters.citizen_certificate import (
    NCP_PLUS,
    Authorities,
    Clock,
    Purpose,
    read_certificate,
    require_subject,
)
from assistant.adapters.phone_service import decoded, text_of
from assistant.core.errors import NotAllowed

QUALIFIED_POLICY = "1.3.6.1.4.1.10015.17.2"
AUTHENTICATION = "1.3.6.1.4.1.62306.5.7.0"
"""The extended usage of Smart-ID's keys that log somebody in, in certificates since April 2025."""

HASH_NAME = "SHA3-512"
_HASH = hashes.SHA3_512()


@dataclass(frozen=True)
class Expected:
    """What we asked for: whose answer, by which flow and interactions; `session_secret` only where a callback came."""

    challenge: Challenge
    subject: str
    flow: str
    interactions: frozenset[str]
    session_secret: str = ""


@dataclass(frozen=True)
class Callback:
    """What the app brought back to the page, on the same device."""

    session_secret_digest: str
    user_challenge_verifier: str


@dataclass(frozen=True)
class VerifyAnswer:
    """Verifies answers; `now` tells the time that certificates are judged by."""

    authorities: Authorities
    now: Clock

    def __call__(self, status: Mapping[str, Any], expected: Expected, callback: Callback | None = None) -> str:
        """The document number of the app that answered.

        Raises:
            NotAllowed: a check fails; the message names it.
        """
        if expected.session_secret:
            _check_secret(expected.session_secret, callback)
        _require(text_of(status, "signatureProtocol") == PROTOCOL, "protocol")
        signature = status.get("signature")
        if callback:
            challenge = user_challenge(callback.user_challenge_verifier)
            _require(_are_same(challenge, text_of(status, "signature", "userChallenge")), "user challenge")
        certificate = read_certificate(decoded(text_of(status, "cert", "value")), self.authorities, PURPOSE, self.now())
        _require(text_of(status, "cert", "certificateLevel") == "QUALIFIED", "level")
        require_subject(certificate, expected.subject)
        _require(text_of(status, "interactionTypeUsed") in expected.interactions, "interaction")
        _require(text_of(status, "signature", "flowType") == expected.flow, "flow")
        _check_algorithm(signature)
        _check_signature(certificate, status, expected.challenge)
        return text_of(status, "result", "documentNumber")


def _authenticates(usage: x509.KeyUsage, extended: frozenset[str]) -> bool:
    if AUTHENTICATION in extended:
        return usage.digital_signature
    is_old = usage.key_encipherment and usage.data_encipherment
    return usage.digital_signature and is_old and ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string in extended


PURPOSE = Purpose(frozenset({QUALIFIED_POLICY, NCP_PLUS}), _authenticates)


def _check_secret(session_secret: str, callback: Callback | None) -> None:
    digest = callback.session_secret_digest if callback else ""
    _require(_are_same(session_secret_digest(session_secret), digest), "session secret")


def _check_algorithm(signature: object) -> None:
    described = signature if isinstance(signature, Mapping) else {}
    parameters = described.get("signatureAlgorithmParameters") or {}
    expected = {
        "hashAlgorithm": HASH_NAME,
        "maskGenAlgorithm": {"algorithm": "id-mgf1", "parameters": {"hashAlgorithm": HASH_NAME}},
        "saltLength": _HASH.digest_size,
        "trailerField": "0xbc",
    }
    _require(described.get("signatureAlgorithm") == "rsassa-pss" and isinstance(parameters, Mapping), "algorithm")
    _require(all(parameters.get(name) == value for name, value in expected.items()), "algorithm")


def _check_signature(certificate: x509.Certificate, status: Mapping[str, Any], asked: Challenge) -> None:
    signed = Signed(
        server_random=text_of(status, "signature", "serverRandom"),
        user_challenge=text_of(status, "signature", "userChallenge"),
        interaction=text_of(status, "interactionTypeUsed"),
        flow=text_of(status, "signature", "flowType"),
    )
    key = certificate.public_key()
    value = decoded(text_of(status, "signature", "value"))
    if not isinstance(key, rsa.RSAPublicKey):
        raise NotAllowed("Smart-ID's answer fails a check: key")
    try:
        key.verify(value, payload(asked, signed), padding.PSS(padding.MGF1(_HASH), _HASH.digest_size), _HASH)
    except InvalidSignature:
        raise NotAllowed("Smart-ID's answer fails a check: signature") from None


def _are_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _require(condition: bool, check: str) -> None:
    if not condition:
        raise NotAllowed(f"Smart-ID's answer fails a check: {check}")
