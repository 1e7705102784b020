"""Whatever a slot holds: the same host, service and depth, the same person, the same headers."""

import time
from typing import Any

import httpx
import jwt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.service_action import RunService
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId
from assistant.content.service_spec import Service
from assistant.core.identity import Assurance, TurnContext

pytestmark = pytest.mark.attack

SECRET = "the key that only the gateway and the actions know"
SUBJECT = "EE60001019906"
PREFIX = "/r1/EE/GOV/70008747/itds/documents/v1/persons/"
DEPTH = PREFIX.count("/") + 1
HEADERS = {
    *("host", "accept", "accept-encoding", "connection", "user-agent"),
    *("x-road-client", "x-road-id", "x-road-userid", "x-road-issue"),
}

# X-Road commit 54e60c7685 (UriUtilsTest), and what a header or an address could be broken with.
VECTORS = (
    "/%2e%2e/secret",
    "../../secret",
    "%2e%2e",
    "a/b/../../%2e%2e/c/d",
    "sub%2Fsystem",
    "path%3B",
    "x\r\nX-Road-Client: EE/GOV/1/other",
    "@evil.test/",
    "//evil.test",
    "http://evil.test/",
    "?userCode=EE38001085718",
    "#",
    ".",
    "\\evil",
    "\u2025",
    "passport",
)


def every(text: str) -> dict[str, str]:
    return {"en": text, "et": text, "ru": text}


SERVICE = Service.model_validate(
    {
        "service": "document_expiry",
        "title": every("x"),
        "owner": {"institution": every("x"), "code": "70008747"},
        "assurance": "substantial",
        "data_class": "personal",
        "purpose": every("x"),
        "calls": [
            {
                "id": "documents",
                "register": every("x"),
                "service": "EE/GOV/70008747/itds/documents",
                "operation": "GET /v1/persons/{subject}/{document_type}",
                "reads": {"number": "number"},
            }
        ],
        "inputs": [{"slot": "document_type", "one_of": ["passport"], "required": True}],
        "answers": {"each": "utter_x", "none": "utter_x"},
        "degrade": "utter_x",
    }
)


class FakeSecurityServer:
    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(404)

    def client(self) -> XRoadClient:
        return XRoadClient("http://ss.test", ClientId.parse("EE/GOV/70009999/kratt"), httpx.MockTransport(self))


def assert_is_the_same_request(request: httpx.Request) -> None:
    raw_path = request.url.raw_path.decode("ascii")
    assert (request.url.scheme, request.url.netloc) == ("http", b"ss.test")
    assert raw_path.startswith(f"{PREFIX}{SUBJECT}/")
    assert raw_path.count("/") == DEPTH
    assert not {"?", "#", ";", "@", "\\"} & set(raw_path)
    assert ".." not in raw_path
    names = [name.lower() for name, _ in request.headers.multi_items()]
    assert sorted(names) == sorted(HEADERS)
    assert request.headers["host"] == "ss.test"
    assert request.headers["x-road-userid"] == SUBJECT


values = st.one_of(st.text(), st.text(alphabet="%2eEfF/.;@\\\r\n?#&:a"), st.sampled_from(VECTORS))


def with_vectors(test: Any) -> Any:
    for vector in VECTORS:
        test = example(value=vector)(test)
    return test


scalars = st.one_of(values, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False))


@with_vectors
@given(value=st.one_of(scalars, st.lists(scalars, max_size=2), st.dictionaries(st.text(), scalars, max_size=2)))
async def test_slot_when_arbitrary_then_only_a_known_value_leaves(value: object) -> None:
    server = FakeSecurityServer()
    context = TurnContext("turn-1", "d", "web", "en", SUBJECT, Assurance.HIGH, time.time() + 10)
    token = jwt.encode(context.to_claims(), SECRET, "HS256")
    state = {
        "sender_id": "d",
        "slots": {"document_type": value, "subject": value, "language": "en"},
        "latest_message": {"metadata": {"turn_context": token}},
    }
    action = RunService(SERVICE, {}, server.client(), SECRET)
    if value != "passport":
        with pytest.raises(Exception, match="inputs do not say"):
            await action(CollectingDispatcher(), Tracker.from_dict(state), None)
    else:
        await action(CollectingDispatcher(), Tracker.from_dict(state), None)
    assert len(server.requests) == (1 if value == "passport" else 0)
    for request in server.requests:
        assert_is_the_same_request(request)
