"""What an outside desk is told, on real tables; its answers are played."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from assistant.adapters.desk_webhook import DeskWebhook, webhook_key
from assistant.adapters.sql_desk import SqlDesk
from assistant.core.desk import KEPT_SECONDS, Called, Exchange, Reason
from assistant.core.languages import Language
from assistant.core.ports import Session
from assistant.database import SqlDatabase

pytestmark = pytest.mark.unit

URL = "https://helpdesk.example.ee/kratt"
KEY = b"k" * 32
CITIZEN = Session("conversation", "dialogue")
ASKED = Called(Reason.ASKED, with_transcript=True, service="vehicle")


@dataclass
class OutsideDesk:
    """Takes what it is told, or answers with another status; `now` is everybody's clock."""

    status: int = 204
    now: float = 1_800_000_000.0
    told: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.told.append(request)
        if self.status == 0:
            raise httpx.ConnectError("down")
        return httpx.Response(self.status)

    def states(self) -> list[tuple[str, int]]:
        data = [json.loads(request.content)["data"] for request in self.told]
        return [(each["state"], each["last_words"]) for each in data]


@pytest.fixture
def outside() -> OutsideDesk:
    return OutsideDesk()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqlDatabase]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE")
    yield database
    await database.close()


@pytest.fixture
async def desk(database: SqlDatabase, outside: OutsideDesk) -> SqlDesk:
    store = SqlDesk(database, "the operator's secret", lambda: outside.now)
    await store.open()
    return store


@pytest.fixture
async def webhook(database: SqlDatabase, desk: SqlDesk, outside: OutsideDesk) -> AsyncIterator[DeskWebhook]:
    made = DeskWebhook(database, URL, KEY, lambda: outside.now, httpx.MockTransport(outside))
    await made.open()
    yield made
    await made.close()


async def call(desk: SqlDesk) -> str:
    case = await desk.call(CITIZEN, ASKED, Language.ET, (Exchange("canary words", "canary reply"),))
    return case.case_id


async def test_case_when_it_changes_then_each_change_is_told_once(
    webhook: DeskWebhook, desk: SqlDesk, outside: OutsideDesk
) -> None:
    case = await call(desk)
    for change in (None, desk.claim(case, "Helpdesk"), desk.say(CITIZEN, case, "hello"), desk.leave(CITIZEN)):
        if change:
            await change
        await webhook.tell()
        await webhook.tell()
    assert outside.states() == [("waiting", 0), ("claimed", 0), ("claimed", 1), ("closed", 1)]


async def test_message_when_told_then_it_is_signed_and_has_no_words(
    webhook: DeskWebhook, desk: SqlDesk, outside: OutsideDesk
) -> None:
    case = await call(desk)
    await desk.say(CITIZEN, case, "canary of the citizen")
    await webhook.tell()
    (request,) = outside.told
    name, at = request.headers["webhook-id"], request.headers["webhook-timestamp"]
    digest = hmac.new(KEY, f"{name}.{at}.{request.content.decode()}".encode(), hashlib.sha256).digest()
    assert request.headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert (str(request.url), at) == (URL, "1800000000")
    told = json.loads(request.content)
    assert told["type"] == "desk.case"
    assert told["data"] == {
        "case_id": case,
        "language": "et",
        "reason": "asked",
        "service": "vehicle",
        "state": "waiting",
        "last_words": 1,
    }


@pytest.mark.parametrize("status", [0, 302, 410, 500])
async def test_outside_desk_when_it_does_not_take_it_then_it_is_told_again_later_by_the_same_name(
    webhook: DeskWebhook, desk: SqlDesk, outside: OutsideDesk, status: int
) -> None:
    await call(desk)
    outside.status = status
    waits = []
    for _ in range(4):
        before = outside.now
        told = len(outside.told)
        while len(outside.told) == told:
            await webhook.tell()
            outside.now += 1
        waits.append(outside.now - before - 1)
    assert waits == [0, 1, 3, 7]  # seconds after the clock had gone on by one
    outside.status = 204
    outside.now += 16
    await webhook.tell()
    await webhook.tell()
    assert len(outside.told) == 5
    assert len({request.headers["webhook-id"] for request in outside.told}) == 1


async def test_case_when_it_changes_before_it_could_be_told_then_its_latest_state_is(
    webhook: DeskWebhook, desk: SqlDesk, outside: OutsideDesk
) -> None:
    outside.status = 500
    case = await call(desk)
    await webhook.tell()
    await desk.say(CITIZEN, case, "hello")
    outside.status, outside.now = 204, outside.now + 2
    await webhook.tell()
    assert outside.states() == [("waiting", 0), ("waiting", 1)]


async def test_case_when_it_is_gone_then_what_was_told_of_it_is_forgotten(
    webhook: DeskWebhook, database: SqlDatabase, desk: SqlDesk, outside: OutsideDesk
) -> None:
    await call(desk)
    await webhook.tell()
    await desk.leave(CITIZEN)
    outside.now += KEPT_SECONDS
    await desk.purge()
    await webhook.purge()
    async with database.transaction() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM desk_told")).scalar_one() == 0


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64", base64.b64encode(KEY).decode()])
def test_secret_when_it_is_not_written_as_it_should_be_then_is_refused(secret: str) -> None:
    with pytest.raises(ValueError, match="whsec_"):
        webhook_key(secret)


def test_secret_when_written_as_libraries_write_it_then_is_the_key() -> None:
    assert webhook_key(f"whsec_{base64.b64encode(KEY).decode()}") == KEY
