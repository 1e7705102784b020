"""Nobody but the gateway can say who is asking: every forgery ends at the login question, and no call leaves."""

import base64
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from pydantic import SecretStr

from actions.turn_context import TurnContexts, verify_turn_context
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId
from assistant.bootstrap.actions import build
from assistant.content.service_spec import Service
from assistant.core.errors import NotAllowed
from assistant.core.identity import Assurance, TurnContext
from assistant.settings import Settings

pytestmark = pytest.mark.attack

SECRET = "the key that only the gateway and the actions know, long enough for HS512 too"
DIALOGUE = "dialogue-of-mary"
MARY = "EE60001019906"
VICTIM = "EE38001085718"

CLAIMS = TurnContext(
    turn_id="turn-1",
    dialogue_id=DIALOGUE,
    channel="web",
    language="en",
    subject=MARY,
    assurance=Assurance.HIGH,
    deadline_epoch_seconds=time.time() + 3600,
).to_claims() | {"exp": time.time() + 3600}


def fresh() -> dict[str, Any]:
    """The claims of a turn that was not taken yet."""
    return {**CLAIMS, "jti": uuid.uuid4().hex}


def signed(key: str = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    return jwt.encode({**fresh(), **changes}, key, algorithm)


def without(claim: str) -> str:
    return jwt.encode({name: value for name, value in CLAIMS.items() if name != claim}, SECRET, "HS256")


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def with_swapped_subject() -> str:
    header, _, signature = signed().split(".")
    return f"{header}.{encoded({**CLAIMS, 'sub': VICTIM})}.{signature}"


def with_swapped_header() -> str:
    _, payload, signature = signed().split(".")
    return f"{encoded({'alg': 'none', 'typ': 'JWT'})}.{payload}.{signature}"


FORGERIES: dict[str, Callable[[], object]] = {
    "none at all": lambda: None,
    "empty": lambda: "",
    "not a token": lambda: "mary",
    "not even text": lambda: dict(CLAIMS),
    "wrong key": lambda: signed("another key that is long enough for HS256"),
    "no signature": lambda: jwt.encode(CLAIMS, None, "none"),
    "stripped signature": lambda: signed().rpartition(".")[0] + ".",
    "swapped subject": with_swapped_subject,
    "another algorithm": lambda: signed(algorithm="HS512"),
    "swapped header": with_swapped_header,
    "another audience": lambda: signed(aud="gateway"),
    "another issuer": lambda: signed(iss="somebody"),
    "expired": lambda: signed(exp=time.time() - 6),
    "from the future": lambda: signed(iat=time.time() + 60),
    "another dialogue": lambda: signed(dialogue="dialogue-of-jaak"),
    "unknown assurance": lambda: signed(acr="royal"),
    "subject not text": lambda: signed(sub=[MARY]),
    "deadline not a number": lambda: signed(deadline="soon"),
    **{f"without {claim}": (lambda claim=claim: without(claim)) for claim in CLAIMS},
}


@pytest.fixture
def calls() -> list[httpx.Request]:
    return []


@pytest.fixture
async def engine(calls: list[httpx.Request], tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/allowedMethods"):  # asked once at the start, about nobody
            return httpx.Response(404)
        calls.append(request)
        echo = {name: request.headers[name] for name in ("X-Road-Id", "X-Road-Client")}
        echo["X-Road-Service"] = "EE/GOV/70008747/itds/documents"
        return httpx.Response(200, json={"documents": []}, headers=echo)

    xroad = XRoadClient("http://ss.test", ClientId.parse("EE/GOV/70009999/kratt"), httpx.MockTransport(answer))
    app = build(
        Settings(state=tmp_path, turn_secret=SecretStr(SECRET), actions_token=SecretStr("token")), (documents(),), xroad
    )
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://actions.test",
            headers={"Authorization": "Bearer token"},
        ) as client,
    ):
        yield client


def documents() -> Service:
    every = {"en": "x", "et": "x", "ru": "x"}
    return Service.model_validate(
        {
            "service": "document_expiry",
            "title": every,
            "owner": {"institution": every, "code": "70008747"},
            "assurance": "substantial",
            "data_class": "personal",
            "purpose": every,
            "calls": [
                {
                    "id": "documents",
                    "register": every,
                    "service": "EE/GOV/70008747/itds/documents",
                    "operation": "GET /v1/persons/{subject}/documents",
                    "items": "documents",
                    "reads": {"number": "number"},
                }
            ],
            "answers": {"each": "utter_document_expiry", "none": "utter_document_expiry_none"},
            "degrade": "utter_register_unavailable",
        }
    )


async def run(engine: httpx.AsyncClient, metadata: object, **slots: object) -> dict[str, Any]:
    tracker = {
        "sender_id": DIALOGUE,
        "slots": {"language": "en", **slots},
        "latest_message": {
            "text": "when does my passport expire",
            "metadata": metadata,
            "intent": {"name": "document_expiry", "confidence": 0.9},
            "entities": [{"entity": name, "value": value, "start": 0, "end": 4} for name, value in slots.items()],
        },
        "events": [],
    }
    answer = await engine.post("/webhook", json={"next_action": "action_document_expiry", "tracker": tracker})
    assert answer.status_code == 200
    (message,) = answer.json()["responses"]
    return {"response": message["response"], "outcome": message["custom"]["outcome"]}


NOBODY_ANYWHERE = {"response": "utter_ask_elsewhere", "outcome": "asked_login"}
"""Said where neither who asks is vouched for nor where: anybody may be listening."""


async def test_turn_context_when_genuine_then_the_call_is_about_its_subject(
    engine: httpx.AsyncClient, calls: list[httpx.Request]
) -> None:
    assert (await run(engine, {"turn_context": signed()}))["outcome"] == "answered"
    assert {call.headers["X-Road-UserId"] for call in calls} == {MARY}


async def test_turn_context_when_clocks_differ_by_seconds_then_still_counts(engine: httpx.AsyncClient) -> None:
    assert (await run(engine, {"turn_context": signed(exp=time.time() - 2)}))["outcome"] == "answered"


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_turn_context_when_forged_then_no_call_leaves(
    forgery: str, engine: httpx.AsyncClient, calls: list[httpx.Request]
) -> None:
    assert await run(engine, {"turn_context": FORGERIES[forgery]()}) == NOBODY_ANYWHERE
    assert calls == []


@pytest.mark.parametrize("forgery", FORGERIES)
def test_turn_context_when_forged_then_the_error_quotes_nothing_of_it(forgery: str) -> None:
    token = FORGERIES[forgery]()
    with pytest.raises(NotAllowed) as error:
        verify_turn_context({"turn_context": token}, dialogue_id=DIALOGUE, secret=SECRET)
    assert not token or str(token) not in str(error.value)
    assert MARY not in str(error.value)


@pytest.mark.parametrize("metadata", [None, {}, [], "text", {"subject": VICTIM, "sub": VICTIM, "acr": "high"}])
async def test_subject_when_claimed_in_metadata_then_no_call_leaves(
    metadata: object, engine: httpx.AsyncClient, calls: list[httpx.Request]
) -> None:
    assert await run(engine, metadata, subject=VICTIM, assurance="high", turn_context=signed()) == NOBODY_ANYWHERE
    assert calls == []


@pytest.mark.parametrize("value", [VICTIM, "somebody_else", f"../{VICTIM}", None])
async def test_subject_when_a_slot_bears_its_name_then_the_signed_one_counts(
    value: object, engine: httpx.AsyncClient, calls: list[httpx.Request]
) -> None:
    metadata = {"turn_context": signed(), "subject": VICTIM, "sub": VICTIM}
    assert (await run(engine, metadata, subject=value, sub=VICTIM))["outcome"] == "answered"
    assert [call.url.path.rpartition("/v1")[2] for call in calls] == [
        f"/persons/{MARY}/standing",
        f"/persons/{MARY}/documents",
    ]
    assert {call.headers["X-Road-UserId"] for call in calls} == {MARY}


async def test_turn_context_when_overheard_and_sent_again_then_no_call_leaves(
    engine: httpx.AsyncClient, calls: list[httpx.Request]
) -> None:
    overheard = {"turn_context": signed()}
    assert (await run(engine, overheard))["outcome"] == "answered"
    genuine = len(calls)
    for _ in range(3):
        assert await run(engine, overheard) == NOBODY_ANYWHERE
    assert len(calls) == genuine


def test_turn_contexts_when_long_past_then_are_not_kept() -> None:
    clock = iter(range(0, 100_000, 10))
    contexts = TurnContexts(SECRET, lambda: next(clock))
    for _ in range(1000):
        contexts.take({"turn_context": signed()}, DIALOGUE)
    assert len(contexts._taken) <= 10
