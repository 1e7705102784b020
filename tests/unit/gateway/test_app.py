"""How the gateway is put together with connectors."""

from typing import Any

import httpx
import pytest
from fastapi import APIRouter, Request

from assistant.core.errors import TooOften
from assistant.gateway.app import create_app

pytestmark = pytest.mark.unit

router = APIRouter()


@router.get("/somewhere")
async def refuse(request: Request) -> None:
    raise TooOften(retry_after_seconds=3)


async def test_connector_when_included_then_its_errors_are_told_like_all_others(gateway: Any) -> None:
    transport = httpx.ASGITransport(create_app(gateway.parts(), connectors=[router]))
    async with httpx.AsyncClient(transport=transport, base_url=gateway.public_url) as client:
        answer = await client.get("/somewhere", headers={"Accept-Language": "ru"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    assert answer.json() == {"code": "too_often", "message": "utter_error_too_often in ru"}
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
