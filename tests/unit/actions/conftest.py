import json
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import jwt
import pytest
from rasa_sdk import Tracker

from actions.asker import Asker
from actions.register_reading import RegisterReader
from actions.writing.confirmed_write import WriteResult
from actions.xroad.breaker import Breaker
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId
from assistant.content.exchange_spec import Call
from assistant.content.service_spec import Service
from assistant.core.deadline import Deadline
from assistant.core.errors import ServiceError, ServiceUnavailable
from assistant.core.identity import Assurance, TurnContext

SECRET = "a key of thirty-two bytes or more"
SUBJECT = "EE60001019906"
DIALOGUE = "dialogue-1"
OFFICE_TERMS = ("opening_hours", "place", "price", "tallinn", "tartu")


@dataclass
class FakeSecurityServer:
    """Answers by the end of the path, and remembers what it was asked."""

    answers: dict[str, Any] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = next((value for path, value in self.answers.items() if request.url.path.endswith(path)), None)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        echo = {
            "X-Road-Id": request.headers["X-Road-Id"],
            "X-Road-Client": request.headers["X-Road-Client"],
            "X-Road-Service": "/".join(request.url.path.split("/")[2:7]),
        }
        return httpx.Response(200, json=answer, headers=echo)


@dataclass
class FakePermission:
    """Grants everything that is not in `refused`, by call, and remembers for whom."""

    refused: dict[str, ServiceError] = field(default_factory=dict)
    granted: list[tuple[str, str | None]] = field(default_factory=list)

    async def grant(self, service: Service, calls: Sequence[Call], asker: Asker) -> Mapping[str, str | ServiceError]:
        self.granted += [(call.id, asker.subject) for call in calls]
        return {call.id: self.refused.get(call.id, f"record-of-{call.id}") for call in calls}

    async def refusal(self, service: Service, asker: Asker, *, is_act: bool) -> ServiceError | None:
        return None


@dataclass
class FakeConsents:
    """Knows one consent, unless `error` says why there is none; remembers who was asked about, and for a link."""

    error: ServiceError | None = None
    asked: list[tuple[str, str | None, bool]] = field(default_factory=list)

    async def reference(self, purpose: str, asker: Asker, *, link: bool) -> str:
        self.asked.append((purpose, asker.subject, link))
        if self.error:
            raise self.error
        return "c-1"


@dataclass
class FakeFollowUps:
    """Results by person; `is_down` is the database."""

    results: dict[str, list[WriteResult]] = field(default_factory=dict)
    is_down: bool = False

    async def untold(self, subject: str) -> tuple[WriteResult, ...]:
        if self.is_down:
            raise ServiceUnavailable
        return tuple(self.results.get(subject, ()))

    async def mark_told(self, keys: Sequence[str]) -> None:
        self.results = {who: [each for each in told if each.key not in keys] for who, told in self.results.items()}


@pytest.fixture
def security_server() -> FakeSecurityServer:
    return FakeSecurityServer()


@pytest.fixture
def permission() -> FakePermission:
    return FakePermission()


@pytest.fixture
def follow_ups() -> FakeFollowUps:
    return FakeFollowUps()


@pytest.fixture
def consents() -> FakeConsents:
    return FakeConsents()


@pytest.fixture
def reader(xroad: XRoadClient, permission: FakePermission, consents: FakeConsents) -> RegisterReader:
    return RegisterReader(xroad, permission, consents)


@pytest.fixture
def asker() -> Callable[..., Asker]:
    """Somebody logged in; what is given by name replaces what is known of them."""

    def make(**changes: Any) -> Asker:
        known = {
            "subject": SUBJECT,
            "assurance": Assurance.HIGH,
            "dialogue_id": DIALOGUE,
            "turn_id": "turn-1",
            "channel": "web",
            "deadline": Deadline.after(5),
        }
        return Asker(**{**known, **changes})

    return make


@pytest.fixture
async def xroad(security_server: FakeSecurityServer) -> Any:
    client = XRoadClient(
        "http://ss.test",
        ClientId.parse("EE/GOV/70009999/kratt"),
        httpx.MockTransport(security_server),
        new_breaker=lambda: Breaker(failures=0),
    )
    yield client
    await client.close()


@pytest.fixture
def secret() -> str:
    return SECRET


@pytest.fixture
def turn_context() -> Callable[..., str]:
    def sign(**changes: Any) -> str:
        fields: dict[str, Any] = {
            "turn_id": uuid.uuid4().hex,
            "dialogue_id": DIALOGUE,
            "channel": "web",
            "language": "en",
            "subject": SUBJECT,
            "assurance": Assurance.HIGH,
            "deadline_epoch_seconds": time.time() + 10,
        }
        return jwt.encode(TurnContext(**{**fields, **changes}).to_claims(), SECRET, "HS256")

    return sign


@pytest.fixture
def tracker() -> Callable[..., Tracker]:
    def make(
        slots: dict[str, Any] | None = None,
        token: str | None = None,
        *,
        said: tuple[str, str] = ("words", "nlu_fallback"),
        mentions: Mapping[str, str] | None = None,
        **changes: Any,
    ) -> Tracker:
        words, intent = said
        text = " ".join([words, *(mentions or {}).values()])
        metadata = {"turn_context": token, "language": "en", "turn_id": "turn-1"} if token else {}
        entities = [
            {"entity": slot, "value": value, "start": text.index(value), "end": text.index(value) + len(value)}
            for slot, value in (mentions or {}).items()
        ]
        message = {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": entities}
        state = {
            "sender_id": DIALOGUE,
            "slots": {"language": "en", **(slots or {})},
            "latest_message": {**message, "metadata": metadata},
            "events": [],
        }
        return Tracker.from_dict(json.loads(json.dumps({**state, **changes})))

    return make


def in_all(text: str) -> dict[str, str]:
    return {language: f"{text} ({language})" for language in ("en", "et", "ru")}


@pytest.fixture
def terms() -> dict[str, dict[str, str]]:
    return {code: in_all(code) for code in ("id_card", "passport", "driving_licence", *OFFICE_TERMS)}


@pytest.fixture
def documents() -> Service:
    return Service.model_validate(
        {
            "service": "document_expiry",
            "title": in_all("Documents"),
            "owner": {"institution": in_all("Police"), "code": "70008747"},
            "assurance": "substantial",
            "data_class": "personal",
            "purpose": in_all("Tell"),
            "calls": [
                {
                    "id": "documents",
                    "register": in_all("the documents register"),
                    "service": "EE/GOV/70008747/itds/documents",
                    "operation": "GET /v1/persons/{subject}/documents",
                    "items": "documents",
                    "reads": {
                        "document": {"from": "documentType", "as": "term"},
                        "number": "number",
                        "valid_until": {"from": "validUntil", "as": "date"},
                        "certificate_valid_until": {"from": "certificateValidUntil", "as": "date", "optional": True},
                    },
                    "where": {"documentType": "document_type"},
                }
            ],
            "inputs": [{"slot": "document_type", "one_of": ["id_card", "passport", "driving_licence"]}],
            "answers": {
                "each": [
                    {"has": ["certificate_valid_until"], "say": "utter_document_expiry_with_certificate"},
                    {"say": "utter_document_expiry"},
                ],
                "none": "utter_document_expiry_none",
            },
            "degrade": "utter_register_unavailable",
        }
    )


@pytest.fixture
def debts() -> Service:
    def call(name: str, member: str, amount: str) -> dict[str, Any]:
        return {
            "id": name,
            "register": in_all(f"the register of {name}"),
            "service": f"EE/GOV/{member}/{name}/{name}",
            "operation": f"GET /v1/persons/{{subject}}/{name}",
            "items": name,
            "reads": {
                "what": {"from": "what", "as": "localized"},
                "amount": {"from": amount, "as": "money"},
                "due": {"from": "dueDate", "as": "date"},
            },
        }

    return Service.model_validate(
        {
            "service": "debts_and_fines",
            "title": in_all("Debts"),
            "owner": {"institution": in_all("Police"), "code": "70008747"},
            "assurance": "substantial",
            "data_class": "personal",
            "purpose": in_all("Tell"),
            "calls": [call("fines", "70008747", "amount"), call("debts", "70000349", "amountDue")],
            "answers": {
                "found": "utter_debts_and_fines",
                "each": "utter_debts_and_fines_item",
                "none": "utter_debts_and_fines_none",
            },
            "sum": "amount",
            "degrade": "utter_register_unavailable",
        }
    )


@pytest.fixture
def offices() -> Service:
    def call(name: str, slot: str, topics: list[str]) -> dict[str, Any]:
        return {
            "id": name,
            "register": in_all(name),
            "service": f"EE/GOV/70008747/offices/{name}",
            "operation": f"GET /v1/{name}/{{{slot}}}",
            "when": {"office_topic": topics},
            "reads": {"details": {"from": "details", "as": "localized"}},
        }

    return Service.model_validate(
        {
            "service": "office_information",
            "title": in_all("Offices"),
            "owner": {"institution": in_all("Police"), "code": "70008747"},
            "assurance": "none",
            "data_class": "public",
            "purpose": in_all("Tell"),
            "calls": [
                call("offices", "office", ["opening_hours", "place"]),
                call("errands", "document_type", ["price"]),
            ],
            "inputs": [
                {"slot": "office_topic", "one_of": ["opening_hours", "place", "price"], "required": True},
                {
                    "slot": "office",
                    "one_of": ["tallinn", "tartu"],
                    "required": True,
                    "when": {"office_topic": ["opening_hours", "place"]},
                },
                {
                    "slot": "document_type",
                    "one_of": ["id_card", "passport"],
                    "required": True,
                    "when": {"office_topic": ["price"]},
                },
            ],
            "answers": {"each": "utter_office_information_item", "none": "utter_office_information_none"},
            "degrade": "utter_register_unavailable",
        }
    )
