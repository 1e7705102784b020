"""What the sandbox tells about itself, against PR-MREST 0.5, PR-META 2.15 and X-Road's code."""

import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator

import httpx
import pytest

from assistant.sandbox.app import create_app

pytestmark = pytest.mark.contract

ITDS, KARR, OWN = "/r1/EE/GOV/70008747/itds", "/r1/EE/GOV/70000310/karr", "/r1/EE/GOV/70009999/kratt"
HEADERS = {"X-Road-Client": "EE/GOV/70009999/kratt"}
TRACKER = {"X-Road-Client": "EE/GOV/70006317/datatracker"}
SPACES = {"id": "http://x-road.eu/xsd/identifiers", "x": "http://x-road.eu/xsd/xroad.xsd"}


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(
        issuer="http://sandbox",
        client_id="kratt",
        client_secret="s",
        redirect_uris=frozenset(),
        own_services_url="http://127.0.0.1:9",
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox") as client:
        yield client


async def test_open_api_when_service_named_then_its_description_without_its_address(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{ITDS}/getOpenAPI", params={"serviceCode": "documents"}, headers=HEADERS)
    assert response.status_code == 200
    assert response.headers["X-Road-Service"] == "EE/GOV/70008747/itds/getOpenAPI"
    description = response.json()
    assert description["servers"] == [{"url": "http://example.org/xroad-endpoint"}]
    documents = description["paths"]["/v1/persons/{subject}/documents"]["get"]["responses"]["200"]
    assert documents["content"]["application/json"]["schema"] == {
        "type": "object",
        "properties": {"documents": {"type": "array", "items": {"$ref": "#/components/schemas/Document"}}},
        "required": ["documents"],
    }
    properties = description["components"]["schemas"]["Document"]["properties"]
    assert properties["validUntil"]["format"] == "date"


async def test_open_api_when_client_has_no_right_then_told_all_the_same(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{KARR}/getOpenAPI?serviceCode=convictions", headers=HEADERS)
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "server.serverproxy.invalid_request"),
        ("?serviceCode=", "server.serverproxy.invalid_request"),
        ("?serviceCode=secrets", "server.serverproxy.internal_error"),
        ("?serviceCode=getOpenAPI", "server.serverproxy.internal_error"),
    ],
)
async def test_open_api_when_nothing_there_then_xroad_refuses(client: httpx.AsyncClient, query: str, code: str) -> None:
    response = await client.get(f"{ITDS}/getOpenAPI{query}", headers=HEADERS)
    assert (response.status_code, response.headers["X-Road-Error"]) == (500, code)


@pytest.mark.parametrize("metaservice", ["listMethods", "allowedMethods", "getOpenAPI"])
async def test_metaservice_when_not_get_then_no_service(client: httpx.AsyncClient, metaservice: str) -> None:
    response = await client.post(f"{ITDS}/{metaservice}", headers=HEADERS)
    assert response.headers["X-Road-Error"] == "server.serverproxy.unknown_service"


async def test_allowed_methods_when_right_is_for_some_endpoints_then_those(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{OWN}/allowedMethods", headers=TRACKER)
    services = {each["service_code"]: each["endpoint_list"] for each in response.json()["service"]}
    assert services == {
        "findUsage": [
            {"method": "GET", "path": "/v2/findUsage"},
            {"method": "GET", "path": "/v2/usagePeriod"},
            {"method": "GET", "path": "/v2/heartbeat"},
        ]
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"{OWN}/findUsage/v2/findUsage"),
        ("GET", f"{OWN}/findUsage/v1/findUsage"),
        ("GET", f"{OWN}/findUsage/v2"),
        ("GET", f"{OWN}/restrictions/v1/persons/EE60001019906/restrictions"),
        ("GET", f"{ITDS}/documents/v1/persons/EE60001019906/documents"),
    ],
)
async def test_call_when_endpoint_is_not_in_the_right_then_denied(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    response = await client.request(method, path, headers=TRACKER)
    assert (response.status_code, response.headers["X-Road-Error"]) == (500, "server.serverproxy.access_denied")


async def test_call_when_own_services_are_down_then_network_error(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{OWN}/findUsage/v2/heartbeat", headers=TRACKER)
    assert response.headers["X-Road-Error"] == "server.serverproxy.service_failed.network_error"


@pytest.mark.parametrize("accept", ["application/json", "text/xml;q=1.0, application/json;q=0.9 , text/*"])
async def test_clients_when_json_named_then_members_and_subsystems(client: httpx.AsyncClient, accept: str) -> None:
    response = await client.get("/listClients", headers={"Accept": accept})
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    members = response.json()["member"]
    identifier = {"xroad_instance": "EE", "member_class": "GOV", "member_code": "70008747"}
    police = [each for each in members if each["id"]["member_code"] == "70008747"]
    assert police[0] == {"id": {"object_type": "MEMBER", **identifier}, "name": "Police and Border Guard Board"}
    assert {each["id"]["subsystem_code"] for each in police[1:]} >= {"itds", "fines", "offices"}
    assert {each["id"]["object_type"] for each in police[1:]} == {"SUBSYSTEM"}
    assert all(each["name"] != each["id"]["member_code"] for each in members), "members.py has no name for one"


@pytest.mark.parametrize("accept", ["", "*/*", "text/xml, */*", "x-this/that;q=1.0"])
async def test_clients_when_json_not_named_then_xml(client: httpx.AsyncClient, accept: str) -> None:
    response = await client.get("/listClients", headers={"Accept": accept})
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    root = ET.fromstring(response.text)
    assert root.tag == f"{{{SPACES['x']}}}clientList"
    kratt = [each for each in root.findall("x:member", SPACES) if each.findtext("x:name", "", SPACES) == "Kratt"]
    identifiers = [each.find("x:id", SPACES) for each in kratt]
    assert [[part.text for part in each] for each in identifiers if each is not None] == [
        ["EE", "GOV", "70009999"],
        ["EE", "GOV", "70009999", "kratt"],
    ]


@pytest.mark.parametrize(("instance", "some"), [("EE", True), ("", True), ("FI", False)])
async def test_clients_when_instance_named_then_only_its_own(
    client: httpx.AsyncClient, instance: str, *, some: bool
) -> None:
    response = await client.get(f"/listClients?xRoadInstance={instance}", headers={"Accept": "application/json"})
    assert bool(response.json()["member"]) is some
