"""What the action server says of the services that it calls, without waiting for them."""

import asyncio
from types import SimpleNamespace

import httpx
import pytest

from actions.server import Parts, Secrets, create_app
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId, ServiceId
from actions.xroad.preflight import Endpoint, Preflight

pytestmark = pytest.mark.contract

DOCUMENTS = "EE/GOV/70008747/itds/documents"
PATH = "/v1/persons/{subject}/documents"


async def test_readiness_when_providers_hang_then_server_starts_answers_and_stops() -> None:
    asked = asyncio.Event()

    async def hang(_: httpx.Request) -> httpx.Response:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    client = XRoadClient("http://ss.test", ClientId.parse("EE/GOV/70009999/kratt"), httpx.MockTransport(hang))
    preflight = Preflight(client, [Endpoint(ServiceId.parse(DOCUMENTS), "GET", PATH)])
    unused = SimpleNamespace()
    parts = Parts((), {}, flow=unused, news=unused, lifetime=preflight.running, preflight=preflight)
    app = create_app(parts, Secrets("s" * 32, "token"))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://actions.test",
            headers={"Authorization": "Bearer token"},
        ) as engine,
    ):
        await asyncio.wait_for(asked.wait(), 1)
        answer = await engine.get("/readiness")
    assert (answer.status_code, answer.json()) == (200, {"services": {DOCUMENTS: {f"GET {PATH}": "unknown"}}})
