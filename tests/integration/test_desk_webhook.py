"""An outside desk on a real socket, told by what the gateway's process is made of."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assistant.adapters.sql_desk import SqlDesk
from assistant.bootstrap.desk_webhook import desk_webhook_of
from assistant.core.desk import Called, Reason
from assistant.core.errors import SettingsError
from assistant.core.languages import Language
from assistant.core.ports import Session
from assistant.database import SqlDatabase
from assistant.settings import Settings
from tests.serving import served

pytestmark = pytest.mark.integration

KEY = b"k" * 32
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
CITIZEN = Session("conversation", "dialogue")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqlDatabase]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE")
    yield database
    await database.close()


async def test_outside_desk_when_it_is_down_at_first_then_it_is_told_all_the_same(database: SqlDatabase) -> None:
    told: asyncio.Queue[Request] = asyncio.Queue()
    statuses = iter([503, 204, 204])

    async def take(request: Request) -> Response:
        await request.body()
        await told.put(request)
        return Response(status_code=next(statuses))

    desk = SqlDesk(database, "the operator's secret")
    await desk.open()
    async with served(Starlette(routes=[Route("/kratt", take, methods=["POST"])])) as address:
        settings = Settings(desk_webhook=f"{address}/kratt", desk_webhook_secret=SECRET, desk_agents="agents")
        (router,) = desk_webhook_of(settings, database)
        async with router.lifespan_context(FastAPI()), asyncio.timeout(20):
            case = await desk.call(CITIZEN, Called(Reason.ASKED, with_transcript=False), Language.EN, ())
            refused, again = await told.get(), await told.get()
            await desk.leave(CITIZEN)
            closed = await told.get()
    for request, state in ((refused, "waiting"), (again, "waiting"), (closed, "closed")):
        body = await request.body()
        name, at = request.headers["webhook-id"], request.headers["webhook-timestamp"]
        digest = hmac.new(KEY, f"{name}.{at}.".encode() + body, hashlib.sha256).digest()
        assert request.headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
        data = json.loads(body)["data"]
        assert (data["case_id"], data["state"]) == (case.case_id, state)
    assert refused.headers["webhook-id"] == again.headers["webhook-id"] != closed.headers["webhook-id"]


@pytest.mark.parametrize(
    ("given", "setting"),
    [
        ({"desk_webhook_secret": SECRET}, "KRATT_DESK_WEBHOOK:"),
        ({"desk_agents": "agents"}, "KRATT_DESK_WEBHOOK_SECRET:"),
        ({"desk_agents": "agents", "desk_webhook_secret": "secret"}, "KRATT_DESK_WEBHOOK_SECRET:"),
    ],
)
def test_settings_when_something_is_missing_then_it_is_named(
    database: SqlDatabase, given: dict[str, str], setting: str
) -> None:
    with pytest.raises(SettingsError, match=setting):
        desk_webhook_of(Settings(desk_webhook="https://helpdesk.example.ee", **given), database)


def test_settings_when_there_is_no_outside_desk_then_nobody_is_told(database: SqlDatabase) -> None:
    assert desk_webhook_of(Settings(), database) == ()
