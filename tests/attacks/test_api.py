"""Whatever may be sent by our own description of the interface is answered as it says: no 5xx, nothing of our insides.

`make test ARGS="tests/attacks/test_api.py --hypothesis-profile=long"` sends a hundred requests to each operation.
"""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import hypothesis
import pytest
import requests
import schemathesis
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from assistant.gateway.app import create_app
from assistant.sandbox.population import POPULATION

pytestmark = pytest.mark.attack

MARY = "EE60001019906"
CHECKS = [content_type_conformance, not_a_server_error, response_schema_conformance, status_code_conformance]
INSIDES = re.compile(
    r"Traceback|\.py\b|site-packages|sqlalchemy|pydantic|sqlite|rasa_sdk|eyJ[\w-]+\.|EE[1-8]\d{10}", re.I
)
DESCRIPTION = create_app(SimpleNamespace(version={"kratt": "0"}, public_url="http://127.0.0.1", embedders=())).openapi()  # type: ignore[arg-type]
OPERATIONS = {each.ok().label: each.ok() for each in schemathesis.openapi.from_dict(DESCRIPTION).get_all_operations()}


@pytest.fixture(params=["nobody", "citizen", "speaker", "agent"])
def session(request: pytest.FixtureRequest, kratt: Any) -> Iterator[requests.Session]:
    """A browser, with nobody logged in or Mary; her speaker, which may speak; an agent of the desk."""
    sender = requests.Session()
    sender.trust_env = False
    if request.param == "agent":
        sender.headers["Authorization"] = f"Bearer {kratt.agent_token}"
    elif request.param != "nobody":
        with kratt.client() as client:
            kratt.log_in(client, MARY)
            if request.param == "citizen":
                sender.cookies.update(dict(client.cookies))
            else:
                sender.headers["Authorization"] = f"Bearer {speaker_of(client)}"
    yield sender
    leave_desk(kratt)


def leave_desk(kratt: Any) -> None:
    """Who has looked at the queue is on duty; other tests want nobody there."""
    with kratt.agent() as agent:
        agent.post("/v1/desk/leave").raise_for_status()


def speaker_of(citizen: httpx.Client) -> str:
    """The token of a speaker that is theirs, and unlocked."""
    known = citizen.post("/v1/devices").json()
    citizen.post("/v1/devices/link", json={"code": known["code"], "name": "Kitchen"}).raise_for_status()
    unlock = {"is_locked": False, "may_speak": True}
    citizen.patch(f"/v1/devices/{known['device_id']}", json=unlock).raise_for_status()
    return str(known["token"])


@pytest.mark.parametrize("label", OPERATIONS)
def test_operation_when_anything_is_sent_then_answers_as_described_and_tells_nothing_of_its_insides(
    kratt: Any, session: requests.Session, label: str
) -> None:
    own = {POPULATION[MARY].family_name}

    @hypothesis.given(case=OPERATIONS[label].as_strategy())
    @hypothesis.settings(max_examples=hypothesis.settings().max_examples // 10, database=None)
    def send(case: schemathesis.Case) -> None:
        answer = case.call(base_url=kratt.url, session=session, allow_redirects=False)
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400:
            text = answer.text
            assert not INSIDES.search(text)
            assert not any(name in text for name in own)

    send()
    log = (kratt.settings.state / "logs" / "gateway.log").read_text(encoding="utf-8")
    assert '"message": "unexpected"' not in log


def test_keys_when_the_description_is_read_then_none_is_sent_in_an_address_that_proxies_log() -> None:
    brought_by_others = {"/v1/login/callback", "/v1/smart-id/callback"}  # by protocol; each works once, with a cookie
    names = {
        each["name"]
        for path, methods in DESCRIPTION["paths"].items()
        for operation in methods.values()
        for each in operation.get("parameters", ())
        if each["in"] == "query" and path not in brought_by_others
    }
    assert "language" in names
    assert not [name for name in names if re.search(r"conversation|token|secret|code|state|key", name, re.IGNORECASE)]
