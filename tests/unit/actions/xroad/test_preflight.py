import logging
from typing import Any

import httpx
import pytest

from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId, ServiceId
from actions.xroad.preflight import Endpoint, Preflight, endpoints_of
from assistant.content.service_spec import Service

pytestmark = pytest.mark.unit

FINES = "EE/GOV/70008747/fines/fines"
DOCUMENTS = "EE/GOV/70008747/itds/documents"
APPLICATIONS = "EE/GOV/70008747/itds/applications"
READ = "GET /v1/persons/{subject}/documents"


def endpoint(service: str = DOCUMENTS, operation: str = READ) -> Endpoint:
    return Endpoint(ServiceId.parse(service), *operation.split(" "))


def allowed(service: str, *endpoints: str) -> dict[str, Any]:
    instance, member_class, member_code, subsystem, code = service.split("/")
    return {
        "xroad_instance": instance,
        "member_class": member_class,
        "member_code": member_code,
        "subsystem_code": subsystem,
        "service_code": code,
        "object_type": "SERVICE",
        "service_type": "OPENAPI",
        "endpoint_list": [dict(zip(("method", "path"), entry.split(" "), strict=True)) for entry in endpoints],
    }


class Providers:
    """Every provider's security server: by subsystem a list of what is allowed, or anything else to answer."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        service = request.url.path.removeprefix("/r1/")
        answer = self.answers[service.split("/")[3]]
        if isinstance(answer, Exception):
            raise answer
        echo = {name: request.headers[name] for name in ("X-Road-Id", "X-Road-Client")}
        if isinstance(answer, str):
            return httpx.Response(500, headers={"X-Road-Error": answer})
        body = {"service": answer} if isinstance(answer, list) else answer
        return httpx.Response(200, json=body, headers={**echo, "X-Road-Service": service})

    async def check(self, *endpoints: Endpoint) -> dict[str, Any]:
        client = XRoadClient("http://ss.test", ClientId.parse("EE/GOV/70009999/kratt"), httpx.MockTransport(self))
        preflight = Preflight(client, endpoints)
        assert {state for service in preflight.report.values() for state in service.values()} <= {"unknown"}
        await preflight.run()
        return {service: dict(states) for service, states in preflight.report.items()}


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actions.xroad.preflight._PAUSES_SECONDS", (0, 0))
    monkeypatch.setattr("actions.xroad.client._RETRY_PAUSE_SECONDS", (0, 0))


@pytest.mark.parametrize(
    ("pattern", "operation", "state"),
    [
        ("GET /v1/persons/*/documents", READ, "open"),
        ("GET /v1/persons/**", READ, "open"),
        ("GET /v1/**", READ, "open"),
        ("* **", READ, "open"),
        ("GET /v1/*/*/documents", READ, "open"),
        ("GET /v1/**/documents", READ, "open"),
        ("GET /v1/list**", "GET /v1/list", "open"),
        ("GET /v*/list", "GET /v1/list", "open"),
        ("POST /v1/persons/*/documents", READ, "closed"),
        ("GET /v1/persons/*", READ, "closed"),
        ("GET /v1/persons/EE60001019906/documents", READ, "closed"),
        ("GET /v1/persons/*/documents/*", READ, "closed"),
        ("GET /v1/persons/*/documents/**", READ, "closed"),
        ("GET /v2/**", READ, "closed"),
        ("GET ", READ, "closed"),
        ("GET /" + "**/" * 60 + "x", READ, "closed"),
    ],
)
async def test_preflight_when_provider_lists_endpoints_then_method_and_path_decide(
    pattern: str, operation: str, state: str
) -> None:
    providers = Providers(itds=[allowed(DOCUMENTS, pattern)])
    assert await providers.check(endpoint(operation=operation)) == {DOCUMENTS: {operation: state}}


async def test_preflight_when_service_lists_nothing_then_it_is_open_as_a_whole() -> None:
    assert await Providers(itds=[allowed(DOCUMENTS)]).check(endpoint()) == {DOCUMENTS: {READ: "open"}}


async def test_preflight_when_something_is_closed_then_is_asked_once_and_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    providers = Providers(itds=[allowed(DOCUMENTS, "GET /**")], fines=[])
    write = "POST /v1/persons/{subject}/applications"
    report = await providers.check(endpoint(), endpoint(APPLICATIONS, write), endpoint(FINES))
    assert report == {DOCUMENTS: {READ: "open"}, APPLICATIONS: {write: "closed"}, FINES: {READ: "closed"}}
    assert sorted(providers.asked) == [
        "/r1/EE/GOV/70008747/fines/allowedMethods",
        "/r1/EE/GOV/70008747/itds/allowedMethods",
    ]
    records = [record for record in caplog.records if record.message == "service is not open to us"]
    assert all(record.levelno == logging.WARNING for record in records)
    facts = [record.facts for record in records]  # type: ignore[attr-defined]
    assert sorted(facts, key=str) == [
        {"service": FINES, "operation": READ},
        {"service": APPLICATIONS, "operation": write},
    ]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (httpx.ConnectError("down"), "unknown"),
        ("server.clientproxy.network_error", "unknown"),
        ({"member": []}, "unknown"),
        ([{"serviceCode": "documents"}], "unknown"),
        (7, "unknown"),
        ("server.clientproxy.unknown_member", "closed"),
        ("Server.ServerProxy.AccessDenied", "closed"),
    ],
)
async def test_preflight_when_provider_gives_no_list_then_only_xroads_own_no_is_one(
    answer: Any, state: str, caplog: pytest.LogCaptureFixture
) -> None:
    report = await Providers(itds=answer, fines=[allowed(FINES)]).check(endpoint(), endpoint(FINES))
    assert report == {DOCUMENTS: {READ: state}, FINES: {READ: "open"}}
    assert caplog.records


async def test_preflight_when_provider_is_heard_later_then_is_no_longer_unknown() -> None:
    providers = Providers(itds=httpx.ConnectError("not yet"))

    async def start(request: httpx.Request) -> httpx.Response:
        if len(providers.asked) == 2:  # the first round and its retry
            providers.answers["itds"] = [allowed(DOCUMENTS)]
        return await providers(request)

    client = XRoadClient("http://ss.test", ClientId.parse("EE/GOV/70009999/kratt"), httpx.MockTransport(start))
    preflight = Preflight(client, [endpoint()])
    await preflight.run()
    assert preflight.report == {DOCUMENTS: {READ: "open"}}


def test_endpoints_when_content_reads_and_writes_then_each_call_and_state_is_there() -> None:
    every = {"en": "x", "et": "x", "ru": "x"}
    common = {"register": every, "service": APPLICATIONS}
    write = {
        **common,
        "id": "submit",
        "operation": "POST /v1/persons/{subject}/applications",
        "status": "GET /v1/persons/{subject}/applications/{key}",
        "body": {"kind": "=passport"},
    }
    read = {**common, "service": DOCUMENTS, "id": "documents", "operation": READ, "reads": ["number"]}
    service = Service.model_validate(
        {
            "service": "document_renew",
            "title": every,
            "owner": {"institution": every, "code": "70008747"},
            "assurance": "substantial",
            "data_class": "personal",
            "purpose": every,
            "calls": [read],
            "writes": [write],
            "confirm": "read_back",
            "answers": {"each": "utter_x", "none": "utter_x", "read_back": "utter_x", "done": "utter_x"},
            "degrade": "utter_x",
        }
    )
    assert list(endpoints_of([service])) == [
        endpoint(),
        endpoint(APPLICATIONS, write["operation"]),
        endpoint(APPLICATIONS, write["status"]),
    ]
