"""Smart-ID: version 3 of its API for relying parties, as far as somebody is authenticated (RP-API_V3.yml)."""

import base64
import secrets
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Literal
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from assistant.sandbox.ocsp import Responder
from assistant.sandbox.phone_certificates import Authority
from assistant.sandbox.phone_sessions import Session, Sessions, refused
from assistant.sandbox.phones import Behaviour, Phones
from assistant.sandbox.population import APPS
from assistant.sandbox.smart_id_app import Asked, SmartIdApp

RELYING_PARTY_UUID = "00000000-0000-4000-8000-000000000000"
RELYING_PARTY_NAME = "DEMO"
DEFAULT_TIMEOUT_MS = 60_500
CODE_SECONDS = 5.0
"""A QR code that is older was copied: the page shows another every second. How long the real app waits is not told."""

LINK_BASE = "https://smart-id.example/device-link"

_END_RESULTS = {
    Behaviour.REFUSED: "USER_REFUSED",
    Behaviour.WRONG_CODE: "WRONG_VC",
    Behaviour.TIMEOUT: "TIMEOUT",
    Behaviour.UNREACHED: "DOCUMENT_UNUSABLE",
}


class _Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)


class HashParameters(_Model):
    """The hash that the signature uses."""

    hash_algorithm: Literal["SHA3-512"]


class ProtocolParameters(_Model):
    """What is to be signed."""

    rp_challenge: str = Field(min_length=44, max_length=88)
    signature_algorithm: Literal["rsassa-pss"]
    signature_algorithm_parameters: HashParameters


class Authentication(_Model):
    """A request; what else comes along is ignored."""

    relying_party_uuid: str = Field(alias="relyingPartyUUID")
    relying_party_name: str
    certificate_level: Literal["QUALIFIED", "ADVANCED"] = "QUALIFIED"
    signature_protocol: Literal["ACSP_V2"]
    signature_protocol_parameters: ProtocolParameters
    interactions: Annotated[str, Field(min_length=1)]
    vc_type: Literal["numeric4"] | None = None
    initial_callback_url: Annotated[str, Field(pattern=r"^https://[^|#]+$")] | None = None


class Scan(_Model):
    """What a citizen's app is given: a link, from a QR code or opened on the device itself.

    `person` is whose app it is, by default whom the session asks.
    """

    link: str
    person: str | None = None


class SmartId:
    """The endpoints, and the app on every citizen's phone."""

    def __init__(
        self, authority: Authority, phones: Phones, responder: Responder, now: Callable[[], float] = time.time
    ) -> None:
        self._phones = phones
        self._now = now
        self._sessions = Sessions[Asked](now)
        self._app = SmartIdApp(authority, responder, RELYING_PARTY_NAME)
        self._by_token: dict[str, Session[Asked]] = {}

    def router(self) -> APIRouter:
        """Below `/smart-id-rp/v3`, and the app's own below `/sandbox/smart-id`."""
        router = APIRouter(tags=["smart-id"])
        base = "/smart-id-rp/v3"
        for path, endpoint in (
            ("/authentication/notification/document/{document}", self.notify),
            ("/authentication/device-link/etsi/{person}", self.link),
        ):
            router.add_api_route(base + path, endpoint, methods=["POST"])
        router.add_api_route(base + "/session/{key}", self.status, methods=["GET"])
        router.add_api_route("/sandbox/smart-id/scans", self.scan, methods=["POST"])
        return router

    async def notify(self, document: str, asked: Authentication) -> Response:
        """Let an app ask that is known by its document number."""
        subject = next((each for each in APPS if self._app.document_of(each) == document), "")
        answer = self._begin(subject, asked, "Notification")
        if isinstance(answer, Response):
            return answer
        key, session = answer
        if session.phone.behaviour is not Behaviour.SILENT:
            session.answerable.set()
        return JSONResponse({"sessionID": key})

    async def link(self, person: str, asked: Authentication) -> Response:
        """Begin a session whose link the citizen opens."""
        country, _, code = person.removeprefix("PNO").partition("-")
        answer = self._begin(country + code, asked, "Web2App" if asked.initial_callback_url else "QR")
        if isinstance(answer, Response):
            return answer
        key, session = answer
        self._by_token[session.asked.token] = session
        told = {"sessionToken": session.asked.token, "sessionSecret": session.asked.secret}
        return JSONResponse({"sessionID": key, **told, "deviceLinkBase": LINK_BASE})

    async def scan(self, scan: Scan) -> Response:
        """Let the citizen's app open a link and say yes; where the browser goes next, on the same device."""
        link, _, code = scan.link.partition("&authCode=")
        told = dict(parse_qsl(link.partition("?")[2]))
        session = self._by_token.get(told.get("sessionToken", ""))
        if session is None or not secrets.compare_digest(self._app.auth_code(session.asked, link), code):
            return refused(HTTPStatus.BAD_REQUEST, "the link is not genuine")
        if scan.person not in {None, session.subject}:
            return refused(HTTPStatus.BAD_REQUEST, "the link asks somebody else")
        age = self._now() - session.asked.begun - int(told.get("elapsedSeconds", "0"))
        if session.asked.flow == "QR" and abs(age) > CODE_SECONDS:
            return refused(HTTPStatus.BAD_REQUEST, "the code is too old")
        session.answerable.set()
        return JSONResponse({"callbackUrl": self._app.callback_url(session.asked, session.phone.lie)})

    async def status(self, key: str, timeout_ms: int = Query(DEFAULT_TIMEOUT_MS, alias="timeoutMs")) -> Response:
        """What has come of it."""
        session = self._sessions.find(key)
        if session is None or session.phone.behaviour is Behaviour.GONE:
            return refused(HTTPStatus.NOT_FOUND, "no such session")
        if not await session.wait(min(max(timeout_ms, 1000), 120_000)):
            return JSONResponse({"state": "RUNNING"})
        if result := _END_RESULTS.get(session.phone.behaviour):
            return JSONResponse({"state": "COMPLETE", "result": {"endResult": result}})
        return JSONResponse(self._app.answer(session))

    def _begin(self, subject: str, asked: Authentication, flow: str) -> tuple[str, Session[Asked]] | Response:
        if (asked.relying_party_uuid, asked.relying_party_name) != (RELYING_PARTY_UUID, RELYING_PARTY_NAME):
            return refused(HTTPStatus.UNAUTHORIZED, "unauthorized")
        phone = self._phones.of(subject)
        if phone.behaviour is Behaviour.DOWN:
            return refused(580, "maintenance")
        if subject not in APPS or phone.behaviour is Behaviour.UNKNOWN:
            return refused(HTTPStatus.NOT_FOUND, "no such account")
        return self._sessions.begin(subject, _asked(asked, flow, self._now()), phone)


def _asked(asked: Authentication, flow: str, now: float) -> Asked:
    return Asked(
        challenge=asked.signature_protocol_parameters.rp_challenge,
        interactions=asked.interactions,
        callback_url=asked.initial_callback_url or "",
        flow=flow,
        begun=now,
        token=secrets.token_urlsafe(18),
        secret=base64.b64encode(secrets.token_bytes(32)).decode(),
    )
