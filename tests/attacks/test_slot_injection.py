"""Whatever the slots of a dialogue hold, and whatever they are called: a register is asked about the one who asks."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from actions.asker import Asker
from actions.register_reading import RegisterReader
from actions.values.saying import SpokenValues
from actions.xroad.breaker import Breaker
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId
from assistant.content.exchange_spec import Call
from assistant.content.service_spec import Service
from assistant.core.deadline import Deadline
from assistant.core.errors import ServiceRefused
from assistant.core.identity import Assurance
from assistant.core.languages import Language

pytestmark = pytest.mark.attack

SUBJECT = "EE60001019906"
VICTIM = "EE38001085718"
PREFIX = f"/r1/EE/GOV/70008747/itds/documents/v1/persons/{SUBJECT}/"
HEADERS = sorted(
    [
        *("host", "accept", "accept-encoding", "connection", "user-agent"),
        *("x-road-client", "x-road-id", "x-road-userid", "x-road-issue"),
    ]
)
VECTORS = (
    "passport",
    VICTIM,
    f"../{VICTIM}",
    f"..%2F{VICTIM}",
    "%2e%2e",
    f"x&owner={VICTIM}",
    f"x#?owner={VICTIM}",
    f"x\r\nX-Road-UserId: {VICTIM}",
    "{subject}",
    "\uff0e\uff0e",
    "",
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
                "operation": "GET /v1/persons/{subject}/{document}",
                "query": {"owner": "{subject}", "number": "{number}"},
                "reads": {"number": "number"},
            }
        ],
        "inputs": [
            {"slot": name, "type": "text", "required": True, "label": every("x")} for name in ("document", "number")
        ],
        "answers": {"each": "utter_x", "none": "utter_x"},
        "degrade": "utter_x",
    }
)


class Granted:
    async def grant(self, _: Service, calls: Sequence[Call], __: Asker) -> Mapping[str, str]:
        return {call.id: "record-7" for call in calls}

    async def refusal(self, _: object, asker: Asker, *, is_act: bool) -> None:
        return None


async def ask(slots: Mapping[str, str]) -> tuple[list[httpx.Request], Any]:
    requests: list[httpx.Request] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(404)

    us = ClientId.parse("EE/GOV/70009999/kratt")
    xroad = XRoadClient("http://ss.test", us, httpx.MockTransport(answer), new_breaker=lambda: Breaker(failures=0))
    asker = Asker(SUBJECT, Assurance.HIGH, "dialogue-1", "turn-1", "web", Deadline.after(5))
    words = SpokenValues(Language.EN, {})
    (reading,) = await RegisterReader(xroad, Granted(), consents=None).read(SERVICE, SERVICE.calls, slots, asker, words)
    return requests, reading.error


values = st.one_of(st.text(), st.text(alphabet="%2eEfF/.;@\\\r\n?#&=:a{}"), st.sampled_from(VECTORS))
names = st.sampled_from(["document", "number", "subject", "key", "owner", "userCode", "X-Road-UserId"])


def with_vectors(test: Any) -> Any:
    for vector in VECTORS:
        test = example({"document": vector, "number": "K1", "subject": VICTIM})(test)
        test = example({"document": "passport", "number": vector, "subject": VICTIM})(test)
    return test


@with_vectors
@given(st.dictionaries(names, values))
async def test_slots_when_arbitrary_then_nothing_leaves_or_only_their_values_do(slots: dict[str, str]) -> None:
    requests, error = await ask(slots)
    assert type(error) is ServiceRefused  # by us before it left, or by the register's 404
    for request in requests:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        assert (request.url.scheme, request.url.netloc) == ("http", b"ss.test")
        assert path.startswith(PREFIX)
        segment = path.removeprefix(PREFIX)
        assert (segment.count("/"), unquote(segment)) == (0, slots["document"])
        pairs = [pair.split("=") for pair in query.split("&")]
        assert [(name, unquote(value)) for name, value in pairs] == [("owner", SUBJECT), ("number", slots["number"])]
        assert sorted(name.lower() for name, _ in request.headers.multi_items()) == HEADERS
        assert (request.headers["x-road-userid"], request.headers["x-road-issue"]) == (SUBJECT, "record-7")
        assert request.headers["host"] == "ss.test"


async def test_slots_when_harmless_then_the_request_leaves() -> None:
    requests, _ = await ask({"document": "passport", "number": "K1", "subject": VICTIM})
    assert [str(request.url) for request in requests] == [f"http://ss.test{PREFIX}passport?owner={SUBJECT}&number=K1"]
