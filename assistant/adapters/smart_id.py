"""Asks citizens in their Smart-ID app (RP API 3.2 of SK ID Solutions).

A notification goes only to a device that was linked before: to start one by a spoken personal code is what TARA and
Smart-ID withdrew in 2026, for anybody could start it for anybody. A device is linked by a link on the citizen's own
screen.
"""

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

from assistant.adapters.acsp_v2 import PROTOCOL, Challenge, auth_code, device_link, verification_code
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
from assistant.adapters.smart_id_answer import HASH_NAME, Callback, Expected, VerifyAnswer
from assistant.core.errors import NotAllowed, ServiceUnavailable, UnknownApp
from assistant.core.languages import Language
from assistant.core.ports import PhoneAnswer, PhoneQuestion, PhoneRequest

SHORTEST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 120.0
SECRET_BYTES = 32
NOTIFICATION, QR, SAME_DEVICE = "Notification", "QR", "Web2App"

_WITH_CODE_CHOICE = "confirmationMessageAndVerificationCodeChoice"
_TEXT_LENGTHS = {"displayTextAndPIN": 60, "confirmationMessage": 200, _WITH_CODE_CHOICE: 200}
_BY_NOTIFICATION = (_WITH_CODE_CHOICE,)
_BY_LINK = ("confirmationMessage", "displayTextAndPIN")
_DOCUMENT = re.compile(r"PNO[A-Z]{2}-[A-Za-z0-9-]{1,64}", re.ASCII)
_SECRET = re.compile(r"[A-Za-z0-9+/]{8,128}={0,2}", re.ASCII)
_CALLBACK = re.compile(r"https://[^|#\s]+", re.ASCII)
_LANGUAGES = {Language.EN: "eng", Language.ET: "est", Language.RU: "rus"}
_REFUSED = frozenset({"USER_REFUSED", "USER_REFUSED_INTERACTION", "USER_REFUSED_CERT_CHOICE", "WRONG_VC"})
_UNANSWERED = frozenset(
    {"TIMEOUT", "DOCUMENT_UNUSABLE", "ACCOUNT_UNUSABLE", "REQUIRED_INTERACTION_NOT_SUPPORTED_BY_APP"}
    | {"EXPECTED_LINKED_SESSION", "PROTOCOL_FAILURE", "SERVER_ERROR"}
)


@dataclass(frozen=True)
class DeviceLink:
    """A question whose link the citizen opens on their own screen. It holds the session's secret: it stays with us."""

    ticket: str
    link_base: str
    session_token: str
    session_secret: str
    challenge: Challenge

    def address(self, language: Language, elapsed_seconds: int | None = None) -> str:
        """The link to open on this device; or, so many seconds after the answer came, what a QR code has to show."""
        kind = SAME_DEVICE if elapsed_seconds is None else QR
        link = device_link(self.link_base, self.session_token, kind, _LANGUAGES[language], elapsed_seconds)
        return f"{link}&authCode={auth_code(self.challenge, link, self.session_secret)}"


@dataclass(frozen=True)
class SmartId:
    """A client of Smart-ID; `scheme` is `smart-id`, or `smart-id-demo` at the demo service."""

    service: PhoneService
    party: RelyingParty
    scheme: str
    verify: VerifyAnswer
    revocation: Revocation
    _polls: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary, init=False)

    async def close(self) -> None:
        """Give the connections back."""
        await self.service.close()
        await self.revocation.close()

    async def ask(self, request: PhoneRequest) -> PhoneQuestion:
        """Send a notification to a device that was linked before; see `OwnPhone`."""
        asked = self._challenge(request, _BY_NOTIFICATION)
        session = made_up_session()
        if _DOCUMENT.fullmatch(request.address):
            body = {**self._body(asked), "vcType": "numeric4"}
            answer = await self._begin(f"authentication/notification/document/{request.address}", body)
            session = session_of(answer) if answer else session
        ticket = _write_ticket(session, asked, NOTIFICATION)
        return PhoneQuestion(verification_code(base64.b64decode(asked.challenge)), ticket, is_choice=True)

    async def link(self, request: PhoneRequest, callback_url: str = "") -> DeviceLink:
        """Begin a session for a link: for a QR code, or with `callback_url` for the app on the same device.

        Raises:
            UnknownApp: the person has no account.
            NotAllowed: the address to return to is none.
            ServiceUnavailable: Smart-ID is down, late, or does not know us.
        """
        if callback_url and not _CALLBACK.fullmatch(callback_url):
            raise NotAllowed("the address to return to is not fit for Smart-ID")
        asked = self._challenge(request, _BY_LINK, callback_url)
        body = {**self._body(asked), **({"initialCallbackUrl": callback_url} if callback_url else {})}
        person = f"PNO{request.subject[:2]}-{request.subject[2:]}"
        answer = await self._begin(f"authentication/device-link/etsi/{person}", body)
        if not answer:
            raise UnknownApp
        token, secret, base = (text_of(answer, name) for name in ("sessionToken", "sessionSecret", "deviceLinkBase"))
        if not (token and base and _SECRET.fullmatch(secret)):
            raise ServiceUnavailable("Smart-ID gave no link")
        flow = SAME_DEVICE if callback_url else QR
        ticket = _write_ticket(session_of(answer), asked, flow, secret if callback_url else "")
        return DeviceLink(ticket, base, token, secret, asked)

    async def answer(self, question: PhoneQuestion, subject: str, wait_seconds: float) -> PhoneAnswer:
        """What has come of it; see `OwnPhone`."""
        return (await self.outcome(question.ticket, subject, wait_seconds))[0]

    async def outcome(
        self, ticket: str, subject: str, wait_seconds: float, callback: Callback | None = None
    ) -> tuple[PhoneAnswer, str]:
        """What has come of a ticket, and the document number of the device, once it is confirmed.

        Raises:
            NotAllowed: the answer fails a check.
            ServiceUnavailable: Smart-ID is down or late.
        """
        note = json.loads(ticket)
        session = note["session"]
        wait = min(max(wait_seconds, SHORTEST_WAIT_SECONDS), LONGEST_WAIT_SECONDS)
        try:
            async with self._polls.setdefault(session, asyncio.Lock()):
                status = await self.service.poll(f"session/{session}", wait)
        except UnknownToService:
            return PhoneAnswer.TIMED_OUT, ""
        answer, document = self._read(status, self._expected(note, subject), callback)
        if answer is PhoneAnswer.CONFIRMED:
            await self.revocation.require_good(decoded(text_of(status, "cert", "value")))
        return answer, document

    def _read(
        self, status: Mapping[str, Any], expected: Expected, callback: Callback | None
    ) -> tuple[PhoneAnswer, str]:
        match status.get("state"), text_of(status, "result", "endResult"):
            case "RUNNING", _:
                return PhoneAnswer.WAITING, ""
            case "COMPLETE", "OK":
                return PhoneAnswer.CONFIRMED, self.verify(status, expected, callback)
            case "COMPLETE", result if result in _REFUSED:
                return PhoneAnswer.REFUSED, ""
            case "COMPLETE", result if result in _UNANSWERED:
                return PhoneAnswer.TIMED_OUT, ""
            case _:
                raise NotAllowed("Smart-ID's answer fails a check: result")

    def _challenge(self, request: PhoneRequest, kinds: tuple[str, ...], callback_url: str = "") -> Challenge:
        challenge = hashlib.sha512(secrets.token_bytes(SECRET_BYTES) + request.act.encode()).digest()
        texts = [
            {"type": kind, f"displayText{_TEXT_LENGTHS[kind]}": request.text[: _TEXT_LENGTHS[kind]]} for kind in kinds
        ]
        return Challenge(
            self.scheme,
            self.party.name,
            base64.b64encode(challenge).decode(),
            base64.b64encode(json.dumps(texts, ensure_ascii=False).encode()).decode(),
            callback_url,
        )

    def _body(self, asked: Challenge) -> dict[str, object]:
        return {
            **self.party.fields,
            "certificateLevel": "QUALIFIED",
            "signatureProtocol": PROTOCOL,
            "signatureProtocolParameters": {
                "rpChallenge": asked.challenge,
                "signatureAlgorithm": "rsassa-pss",
                "signatureAlgorithmParameters": {"hashAlgorithm": HASH_NAME},
            },
            "interactions": asked.interactions,
        }

    async def _begin(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        try:
            return await self.service.post(path, body)
        except UnknownToService:
            return {}

    def _expected(self, note: Mapping[str, str], subject: str) -> Expected:
        asked = Challenge(self.scheme, self.party.name, note["challenge"], note["interactions"], note["callback_url"])
        kinds = _BY_NOTIFICATION if note["flow"] == NOTIFICATION else _BY_LINK
        return Expected(asked, subject, note["flow"], frozenset(kinds), note["session_secret"])


def _write_ticket(session: str, asked: Challenge, flow: str, session_secret: str = "") -> str:
    return json.dumps(
        {
            "session": session,
            "challenge": asked.challenge,
            "interactions": asked.interactions,
            "callback_url": asked.callback_url,
            "flow": flow,
            "session_secret": session_secret,
        }
    )
