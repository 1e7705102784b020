"""Asks citizens on their phones by Mobile-ID (REST API of SK ID Solutions, README of SK-EID/MID)."""

import asyncio
import base64
import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from assistant.adapters.citizen_certificate import (
    NCP_PLUS,
    Authorities,
    Clock,
    Purpose,
    read_certificate,
    require_subject,
    signs,
)
from assistant.adapters.phone_service import (
    PhoneService,
    RelyingParty,
    UnknownToService,
    decoded,
    made_up_session,
    session_of,
    text_of,
)
from assistant.adapters.revocation import Revocation
from assistant.core.errors import NotAllowed
from assistant.core.languages import Language
from assistant.core.ports import PhoneAnswer, PhoneQuestion, PhoneRequest

SHORTEST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0
LONGEST_TEXT = 50
"""Characters of a text in UCS-2, in which alone all our languages can be written."""

SECRET_BYTES = 32
PURPOSE = Purpose(frozenset({NCP_PLUS}), signs)

_NUMBER = re.compile(r"\+37[02][0-9]{7,8}", re.ASCII)
"""Estonian and Lithuanian numbers: Mobile-ID has no others."""

_LANGUAGES = {Language.EN: "ENG", Language.ET: "EST", Language.RU: "RUS"}
_REFUSED = frozenset({"USER_CANCELLED"})
_UNANSWERED = frozenset(
    {"TIMEOUT", "NOT_MID_CLIENT", "SIGNATURE_HASH_MISMATCH", "PHONE_ABSENT", "DELIVERY_ERROR", "SIM_ERROR"}
)


@dataclass(frozen=True)
class MobileId:
    """A client of Mobile-ID; `now` tells the time that certificates are judged by."""

    service: PhoneService
    party: RelyingParty
    authorities: Authorities
    now: Clock
    revocation: Revocation
    _polls: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary, init=False)

    async def close(self) -> None:
        """Give the connections back."""
        await self.service.close()
        await self.revocation.close()

    async def ask(self, request: PhoneRequest) -> PhoneQuestion:
        """Let the phone ask; see `OwnPhone`."""
        challenge = hashlib.sha512(secrets.token_bytes(SECRET_BYTES) + request.act.encode()).digest()
        body = {
            **self.party.fields,
            "phoneNumber": request.address,
            "nationalIdentityNumber": request.subject[2:],
            "hash": base64.b64encode(challenge).decode(),
            "hashType": "SHA512",
            "language": _LANGUAGES[request.language],
            "displayText": request.text[:LONGEST_TEXT],
            "displayTextFormat": "UCS-2",
        }
        ticket = {"session": await self._begin(body), "hash": body["hash"]}
        return PhoneQuestion(verification_code(challenge), json.dumps(ticket))

    async def _begin(self, body: Mapping[str, object]) -> str:
        """The session; a made-up one if nobody has such a phone."""
        if not _NUMBER.fullmatch(str(body["phoneNumber"])):
            return made_up_session()
        try:
            return session_of(await self.service.post("authentication", body))
        except UnknownToService:
            return made_up_session()

    async def answer(self, question: PhoneQuestion, subject: str, wait_seconds: float) -> PhoneAnswer:
        """What has come of it; see `OwnPhone`."""
        ticket = json.loads(question.ticket)
        session = ticket["session"]
        wait = min(max(wait_seconds, SHORTEST_WAIT_SECONDS), LONGEST_WAIT_SECONDS)
        try:
            # A second poll would end the first one.
            async with self._polls.setdefault(session, asyncio.Lock()):
                status = await self.service.poll(f"authentication/session/{session}", wait)
        except UnknownToService:
            return PhoneAnswer.TIMED_OUT
        answer = self._read(status, base64.b64decode(ticket["hash"]), subject)
        if answer is PhoneAnswer.CONFIRMED:
            await self.revocation.require_good(decoded(status.get("cert")))
        return answer

    def _read(self, status: Mapping[str, Any], challenge: bytes, subject: str) -> PhoneAnswer:
        match status.get("state"), status.get("result"):
            case "RUNNING", _:
                return PhoneAnswer.WAITING
            case "COMPLETE", "OK":
                self._verify(status, challenge, subject)
                return PhoneAnswer.CONFIRMED
            case "COMPLETE", str() as result if result in _REFUSED:
                return PhoneAnswer.REFUSED
            case "COMPLETE", str() as result if result in _UNANSWERED:
                return PhoneAnswer.TIMED_OUT
            case _:
                raise NotAllowed("Mobile-ID's answer fails a check: result")

    def _verify(self, status: Mapping[str, Any], challenge: bytes, subject: str) -> None:
        certificate = read_certificate(decoded(status.get("cert")), self.authorities, PURPOSE, self.now())
        require_subject(certificate, subject)
        key = certificate.public_key()
        kind = "ECEncryption" if isinstance(key, ec.EllipticCurvePublicKey) else "RSAEncryption"
        if text_of(status, "signature", "algorithm") != f"SHA512With{kind}":
            raise NotAllowed("Mobile-ID's answer fails a check: algorithm")
        verify_signature(key, decoded(text_of(status, "signature", "value")), challenge)


def verification_code(challenge: bytes) -> str:
    """The first six and the last seven bits of a hash as four digits (section 2.2)."""
    return f"{((challenge[0] & 0xFC) << 5) | (challenge[-1] & 0x7F):04d}"


def verify_signature(key: object, signature: bytes, challenge: bytes) -> None:
    """Nothing, if the key signed this SHA-512 hash: by elliptic curve as r and s behind each other, or by RSA.

    Raises:
        NotAllowed: it did not.
    """
    algorithm = utils.Prehashed(hashes.SHA512())
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(_encoded(signature, (key.curve.key_size + 7) // 8), challenge, ec.ECDSA(algorithm))
            return
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, challenge, padding.PKCS1v15(), algorithm)
            return
    except (InvalidSignature, ValueError):
        pass
    raise NotAllowed("Mobile-ID's answer fails a check: signature")


def _encoded(signature: bytes, half: int) -> bytes:
    """In DER, as the library wants it; of another length it is no signature of this curve."""
    if len(signature) != 2 * half:
        return b""
    return utils.encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
