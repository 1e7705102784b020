"""Calls that the sandbox's security server passes on to the assistant's own services."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from assistant.sandbox.app import create_app
from tests.serving import served

pytestmark = pytest.mark.contract

KRATT = "EE/GOV/70009999/kratt"
HEADERS = {"X-Road-Client": KRATT, "X-Road-UserId": "EE60001019906", "X-Road-Id": "my-own-id"}


class Seen:
    def __init__(self) -> None:
        self.request: dict[str, object] = {}
        self.answer = Response(b'{"ok": true}', media_type="application/json")


@pytest.fixture(scope="module")
def seen() -> Seen:
    return Seen()


@pytest.fixture(scope="module")
async def own_url(seen: Seen) -> AsyncIterator[str]:
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def answer(request: Request) -> Response:
        target = request.scope["raw_path"].decode()
        query = request.scope["query_string"].decode()
        seen.request = {
            "target": f"{request.method} {target}" + (f"?{query}" if query else ""),
            "headers": [(name.decode(), value.decode("latin-1")) for name, value in request.headers.raw],
            "body": (await request.body()).decode(),
        }
        return seen.answer

    async with served(app, ws="none") as url:
        yield f"{url}/xroad"


@pytest.fixture(scope="module")
async def client(own_url: str) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(
        issuer="http://sandbox", client_id="k", client_secret="s", redirect_uris=frozenset(), own_services_url=own_url
    )
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox") as client,
    ):
        yield client


async def test_call_when_own_service_then_path_query_and_xroad_headers_come_through(
    client: httpx.AsyncClient, seen: Seen
) -> None:
    response = await client.get(
        f"/r1/{KRATT}/findUsage/v2/findUsage?userCode=EE60001019906&periodStart=2026-01-01T00%3A00%3A00Z",
        headers=HEADERS | {"X-Road-Request-Id": "forged", "User-Agent": "mine", "X-Road-Issue": "b8"},
    )
    assert response.json() == {"ok": True}
    assert response.headers["X-Road-Service"] == f"{KRATT}/findUsage"
    target = "GET /xroad/findUsage/v2/findUsage?userCode=EE60001019906&periodStart=2026-01-01T00%3A00%3A00Z"
    assert seen.request["target"] == target
    headers = dict(seen.request["headers"])  # type: ignore[call-overload]
    assert {name: headers.get(name) for name in ("x-road-client", "x-road-userid", "x-road-id", "x-road-issue")} == {
        "x-road-client": KRATT,
        "x-road-userid": "EE60001019906",
        "x-road-id": "my-own-id",
        "x-road-issue": "b8",
    }
    assert headers["x-road-request-id"] == response.headers["X-Road-Request-Id"] != "forged"
    assert headers.get("user-agent") != "mine"


async def test_call_when_written_then_body_and_key_come_through(client: httpx.AsyncClient, seen: Seen) -> None:
    path = f"/r1/{KRATT}/restrictions/v1/persons/EE60001019906%2Fx/restrictions"
    body = {"scope": "all", "blocked": True}
    await client.post(path, json=body, headers=HEADERS | {"Idempotency-Key": "k" * 16})
    assert seen.request["target"] == "POST /xroad/restrictions/v1/persons/EE60001019906%2Fx/restrictions"
    assert json.loads(str(seen.request["body"])) == body
    assert ("idempotency-key", "k" * 16) in seen.request["headers"]  # type: ignore[operator]


async def test_call_when_own_service_refuses_then_its_problem_and_no_xroad_error(
    client: httpx.AsyncClient, seen: Seen
) -> None:
    seen.answer = Response(b'{"code": "no"}', 403, {"Retry-After": "7"}, media_type="application/problem+json")
    response = await client.get(f"/r1/{KRATT}/findUsage/v2/heartbeat", headers=HEADERS)
    assert (response.status_code, response.json()) == (403, {"code": "no"})
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Retry-After"] == "7"
    assert "X-Road-Error" not in response.headers
    assert response.headers["X-Road-Id"] == "my-own-id"
