"""The sandbox's security server against PR-REST 1.0.4 and what X-Road's own code does where that differs."""

import json
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import httpx
import pytest

from assistant.sandbox.app import create_app
from assistant.sandbox.xroad_error import XroadVersion
from assistant.sandbox.xroad_message import header_block, request_hash

pytestmark = pytest.mark.contract

CLIENT = "EE/GOV/70009999/kratt"
DOCUMENTS = "/r1/EE/GOV/70008747/itds/documents"
MARYS_DOCUMENTS = DOCUMENTS + "/v1/persons/EE60001019906/documents"
TALLINN = "/r1/EE/GOV/70008747/offices/offices/v1/offices/tallinn"
CONVICTIONS = "/r1/EE/GOV/70000310/karr/convictions/v1/persons/EE60001019906/convictions"
HEADERS = {"X-Road-Client": CLIENT, "X-Road-UserId": "EE60001019906"}


def connect(version: XroadVersion = "7.8") -> httpx.AsyncClient:
    app = create_app(
        issuer="http://sandbox",
        client_id="kratt",
        client_secret="s",
        redirect_uris=frozenset(),
        xroad_client=CLIENT,
        xroad_version=version,
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox")


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with connect() as client:
        yield client


def is_xroad_error(response: httpx.Response, code: str) -> bool:
    body = response.json()
    uuid.UUID(body["detail"])
    return (
        response.status_code == 500
        and response.headers["X-Road-Error"] == body["type"] == code
        and bool(body["message"])
    )


async def test_healthz_when_running_then_ok(client: httpx.AsyncClient) -> None:
    response = await client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_call_when_right_then_documents_end_in_the_future(client: httpx.AsyncClient) -> None:
    response = await client.get(MARYS_DOCUMENTS, headers=HEADERS)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    documents = response.json()["documents"]
    assert {document["documentType"] for document in documents} == {"id_card", "passport", "driving_licence"}
    assert all(date.fromisoformat(each["validUntil"]) > datetime.now(UTC).date() for each in documents)


async def test_call_when_answered_then_receipt_echoes_the_request(client: httpx.AsyncClient) -> None:
    response = await client.get(MARYS_DOCUMENTS, headers=HEADERS | {"X-Road-Id": "my-own-id"})
    assert response.headers["X-Road-Id"] == "my-own-id"
    assert response.headers["X-Road-Client"] == CLIENT
    assert response.headers["X-Road-Service"] == "EE/GOV/70008747/itds/documents"
    uuid.UUID(response.headers["X-Road-Request-Id"])
    assert len(response.headers["X-Road-Request-Hash"]) == 88
    assert "X-Road-Error" not in response.headers


async def test_call_when_body_sent_then_hash_is_of_all_that_was_passed_on(client: httpx.AsyncClient) -> None:
    headers = {"X-Road-Client": CLIENT, "X-Road-Id": "my-own-id"}
    response = await client.post(TALLINN, params={"y": "1"}, headers=headers, content=b"{}")
    sent = [(name.decode().lower(), value.decode()) for name, value in response.request.headers.raw]
    passed_on = [
        (name, value) for name, value in sent if name in {"accept", "accept-encoding", "x-road-client", "x-road-id"}
    ]
    block = header_block(
        "POST", TALLINN + "?y=1", [*passed_on, ("x-road-request-id", response.headers["X-Road-Request-Id"])]
    )
    assert response.headers["X-Road-Request-Hash"] == request_hash(block, b"{}")


async def test_call_when_register_refuses_then_receipt_but_no_xroad_error(client: httpx.AsyncClient) -> None:
    response = await client.get(MARYS_DOCUMENTS, headers={"X-Road-Client": CLIENT})
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "X-Road-Error" not in response.headers
    assert response.headers["X-Road-Id"].startswith("EE-")


async def test_call_when_public_then_user_is_not_needed(client: httpx.AsyncClient) -> None:
    response = await client.get(TALLINN, headers={"X-Road-Client": CLIENT})
    assert response.json()["address"]["et"] == "A. H. Tammsaare tee 47, Tallinn"


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "POST", "PUT"])
async def test_call_when_other_verb_then_passed_on_and_refused_by_the_register(
    client: httpx.AsyncClient, method: str
) -> None:
    response = await client.request(method, TALLINN, headers={"X-Road-Client": CLIENT}, content=b"{}")
    assert response.status_code == 405
    assert "X-Road-Error" not in response.headers


@pytest.mark.parametrize(
    ("path", "caller", "code"),
    [
        (MARYS_DOCUMENTS, None, "server.clientproxy.invalid_client_identifier"),
        (MARYS_DOCUMENTS, "EE/GOV/70000000/stranger", "server.clientproxy.unknown_member"),
        ("/r1/EE/GOV/70000000/itds/documents/v1", CLIENT, "server.clientproxy.unknown_member"),
        ("/r1/EE/GOV/70008747/itds/secrets/v1", CLIENT, "server.serverproxy.unknown_service"),
        (CONVICTIONS, CLIENT, "server.serverproxy.access_denied"),
        ("/r1/invalid", CLIENT, "server.clientproxy.internal_error"),
        ("/r0" + MARYS_DOCUMENTS[3:], CLIENT, "server.clientproxy.internal_error"),
    ],
)
async def test_call_when_xroad_refuses_then_500_with_code_in_both_places(
    client: httpx.AsyncClient, path: str, caller: str | None, code: str
) -> None:
    response = await client.get(
        path, headers={"X-Road-UserId": "EE60001019906"} | ({"X-Road-Client": caller} if caller else {})
    )
    assert is_xroad_error(response, code)


async def test_call_when_denied_then_message_names_the_service(client: httpx.AsyncClient) -> None:
    response = await client.get(CONVICTIONS, headers=HEADERS)
    assert response.json()["message"] == "Request is not allowed: SERVICE:EE/GOV/70000310/karr/convictions"


async def test_call_when_security_server_is_older_then_old_spelling() -> None:
    async with connect("7.7") as client:
        response = await client.get(CONVICTIONS, headers=HEADERS)
    assert is_xroad_error(response, "Server.ServerProxy.AccessDenied")


@pytest.mark.parametrize(("metaservice", "codes"), [("listMethods", {"convictions"}), ("allowedMethods", set())])
async def test_metaservice_when_service_closed_then_listed_but_not_allowed(
    client: httpx.AsyncClient, metaservice: str, codes: set[str]
) -> None:
    response = await client.get(f"/r1/EE/GOV/70000310/karr/{metaservice}", headers=HEADERS)
    assert {service["service_code"] for service in response.json()["service"]} == codes


async def test_metaservice_when_answered_then_snake_case_shape(client: httpx.AsyncClient) -> None:
    response = await client.get("/r1/EE/GOV/70008747/itds/allowedMethods", headers=HEADERS)
    assert response.json().keys() == {"service"}
    assert {
        "xroad_instance": "EE",
        "member_class": "GOV",
        "member_code": "70008747",
        "subsystem_code": "itds",
        "service_code": "documents",
        "object_type": "SERVICE",
        "service_type": "OPENAPI",
        "endpoint_list": [{"method": "GET", "path": "/v1/persons/*/documents"}],
    } in response.json()["service"]


async def put_fault(client: httpx.AsyncClient, fault: str, seconds: float = 0) -> None:
    response = await client.put("/sandbox/faults/offices", json={"fault": fault, "seconds": seconds})
    assert response.status_code == 204


async def ask_office(client: httpx.AsyncClient) -> httpx.Response:
    headers = {"X-Road-Client": CLIENT, "X-Road-Id": "my-own-id"}
    return await client.get(TALLINN, headers=headers)


async def test_fault_when_html_then_not_json(client: httpx.AsyncClient) -> None:
    await put_fault(client, "html")
    response = await ask_office(client)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/html")


async def test_fault_when_server_error_then_500_that_is_not_xroads(client: httpx.AsyncClient) -> None:
    await put_fault(client, "server_error")
    response = await ask_office(client)
    assert response.status_code == 500
    assert "X-Road-Error" not in response.headers


async def test_fault_when_xroad_error_then_provider_unreachable(client: httpx.AsyncClient) -> None:
    await put_fault(client, "xroad_error")
    assert is_xroad_error(await ask_office(client), "server.serverproxy.service_failed.network_error")


async def test_fault_when_redirect_then_passed_through(client: httpx.AsyncClient) -> None:
    await put_fault(client, "redirect")
    response = await ask_office(client)
    assert (response.status_code, response.headers["Location"]) == (302, "/healthz")


async def test_fault_when_truncated_then_broken_json(client: httpx.AsyncClient) -> None:
    await put_fault(client, "truncated")
    response = await ask_office(client)
    assert response.headers["Content-Type"] == "application/json"
    with pytest.raises(json.JSONDecodeError):
        response.json()


async def test_fault_when_wrong_echo_then_another_id(client: httpx.AsyncClient) -> None:
    await put_fault(client, "wrong_echo")
    response = await ask_office(client)
    assert response.status_code == 200
    assert response.headers.get_list("X-Road-Id") != ["my-own-id"]


async def test_fault_when_delay_then_answer_is_late_but_good(client: httpx.AsyncClient) -> None:
    await put_fault(client, "delay", seconds=0.05)
    response = await ask_office(client)
    assert response.elapsed.total_seconds() >= 0.05
    assert response.json()["office"] == "tallinn"


async def test_fault_when_on_one_service_then_others_behave(client: httpx.AsyncClient) -> None:
    await put_fault(client, "server_error")
    assert (await client.get(MARYS_DOCUMENTS, headers=HEADERS)).status_code == 200


async def test_fault_when_cleared_then_behaves_again(client: httpx.AsyncClient) -> None:
    await put_fault(client, "server_error")
    assert (await client.delete("/sandbox/faults")).status_code == 204
    assert (await ask_office(client)).status_code == 200


@pytest.mark.parametrize(
    ("code", "body", "status"),
    [
        ("nonsense", {"fault": "html"}, 404),
        ("offices", {"fault": "nonsense"}, 422),
        ("offices", {"fault": "delay", "seconds": 3600}, 422),
        ("offices", {"fault": "delay", "seconds": -1}, 422),
    ],
)
async def test_fault_when_unknown_then_refused(
    client: httpx.AsyncClient, code: str, body: dict[str, object], status: int
) -> None:
    assert (await client.put(f"/sandbox/faults/{code}", json=body)).status_code == status
