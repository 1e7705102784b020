"""The Smart-ID app of every citizen: what it signs, and what it may lie about (ACSP_V2, signature_protocols.html)."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from assistant.sandbox.ocsp import Responder
from assistant.sandbox.phone_certificates import Authority, issue, smart_id_draft
from assistant.sandbox.phone_sessions import Changes, Session, cut, other_than, spoilt
from assistant.sandbox.phones import Lie
from assistant.sandbox.population import JAAK

SCHEME = "smart-id-demo"
_KEY_BITS = 2048
_HASH = hashes.SHA3_512()
_ALGORITHM = {
    "hashAlgorithm": "SHA3-512",
    "maskGenAlgorithm": {"algorithm": "id-mgf1", "parameters": {"hashAlgorithm": "SHA3-512"}},
    "saltLength": _HASH.digest_size,
    "trailerField": "0xbc",
}


@dataclass(frozen=True)
class Asked:
    """What a session asks, and since when.

    `secret` and `challenge` are in base64, and `verifier` is what a callback proves.
    """

    challenge: str
    interactions: str
    callback_url: str
    flow: str
    begun: float
    token: str
    secret: str
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32))


class SmartIdApp:
    """Signs with a key per citizen, made when it is first needed."""

    def __init__(self, authority: Authority, responder: Responder, relying_party: str) -> None:
        self._authority = authority
        self._responder = responder
        self._relying_party = relying_party
        self._answered: dict[str, dict[str, Any]] = {}
        self._key_of = cache(lambda _subject: _new_key())

    @staticmethod
    def document_of(subject: str) -> str:
        """The document number of a citizen's only device."""
        return f"PNO{subject[:2]}-{subject[2:]}-MOCK-Q"

    def auth_code(self, asked: Asked, link: str) -> str:
        """The code that a genuine link bears."""
        name = base64.b64encode(self._relying_party.encode()).decode()
        parts = (SCHEME, "ACSP_V2", asked.challenge, name, "", asked.interactions, asked.callback_url, link)
        return _url_base64(hmac.digest(base64.b64decode(asked.secret), "|".join(parts).encode(), "sha256"))

    @staticmethod
    def callback_url(asked: Asked, lie: Lie | None) -> str:
        """Where the browser goes when the app is done; empty if it is on another device."""
        if not asked.callback_url:
            return ""
        secret = b"another" if lie is Lie.OTHER_SECRET else base64.b64decode(asked.secret)
        verifier = secrets.token_urlsafe(32) if lie is Lie.OTHER_VERIFIER else asked.verifier
        proofs = {
            "sessionSecretDigest": _url_base64(hashlib.sha256(secret).digest()),
            "userChallengeVerifier": verifier,
        }
        separator = "&" if "?" in asked.callback_url else "?"
        return f"{asked.callback_url}{separator}{urlencode(proofs)}"

    def answer(self, session: Session[Asked]) -> dict[str, Any]:
        """The status of a session that the citizen said yes to; the one before that, if it is replayed."""
        lie, subject = session.phone.lie, session.subject
        if lie is Lie.REPLAY and subject in self._answered:
            return self._answered[subject]
        answer = spoilt(self._sign(session), lie, _SPOILT)
        self._answered[subject] = answer
        return answer

    def _sign(self, session: Session[Asked]) -> dict[str, Any]:
        lie, asked = session.phone.lie, session.asked
        holder = other_than(session.subject) if lie is Lie.OTHER_PERSON else session.subject
        key = self._key_of(holder)
        certificate = self._responder.note(issue(smart_id_draft(holder, key, self._authority), lie), lie)
        signed = {
            "serverRandom": secrets.token_urlsafe(18),
            "userChallenge": _url_base64(hashlib.sha256(asked.verifier.encode()).digest()),
            "flowType": asked.flow,
        }
        used = json.loads(base64.b64decode(asked.interactions))[0]["type"]
        value = (_new_key() if lie is Lie.OTHER_KEY else key).sign(
            self._payload(asked, signed, used, lie), padding.PSS(padding.MGF1(_HASH), _HASH.digest_size), _HASH
        )
        algorithm = {"signatureAlgorithm": "rsassa-pss", "signatureAlgorithmParameters": _ALGORITHM}
        return {
            "state": "COMPLETE",
            "result": {"endResult": "OK", "documentNumber": self.document_of(session.subject)},
            "signatureProtocol": "ACSP_V2",
            "signature": {"value": base64.b64encode(value).decode(), **signed, **algorithm},
            "cert": {
                "value": base64.b64encode(certificate.public_bytes(Encoding.DER)).decode(),
                "certificateLevel": "QUALIFIED",
            },
            "interactionTypeUsed": used,
        }

    def _payload(self, asked: Asked, signed: Mapping[str, str], used: str, lie: Lie | None) -> bytes:
        challenge = base64.b64encode(secrets.token_bytes(64)).decode()
        interactions = base64.b64encode(b'[{"type":"confirmationMessage","displayText200":"?"}]').decode()
        shown = interactions if lie is Lie.OTHER_TEXT else asked.interactions
        name = "SOMEBODY" if lie is Lie.OTHER_RELYING_PARTY else self._relying_party
        parts = (
            "smart-id-other" if lie is Lie.OTHER_SCHEME else SCHEME,
            "ACSP_V2",
            signed["serverRandom"],
            challenge if lie is Lie.OTHER_CHALLENGE else asked.challenge,
            signed["userChallenge"],
            base64.b64encode(name.encode()).decode(),
            "",
            base64.b64encode(hashlib.sha256(shown.encode()).digest()).decode(),
            used,
            asked.callback_url,
            signed["flowType"],
        )
        return "|".join(parts).encode()


_SPOILT: Changes = {
    Lie.NO_CERTIFICATE: {"cert": lambda _: None},
    Lie.GARBLED_CERTIFICATE: {"cert.value": cut},
    Lie.LOWER_LEVEL: {"cert.certificateLevel": lambda _: "ADVANCED"},
    Lie.NO_SIGNATURE: {"signature": lambda _: None},
    Lie.GARBLED_SIGNATURE: {"signature.value": cut},
    Lie.OTHER_ALGORITHM: {"signature.signatureAlgorithm": lambda _: "rsa-v1_5"},
    Lie.WEAKER_HASH: {"signature.signatureAlgorithmParameters.hashAlgorithm": lambda _: "SHA-256"},
    Lie.SHORTER_SALT: {"signature.signatureAlgorithmParameters.saltLength": lambda _: 0},
    Lie.OTHER_FLOW: {"signature.flowType": lambda flow: "App2App" if flow != "App2App" else "QR"},
    Lie.OTHER_INTERACTION: {"interactionTypeUsed": lambda _: "verificationCodeChoice"},
    Lie.OTHER_DOCUMENT: {"result.documentNumber": lambda _: SmartIdApp.document_of(JAAK)},
    Lie.OTHER_PROTOCOL: {"signatureProtocol": lambda _: "RAW_DIGEST_SIGNATURE"},
    Lie.LOWER_CASE_RESULT: {"result.endResult": lambda _: "ok"},
    Lie.OTHER_RESULT: {"result.endResult": lambda _: "PROBABLY"},
    Lie.OTHER_STATE: {"state": lambda _: "DONE"},
}


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)


def _url_base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
