"""`findUsage` (data tracker OpenAPI 2.1.0) and our other X-Road services, as their callers see them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from actions.citizen_data import CitizenData
from actions.dialogue.fact_cache import FactCache
from actions.phone.questions import PhoneQuestions
from actions.record.access_record import Access, AccessRecord
from actions.record.find_usage import build_usage_router
from actions.record.memory_api import build_memory_router
from actions.record.provider import PROBLEM, Callers
from actions.record.receipts import Receipts
from actions.record.restrictions import Restrictions
from actions.record.restrictions_api import build_restrictions_router
from actions.record.speakers_api import build_speakers_router
from actions.writing.journal import WriteJournal
from actions.writing.notices import Outbox
from actions.xroad.identifiers import ClientId, ServiceId
from assistant.adapters.sql_devices import SqlDevices
from assistant.content.service_spec import Service
from assistant.core.identity import Assurance
from assistant.core.ports import Session
from assistant.database import SqlDatabase

pytestmark = pytest.mark.contract

TRACKER, KRATT = "EE/GOV/70006317/datatracker", "EE/GOV/70009999/kratt"
MARY, JAAK = "EE60001019906", "EE38001085718"
DOCUMENTS = "EE/GOV/70008747/itds/documents"
FIND, RESTRICTIONS = "/xroad/findUsage/v2/findUsage", f"/xroad/restrictions/v1/persons/{MARY}/restrictions"
START = datetime(2026, 11, 23, 10, tzinfo=UTC)
KEY = "k" * 64


def in_all(text: str) -> dict[str, str]:
    return {"en": text, "et": f"{text} eesti keeles", "ru": text}


SERVICE = Service.model_validate(
    {
        "service": "document_expiry",
        "title": in_all("Documents"),
        "owner": {"institution": in_all("Police"), "code": "70008747"},
        "assurance": "substantial",
        "data_class": "personal",
        "purpose": in_all("Tell"),
        "calls": [
            {
                "id": "documents",
                "register": in_all("the register"),
                "service": DOCUMENTS,
                "operation": "GET /v1/persons/{subject}/documents",
                "reads": ["number"],
            }
        ],
        "answers": {"each": "utter_x", "none": "utter_x"},
        "degrade": "utter_x",
    }
)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqlDatabase]:
    opened = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'record.db'}", "KRATT_RECORD_DATABASE")
    yield opened
    await opened.close()


@pytest.fixture
async def record(database: SqlDatabase) -> AccessRecord:
    seconds = count()
    opened = AccessRecord(database, lambda: START + timedelta(seconds=next(seconds)))
    await opened.open()
    return opened


@pytest.fixture
async def restrictions(database: SqlDatabase) -> Restrictions:
    opened = Restrictions(database, ClientId.parse(KRATT), START.timestamp)
    await opened.open()
    return opened


@pytest.fixture
async def client(
    record: AccessRecord, restrictions: Restrictions, database: SqlDatabase
) -> AsyncIterator[httpx.AsyncClient]:
    app = own_services(record, restrictions, database)
    journal, questions = WriteJournal(database, lambda _: None), PhoneQuestions(database, 0)
    for each in (Outbox(database), journal, questions, Receipts(database), SqlDevices(database, 120, "a secret")):
        await each.open()
    headers = {"X-Road-Client": TRACKER, "X-Road-UserId": MARY}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://actions", headers=headers
    ) as client:
        yield client


def own_services(record: AccessRecord, restrictions: Restrictions, database: SqlDatabase) -> FastAPI:
    app = FastAPI(openapi_url=None)
    callers = Callers(frozenset({TRACKER, KRATT}), (ip_network("127.0.0.1"),))
    app.include_router(build_usage_router(record, {"document_expiry": SERVICE}, callers), prefix="/xroad")
    app.include_router(build_restrictions_router(restrictions, callers), prefix="/xroad")
    journal, questions = WriteJournal(database, lambda _: None), PhoneQuestions(database, 0)
    data = CitizenData(record, restrictions, journal, Outbox(database), questions, FactCache())
    app.include_router(build_memory_router(data, Receipts(database), callers), prefix="/xroad")
    app.include_router(
        build_speakers_router(SqlDevices(database, 120, "a secret"), Receipts(database), callers), prefix="/xroad"
    )
    return app


async def write(record: AccessRecord, *purposes: str, subject: str = MARY) -> None:
    for purpose in purposes:
        await record.write(
            [Access(subject, subject, purpose, DOCUMENTS, ("number",), Assurance.HIGH, "dialogue", "page")]
        )


async def assert_is_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.headers["Content-Type"], answer.json()["code"]) == (status, PROBLEM, code)
    assert answer.json().keys() == {"type", "title", "status", "code"}
    assert JAAK not in answer.text


async def test_find_usage_when_asked_then_answers_as_described(client: httpx.AsyncClient, record: AccessRecord) -> None:
    await write(record, "document_expiry", "gone_service")
    await write(record, "document_expiry", subject=JAAK)
    answer = await client.get(FIND, params={"userCode": MARY})
    assert answer.json() == {
        "totalUsages": 2,
        "usages": [
            {
                "logtime": "2026-11-23T10:00:01.000Z",
                "action": "gone_service",
                "receiverCode": "70008747",
                "receiverSystem": "kratt",
            },
            {
                "logtime": "2026-11-23T10:00:00.000Z",
                "action": "Tell eesti keeles",
                "receiverCode": "70008747",
                "receiverName": "Police eesti keeles",
                "receiverSystem": "kratt",
            },
        ],
    }


async def test_find_usage_when_paged_as_the_tracker_does_then_each_comes_once(
    client: httpx.AsyncClient, record: AccessRecord
) -> None:
    await write(record, *map(str, range(5)))
    seen: list[str] = []
    while True:
        answer = (await client.get(FIND, params={"userCode": MARY, "offset": len(seen), "limit": 2})).json()
        assert answer["totalUsages"] == 5
        seen += [usage["action"] for usage in answer["usages"]]
        if len(answer["usages"]) < 2:
            break
    assert seen == ["4", "3", "2", "1", "0"]


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ({"periodStart": "2026-11-23T10:00:01Z"}, ["2", "1"]),
        ({"periodEnd": "2026-11-23T10:00:01Z"}, ["1", "0"]),
        ({"periodStart": "2026-11-23T12:00:01+02:00", "periodEnd": "2026-11-23T12:00:01+02:00"}, ["1"]),
        ({"periodStart": "2026-11-23T10:00:02"}, ["2"]),
        ({"periodEnd": "2026-11-23"}, []),
    ],
)
async def test_find_usage_when_a_period_is_given_then_keeps_to_it(
    client: httpx.AsyncClient, record: AccessRecord, period: dict[str, str], expected: list[str]
) -> None:
    await write(record, "0", "1", "2")
    answer = await client.get(FIND, params={"userCode": MARY, **period})
    assert [usage["action"] for usage in answer.json()["usages"]] == expected


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"userCode": ""},
        {"userCode": [MARY, JAAK]},
        {"userCode": MARY, "limit": 1001},
        {"userCode": MARY, "limit": 0},
        {"userCode": MARY, "limit": "x"},
        {"userCode": MARY, "offset": -1},
        {"userCode": MARY, "offset": 2**40},
        {"userCode": MARY, "periodStart": JAAK + "x"},
        {"userCode": MARY, "periodEnd": "0001-01-01T00:00:00+14:00"},
    ],
)
async def test_find_usage_when_the_query_is_wrong_then_400_without_its_words(
    client: httpx.AsyncClient, query: dict[str, Any]
) -> None:
    await assert_is_problem(await client.get(FIND, params=query), 400, "query_malformed")


REFUSED = [
    pytest.param({"X-Road-Client": "EE/GOV/70006317/other"}, 403, "client_not_allowed", id="another subsystem"),
    pytest.param({"X-Road-UserId": JAAK}, 403, "person_not_allowed", id="another person"),
    pytest.param({"X-Road-UserId": ""}, 400, "header_missing", id="nobody"),
    pytest.param({"X-Road-Client": ""}, 400, "header_missing", id="no subsystem"),
]


@pytest.mark.parametrize(("headers", "status", "code"), REFUSED)
@pytest.mark.parametrize("address", [f"{FIND}?userCode={MARY}", RESTRICTIONS, f"{RESTRICTIONS}/{KEY}"])
async def test_service_when_the_caller_may_not_then_refuses(
    client: httpx.AsyncClient, record: AccessRecord, headers: dict[str, str], status: int, code: str, address: str
) -> None:
    await write(record, "document_expiry")
    await assert_is_problem(await client.get(address, headers=headers), status, code)


async def test_service_when_a_header_comes_twice_then_refuses(client: httpx.AsyncClient) -> None:
    twice = [("X-Road-Client", TRACKER), ("X-Road-UserId", JAAK), ("X-Road-UserId", MARY)]
    client.headers.clear()
    await assert_is_problem(await client.get(f"{FIND}?userCode={MARY}", headers=twice), 400, "header_missing")


async def test_period_when_asked_then_begins_with_the_first_row(
    client: httpx.AsyncClient, record: AccessRecord
) -> None:
    empty = (await client.get("/xroad/findUsage/v2/usagePeriod")).json()
    assert datetime.fromisoformat(empty["periodStart"]) <= datetime.now(UTC)
    await write(record, "0", "1")
    answer = await client.get("/xroad/findUsage/v2/usagePeriod")
    assert answer.json() == {"periodStart": "2026-11-23T10:00:00.000Z"}


async def test_record_when_it_is_broken_then_heartbeat_fails_and_questions_are_not_answered_with_nothing(
    client: httpx.AsyncClient, database: SqlDatabase
) -> None:
    heartbeat = "/xroad/findUsage/v2/heartbeat"
    assert (await client.get(heartbeat)).json() == {"status": "OK"}
    async with database.transaction() as connection:
        await connection.exec_driver_sql("DROP TABLE accesses")
    assert (await client.get(heartbeat)).json()["status"] == "FAIL"
    await assert_is_problem(await client.get(FIND, params={"userCode": MARY}), 500, "service_unavailable")


async def test_restrictions_when_blocked_then_the_next_read_is_and_when_lifted_it_is_not(
    client: httpx.AsyncClient, restrictions: Restrictions
) -> None:
    documents = ServiceId.parse(DOCUMENTS)
    blocked = await client.post(
        RESTRICTIONS, json={"scope": "70008747", "blocked": True}, headers={"Idempotency-Key": KEY}
    )
    assert blocked.status_code == 201
    assert blocked.json()["receiptNumber"]
    assert await restrictions.blocks(MARY, documents)
    listed = (await client.get(RESTRICTIONS)).json()
    assert listed == {"restrictions": [{"scope": "70008747", "blocked": True, "since": "2026-11-23T10:00:00+00:00"}]}
    lifted = await client.post(
        RESTRICTIONS, json={"scope": "70008747", "blocked": False}, headers={"Idempotency-Key": "l" * 64}
    )
    assert lifted.json()["receiptNumber"] != blocked.json()["receiptNumber"]
    assert not await restrictions.blocks(MARY, documents)
    assert (await client.get(RESTRICTIONS)).json() == {"restrictions": []}


async def test_restrictions_when_the_same_key_comes_again_then_it_is_done_once(
    client: httpx.AsyncClient, restrictions: Restrictions
) -> None:
    block, lift = ({"scope": "all", "blocked": blocked} for blocked in (True, False))
    first = await client.post(RESTRICTIONS, json=block, headers={"Idempotency-Key": KEY})
    await client.post(RESTRICTIONS, json=lift, headers={"Idempotency-Key": "l" * 64})
    again = await client.post(RESTRICTIONS, json=block, headers={"Idempotency-Key": KEY})
    assert (again.status_code, again.json()) == (201, first.json())
    assert await restrictions.of(MARY) == ()
    reused = await client.post(RESTRICTIONS, json=lift, headers={"Idempotency-Key": KEY})
    await assert_is_problem(reused, 422, "key_reused")


async def test_restrictions_when_asked_by_key_then_tells_only_the_one_who_used_it(client: httpx.AsyncClient) -> None:
    await assert_is_problem(await client.get(f"{RESTRICTIONS}/{KEY}"), 404, "unknown_key")
    done = await client.post(RESTRICTIONS, json={"scope": "all", "blocked": True}, headers={"Idempotency-Key": KEY})
    assert (await client.get(f"{RESTRICTIONS}/{KEY}")).json() == done.json()
    others = await client.get(f"{RESTRICTIONS.replace(MARY, JAAK)}/{KEY}", headers={"X-Road-UserId": JAAK})
    await assert_is_problem(others, 404, "unknown_key")


@pytest.mark.parametrize(
    ("body", "key", "code"),
    [
        ('{"scope": "all", "blocked": true}', "", "key_missing"),
        ('{"scope": "all", "blocked": true}', "a b c d e f g h i", "key_missing"),
        ('{"scope": "all"}', KEY, "body_malformed"),
        ('{"scope": "all", "blocked": "yes"}', KEY, "body_malformed"),
        ('{"scope": "everything", "blocked": true}', KEY, "body_malformed"),
        ('{"scope": "EE/GOV/70008747", "blocked": true}', KEY, "body_malformed"),
        ('{"scope": "all", "blocked": true, "person": "EE38001085718"}', KEY, "body_malformed"),
        ("[", KEY, "body_malformed"),
    ],
)
async def test_restrictions_when_the_change_is_malformed_then_400_and_nothing_is_blocked(
    client: httpx.AsyncClient, restrictions: Restrictions, body: str, key: str, code: str
) -> None:
    await assert_is_problem(await client.post(RESTRICTIONS, content=body, headers={"Idempotency-Key": key}), 400, code)
    assert await restrictions.of(MARY) == ()


@pytest.mark.parametrize("address", ["203.0.113.7", "10.0.0.1", "::2", ""])
@pytest.mark.parametrize(
    "path", [FIND, "/xroad/findUsage/v2/usagePeriod", "/xroad/findUsage/v2/heartbeat", RESTRICTIONS]
)
async def test_services_when_somebody_else_than_the_security_server_calls_then_its_headers_are_not_believed(
    record: AccessRecord, restrictions: Restrictions, database: SqlDatabase, address: str, path: str
) -> None:
    transport = httpx.ASGITransport(own_services(record, restrictions, database), client=(address, 4711))
    headers = {"X-Road-Client": TRACKER, "X-Road-UserId": MARY, "X-Forwarded-For": "127.0.0.1"}
    async with httpx.AsyncClient(transport=transport, base_url="http://actions", headers=headers) as stranger:
        await assert_is_problem(await stranger.get(path, params={"userCode": MARY}), 403, "address_not_allowed")


MEMORY, FORGETTINGS = (f"/xroad/memory/v1/persons/{MARY}/{what}" for what in ("memory", "forgettings"))


async def test_memory_when_asked_then_counts_what_is_kept_of_this_person(
    client: httpx.AsyncClient, record: AccessRecord
) -> None:
    await write(record, "document_expiry", "document_expiry")
    await write(record, "document_expiry", subject=JAAK)
    assert (await client.get(MEMORY)).json() == {"accesses": "2", "restrictions": "0", "writes": "0"}


async def test_forgetting_when_wished_twice_with_a_key_then_is_one_and_the_record_stays(
    client: httpx.AsyncClient, record: AccessRecord
) -> None:
    await write(record, "document_expiry")
    key = {"Idempotency-Key": "k" * 32}
    await assert_is_problem(await client.get(f"{FORGETTINGS}/{'k' * 32}"), 404, "unknown_key")
    first, again = [await client.post(FORGETTINGS, json={"everything": True}, headers=key) for _ in range(2)]
    assert (first.status_code, first.json()) == (201, again.json())
    assert (await client.get(f"{FORGETTINGS}/{'k' * 32}")).json() == first.json()
    assert (await client.get(MEMORY)).json()["accesses"] == "1"


async def test_forgetting_when_of_somebody_else_or_without_a_key_then_is_refused(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "k" * 32}
    await assert_is_problem(await client.post(FORGETTINGS), 400, "key_missing")
    others = FORGETTINGS.replace(MARY, JAAK)
    await assert_is_problem(await client.post(others, headers=key), 403, "person_not_allowed")
    await client.post(FORGETTINGS, headers=key)
    stolen = {**key, "X-Road-UserId": JAAK}
    await assert_is_problem(await client.post(others, headers=stolen), 422, "key_reused")
    await assert_is_problem(await client.get(f"{others}/{'k' * 32}", headers=stolen), 404, "unknown_key")


async def test_forgetting_when_it_was_long_ago_then_is_forgotten_itself(database: SqlDatabase) -> None:
    clock = [1_000_000.0]
    receipts = Receipts(database, lambda: clock[0])
    await receipts.open()
    receipt = await receipts.note(MARY, "k" * 32)
    clock[0] += 29 * 86400
    await receipts.forget(30)
    assert await receipts.find(MARY, "k" * 32) == receipt
    clock[0] += 86400
    await receipts.forget(30)
    assert await receipts.find(MARY, "k" * 32) is None


SPEAKERS, CHANGES = (f"/xroad/speakers/v1/persons/{MARY}/{what}" for what in ("speakers", "changes"))
KEYED = {"Idempotency-Key": "k" * 32}


@pytest.fixture
async def devices(client: httpx.AsyncClient, database: SqlDatabase) -> SqlDevices:
    return SqlDevices(database, 120, "a secret")


async def link(devices: SqlDevices, name: str, person: str = MARY) -> str:
    _, _, code = await devices.register()
    return (await devices.link(code, name, Session("c", "d", person, "", Assurance.HIGH))).device_id


async def test_speakers_when_asked_then_only_this_persons_are_told(
    client: httpx.AsyncClient, devices: SqlDevices
) -> None:
    kitchen, _ = await link(devices, "Kitchen"), await link(devices, "Jaak's", JAAK)
    mine = {"speaker": kitchen, "name": "Kitchen", "state": "speaker_locked"}
    assert (await client.get(SPEAKERS)).json() == {"speakers": [mine]}
    assert (await client.get(f"{SPEAKERS}/{kitchen}")).json() == {"isSpeaker": True, **mine}
    assert (await client.get(f"{SPEAKERS}/none")).json() == {"isSpeaker": False}


async def test_speaker_when_unlinked_twice_with_a_key_then_is_once_and_the_status_knows(
    client: httpx.AsyncClient, devices: SqlDevices
) -> None:
    body = {"change": "unlink", "speaker": await link(devices, "Kitchen")}
    await assert_is_problem(await client.get(f"{CHANGES}/{'k' * 32}"), 404, "unknown_key")
    first, again = [await client.post(CHANGES, json=body, headers=KEYED) for _ in range(2)]
    assert (first.status_code, first.json()) == (201, again.json())
    assert (await client.get(f"{CHANGES}/{'k' * 32}")).json() == first.json()
    assert await devices.of(MARY) == ()


async def test_speaker_when_renamed_then_keeps_everything_else(client: httpx.AsyncClient, devices: SqlDevices) -> None:
    kitchen = await link(devices, "Kitchen")
    (before,) = await devices.of(MARY)
    body = {"change": "rename", "speaker": kitchen, "name": "  living   room "}
    assert (await client.post(CHANGES, json=body, headers=KEYED)).status_code == 201
    assert await devices.of(MARY) == (replace(before, name="living room"),)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"change": "unlink", "speaker": "guessed"}, "no_such_speaker"),
        ({"change": "unlink", "speaker": "JAAKS"}, "no_such_speaker"),
        ({"change": "rename", "speaker": "JAAKS", "name": "mine"}, "no_such_speaker"),
        ({"change": "rename", "speaker": "guessed", "name": ""}, "unfit_name"),
        ({"change": "rename", "speaker": "guessed", "name": "x" * 41}, "unfit_name"),
        ({"change": "unlock", "speaker": "guessed"}, "unfit_name"),
        ({"change": "unlink", "speaker": "guessed", "may_speak": True}, "unfit_name"),
    ],
)
async def test_speaker_when_the_change_is_unfit_or_it_is_somebody_elses_then_is_refused_and_nothing_changes(
    client: httpx.AsyncClient, devices: SqlDevices, body: dict[str, Any], code: str
) -> None:
    theirs = await link(devices, "Jaak's", JAAK)
    body["speaker"] = theirs if body["speaker"] == "JAAKS" else body["speaker"]
    before = await devices.of(JAAK)
    await assert_is_problem(await client.post(CHANGES, json=body, headers=KEYED), 422, code)
    assert await devices.of(JAAK) == before
    await assert_is_problem(await client.get(f"{CHANGES}/{'k' * 32}"), 404, "unknown_key")
