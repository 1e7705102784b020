"""What is refused takes one path, whatever of it is true: nothing is to be learnt by how long a refusal takes.

What is compared is what is done, statement by statement and call by call, not a clock.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from assistant.adapters.citizen_certificate import Authorities
from assistant.adapters.mobile_id import MobileId
from assistant.adapters.phone_service import PhoneService, RelyingParty
from assistant.adapters.smart_id import SmartId
from assistant.adapters.smart_id_answer import VerifyAnswer
from assistant.adapters.sql_devices import SqlDevices
from assistant.adapters.sql_hand_overs import SqlHandOvers
from assistant.adapters.sql_linked_apps import LINK_SECONDS, SqlLinkedApps
from assistant.adapters.sql_sessions import SqlSessions
from assistant.core.devices import CODE_SECONDS, HAND_OVER_SECONDS, Change, HandOver
from assistant.core.errors import KrattError, UnknownConversation, UnknownDevice, WrongCode
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.ports import BegunLink, PhoneAnswer, PhoneRequest, Session
from assistant.database import SqlDatabase
from assistant.sandbox.app import create_app
from assistant.sandbox.population import MARY, PHONES, SIGRID, TOOMAS

pytestmark = pytest.mark.attack

NEVER: Any = None
"""A revocation that is not asked about."""
OWNER = Session("c-1", "d-1", MARY, "MARY", Assurance.HIGH)
THIEF = Session("c-2", "d-2", "EE38001085718", "JAAK", Assurance.HIGH)


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Stores:
    """The gateway's stores, on one database."""

    clock: Clock
    devices: SqlDevices
    hand_overs: SqlHandOvers
    sessions: SqlSessions
    apps: SqlLinkedApps


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    url, clock = f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", Clock()
    database = SqlDatabase(url, "KRATT_DATABASE")
    made = Stores(
        clock,
        SqlDevices(database, 120, "a secret", clock),
        SqlHandOvers(database, clock),
        SqlSessions(url, 1800, "a secret", clock),
        SqlLinkedApps(database, "a secret", clock),
    )
    for store in (made.devices, made.hand_overs, made.sessions, made.apps):
        await store.open()
    yield made
    await made.sessions.close()
    await database.close()


@contextmanager
def statements() -> Iterator[list[str]]:
    """What databases are told meanwhile, without values."""
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        told.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def path_of(attempt: Callable[[], Awaitable[object]], refusal: type[KrattError]) -> list[str]:
    with statements() as told, pytest.raises(refusal):
        await attempt()
    return told


async def test_pairing_code_when_refused_then_an_unknown_a_used_and_an_old_one_take_the_same_path(
    stores: Stores,
) -> None:
    devices = stores.devices
    (_, _, used), (_, _, old) = await devices.register(), await devices.register()
    await devices.link(used, "Kitchen", OWNER)
    stores.clock.now += CODE_SECONDS
    await path_of(lambda: devices.link("-", "mine", THIEF), WrongCode)  # the first wrong one begins to be counted
    paths = [await path_of(lambda code=code: devices.link(code, "mine", THIEF), WrongCode) for code in ("-", used, old)]
    assert paths[0]
    assert paths[1:] == paths[:-1]


async def test_hand_over_when_refused_then_an_unknown_a_used_and_an_old_token_take_the_same_path(
    stores: Stores,
) -> None:
    offers = stores.hand_overs
    used = await offers.offer(HandOver("device-1", "dialogue"))
    await offers.take(used)
    old = await offers.offer(HandOver("device-2", "dialogue"))
    stores.clock.now += HAND_OVER_SECONDS
    paths = [await path_of(lambda token=token: offers.find(token), WrongCode) for token in ("-", used, old)]
    assert paths[0]
    assert paths[1:] == paths[:-1]


async def test_conversation_when_refused_then_an_unknown_a_rotated_and_an_old_id_take_the_same_path(
    stores: Stores,
) -> None:
    sessions = stores.sessions
    rotated, old = (await sessions.start()).conversation_id, (await sessions.start()).conversation_id
    await sessions.log_in(rotated, MARY, "MARY", Assurance.HIGH)
    stores.clock.now += 1800
    ids = ("-", rotated, old)
    paths = [await path_of(lambda id_=id_: sessions.find(id_), UnknownConversation) for id_ in ids]
    assert paths[0]
    assert paths[1:] == paths[:-1]


@pytest.mark.parametrize("act", ["change", "unlink"])
async def test_speaker_when_refused_then_one_of_somebody_else_and_none_take_the_same_path(
    stores: Stores, act: str
) -> None:
    devices = stores.devices
    (theirs, _, code), (nobodys, *_) = await devices.register(), await devices.register()
    await devices.link(code, "Kitchen", OWNER)

    async def attempt(device_id: str) -> None:
        if act == "change":
            await devices.change(device_id, Change(is_locked=False), THIEF)
        else:
            await devices.unlink(device_id, THIEF.subject or "")

    ids = ("-", theirs.device_id, nobodys.device_id)
    paths = [await path_of(lambda id_=id_: attempt(id_), UnknownDevice) for id_ in ids]
    assert paths[0]
    assert paths[1:] == paths[:-1]


async def test_link_to_an_app_when_refused_then_an_unknown_a_used_and_an_old_state_take_the_same_path(
    stores: Stores,
) -> None:
    apps, begun = stores.apps, BegunLink(MARY, "ticket")
    await apps.note_link("used", begun)
    await apps.take_link("used")
    await apps.note_link("old", begun)
    stores.clock.now += LINK_SECONDS
    paths = [await path_of(lambda state=state: apps.take_link(state), WrongCode) for state in ("-", "used", "old")]
    assert paths[0]
    assert paths[1:] == paths[:-1]


async def test_app_when_looked_up_then_who_has_linked_one_and_who_has_not_take_the_same_path(stores: Stores) -> None:
    await stores.apps.link(MARY, f"PNOEE-{MARY[2:]}-MOCK-Q")
    paths = []
    for subject in (MARY, SIGRID):
        with statements() as told:
            await stores.apps.document_of(subject)
        paths.append(told)
    assert paths[0] == paths[1]


@dataclass
class Phones(httpx.AsyncBaseTransport):
    """The sandbox's phone services, and what was asked of them, without ids."""

    sandbox: httpx.ASGITransport
    asked: list[str]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append(f"{request.method} {path.rpartition('/')[0]}")
        return await self.sandbox.handle_async_request(request)


@pytest.mark.parametrize(
    ("provider", "addresses"),
    [
        ("mobile_id", {MARY: PHONES[MARY], SIGRID: "+37255599999"}),
        ("smart_id", {TOOMAS: f"PNOEE-{TOOMAS[2:]}-MOCK-Q", SIGRID: f"PNOEE-{SIGRID[2:]}-MOCK-Q"}),
    ],
)
async def test_phone_when_it_refuses_then_one_that_is_there_and_one_that_is_not_take_the_same_path(
    tmp_path: Path, provider: str, addresses: dict[str, str]
) -> None:
    app = create_app(issuer="http://x", client_id="k", client_secret="s", redirect_uris=frozenset())
    sandbox, paths, answers = httpx.ASGITransport(app), [], set()
    for subject, address in addresses.items():
        async with httpx.AsyncClient(transport=sandbox, base_url="http://sandbox") as http:
            await http.put(f"/sandbox/phones/{subject}", json={"behaviour": "timeout"})
        phones = Phones(sandbox, [])
        client: Any = _client(provider, phones, tmp_path)
        question = await client.ask(PhoneRequest(subject, address, "act", "Voice assistant: ?", Language.EN))
        answers.add(await client.answer(question, subject, 1.0))
        paths.append(phones.asked)
        await client.service.close()
    assert answers == {PhoneAnswer.TIMED_OUT}
    assert paths[0]
    assert paths[0] == paths[1]


def _client(provider: str, transport: httpx.AsyncBaseTransport, folder: Path) -> MobileId | SmartId:
    authorities = Authorities(folder / "phones.crt")
    if provider == "mobile_id":
        service = PhoneService("http://sandbox/mid-api", transport=transport)
        party = RelyingParty("00000000-0000-0000-0000-000000000000", "DEMO")
        return MobileId(service, party, authorities, lambda: datetime.now(UTC), NEVER)
    service = PhoneService("http://sandbox/smart-id-rp/v3", transport=transport)
    party = RelyingParty("00000000-0000-4000-8000-000000000000", "DEMO")
    return SmartId(service, party, "smart-id-demo", VerifyAnswer(authorities, lambda: datetime.now(UTC)), NEVER)
