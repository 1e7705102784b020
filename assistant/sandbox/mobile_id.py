"""Mobile-ID: its REST API, as SK ID Solutions documents it (README of SK-EID/MID)."""

import base64
import hashlib
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import Any, Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding
from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from assistant.sandbox.ocsp import Responder
from assistant.sandbox.phone_certificates import Authority, issue, mobile_id_draft
from assistant.sandbox.phone_sessions import Changes, Session, Sessions, cut, other_than, refused, spoilt
from assistant.sandbox.phones import Behaviour, Lie, Phones
from assistant.sandbox.population import PHONES

RELYING_PARTY_UUID = "00000000-0000-0000-0000-000000000000"
RELYING_PARTY_NAME = "DEMO"
DEFAULT_TIMEOUT_MS = 10_000
_HALF_BYTES = 32
_SHA512_BYTES = 64

_RESULTS = {
    Behaviour.REFUSED: "USER_CANCELLED",
    Behaviour.WRONG_CODE: "SIGNATURE_HASH_MISMATCH",
    Behaviour.TIMEOUT: "TIMEOUT",
    Behaviour.UNREACHED: "PHONE_ABSENT",
    Behaviour.UNKNOWN: "NOT_MID_CLIENT",
}


class Authentication(BaseModel):
    """A request; what else comes along is ignored."""

    model_config = ConfigDict(alias_generator=to_camel)

    relying_party_uuid: str = Field(alias="relyingPartyUUID")
    relying_party_name: str
    phone_number: str = Field(pattern=r"^\+37[02]\d{7,8}$")
    national_identity_number: str = Field(pattern=r"^\d{11}$")
    hash: str
    hash_type: Literal["SHA512"]
    language: Literal["EST", "ENG", "RUS", "LIT"]
    display_text: str = Field("", max_length=50)
    display_text_format: Literal["UCS-2"] = "UCS-2"


class MobileId:
    """The endpoints; the citizens' keys live as long as the sandbox."""

    def __init__(
        self, authority: Authority, phones: Phones, responder: Responder, now: Callable[[], float] = time.time
    ) -> None:
        self._authority = authority
        self._responder = responder
        self._phones = phones
        self._sessions = Sessions[Authentication](now)
        self._answered: dict[str, Mapping[str, Any]] = {}
        self._key_of = cache(lambda _subject: ec.generate_private_key(ec.SECP256R1()))

    def router(self) -> APIRouter:
        """Below `/mid-api`."""
        router = APIRouter(prefix="/mid-api", tags=["mobile-id"])
        router.add_api_route("/authentication", self.authenticate, methods=["POST"])
        router.add_api_route("/authentication/session/{key}", self.status, methods=["GET"])
        return router

    async def authenticate(self, asked: Authentication) -> Response:
        """Let a phone ask."""
        if (asked.relying_party_uuid, asked.relying_party_name) != (RELYING_PARTY_UUID, RELYING_PARTY_NAME):
            return refused(HTTPStatus.UNAUTHORIZED, "Failed to authorize user")
        subject = f"EE{asked.national_identity_number}"
        phone = self._phones.of(subject)
        if phone.behaviour is Behaviour.DOWN:
            return refused(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal error")
        if PHONES.get(subject) != asked.phone_number:
            phone = phone.model_copy(update={"behaviour": Behaviour.UNKNOWN})
        key, session = self._sessions.begin(subject, asked, phone)
        if phone.behaviour is not Behaviour.SILENT:
            session.answerable.set()
        return JSONResponse({"sessionID": key})

    async def status(self, key: str, timeout_ms: int = Query(DEFAULT_TIMEOUT_MS, alias="timeoutMs")) -> Response:
        """What has come of it."""
        session = self._sessions.find(key)
        if session is None or session.phone.behaviour is Behaviour.GONE:
            return refused(HTTPStatus.NOT_FOUND, "sessionID not found")
        if not await session.wait(min(max(timeout_ms, 1000), 60_000)):
            return JSONResponse({"state": "RUNNING"})
        told = {"state": "COMPLETE", "time": datetime.now(UTC).isoformat(), "traceId": uuid.uuid4().hex}
        if result := _RESULTS.get(session.phone.behaviour):
            return JSONResponse({**told, "result": result})
        answer = {**told, "result": "OK", **self._answer(session)}
        return JSONResponse(spoilt(answer, session.phone.lie, _SPOILT))

    def _answer(self, session: Session[Authentication]) -> Mapping[str, Any]:
        """The certificate, and the signature over what was asked; or those of the answer before, if it is replayed."""
        lie, subject = session.phone.lie, session.subject
        if lie is Lie.REPLAY and subject in self._answered:
            return self._answered[subject]
        holder = other_than(subject) if lie is Lie.OTHER_PERSON else subject
        key = self._key_of(holder)
        certificate = self._responder.note(issue(mobile_id_draft(holder, key, self._authority), lie), lie)
        challenge = base64.b64decode(session.asked.hash)
        if lie is Lie.OTHER_CHALLENGE:
            challenge = hashlib.sha512(challenge).digest()
        signer = ec.generate_private_key(ec.SECP256R1()) if lie is Lie.OTHER_KEY else key
        value = base64.b64encode(_sign(signer, challenge[:_SHA512_BYTES])).decode()
        answer = {
            "signature": {"value": value, "algorithm": "SHA512WithECEncryption"},
            "cert": base64.b64encode(certificate.public_bytes(Encoding.DER)).decode(),
        }
        self._answered[subject] = answer
        return answer


def _sign(key: ec.EllipticCurvePrivateKey, challenge: bytes) -> bytes:
    """As Mobile-ID writes it: r and s behind each other."""
    signature = key.sign(challenge, ec.ECDSA(utils.Prehashed(hashes.SHA512())))
    return b"".join(number.to_bytes(_HALF_BYTES) for number in utils.decode_dss_signature(signature))


_SPOILT: Changes = {
    Lie.NO_CERTIFICATE: {"cert": lambda _: None},
    Lie.GARBLED_CERTIFICATE: {"cert": cut},
    Lie.NO_SIGNATURE: {"signature": lambda _: None},
    Lie.GARBLED_SIGNATURE: {"signature.value": cut},
    Lie.OTHER_ALGORITHM: {"signature.algorithm": lambda _: "SHA1WithECEncryption"},
    Lie.LOWER_CASE_RESULT: {"result": lambda _: "ok"},
    Lie.OTHER_RESULT: {"result": lambda _: "PROBABLY"},
    Lie.OTHER_STATE: {"state": lambda _: "DONE"},
}
