import asyncio
import logging
from datetime import timedelta
from typing import Any

import httpx
import pytest

from actions.register_reading import RegisterReader, read_item, select_records
from actions.values.saying import SpokenValues
from actions.xroad.answers import Answer, Receipt
from assistant.content.service_spec import Service
from assistant.core.calendar import citizens_today
from assistant.core.deadline import Deadline
from assistant.core.errors import (
    AccessBlocked,
    AccessRestricted,
    ServiceRefused,
    ServiceUnavailable,
    ServiceUnintelligible,
)
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

SUBJECT = "EE60001019906"
CHILD = "EE51001091072"
ENGLISH = SpokenValues(Language.EN, {})
FINE = {"what": {"en": "Parking", "et": "Parkimine", "ru": "Парковка"}, "amount": "80.00", "dueDate": "2026-12-20"}


def problem(code: str, status: int = 403) -> httpx.Response:
    headers = {"Content-Type": "application/problem+json"}
    return httpx.Response(
        status, json={"type": "about:blank", "title": "No", "status": status, "code": code}, headers=headers
    )


@pytest.fixture
def answered(security_server: Any) -> Any:
    """Makes the register answer like one whose problem passed through X-Road."""

    def answer(path: str, response: httpx.Response) -> None:
        security_server.answers[path] = response

    return answer


async def test_read_when_register_answers_then_items_are_in_words(
    documents: Service, terms: Any, reader: RegisterReader, security_server: Any, asker: Any
) -> None:
    security_server.answers["/documents"] = {
        "documents": [
            {"documentType": "passport", "number": "K1", "validUntil": "2027-05-05"},
            {
                "documentType": "id_card",
                "number": "A1",
                "validUntil": "2028-01-02",
                "certificateValidUntil": "2028-01-01",
            },
        ]
    }
    words = SpokenValues(Language.ET, {code: {Language.ET: code.upper()} for code in terms})
    (reading,) = await reader.read(documents, documents.calls, {}, asker(), words)
    assert [item.words for item in reading.items] == [
        {"document": "PASSPORT", "number": "K1", "valid_until": "5. mai 2027"},
        {
            "document": "ID_CARD",
            "number": "A1",
            "valid_until": "2. jaanuar 2028",
            "certificate_valid_until": "1. jaanuar 2028",
        },
    ]
    assert reading.items[0].raw == {"document": "passport", "number": "K1", "valid_until": "2027-05-05"}
    assert {item.register for item in reading.items} == {"the documents register (et)"}


async def test_read_when_one_register_fails_then_the_other_still_answers(
    debts: Service, reader: RegisterReader, security_server: Any, asker: Any, caplog: pytest.LogCaptureFixture
) -> None:
    security_server.answers["/fines"] = {"fines": [FINE, {**FINE, "amount": "0.50"}]}
    security_server.answers["/debts"] = httpx.Response(404)
    caplog.set_level(logging.INFO, "kratt")
    fines, tax = await reader.read(debts, debts.calls, {}, asker(), ENGLISH)
    assert [str(item.amount) for item in fines.items] == ["80.00", "0.50"]
    assert type(tax.error) is ServiceRefused
    (record,) = caplog.records
    facts = record.facts  # type: ignore[attr-defined]
    assert (facts["turn_id"], facts["call"], facts["code"]) == ("turn-1", "debts", "service_refused")
    assert SUBJECT not in str(vars(record))


async def test_read_when_two_registers_are_slow_then_waits_for_them_together(
    debts: Service, permission: Any, asker: Any
) -> None:
    both_asked = asyncio.Barrier(2)

    class Meeting:
        async def get(self, *_: Any, **__: Any) -> Answer:
            await asyncio.wait_for(both_asked.wait(), 1)
            return Answer({"fines": [], "debts": []}, Receipt("id", "request", "hash"))

    reader = RegisterReader(Meeting(), permission, None)  # type: ignore[arg-type]
    readings = await reader.read(debts, debts.calls, {}, asker(), ENGLISH)
    assert [reading.error for reading in readings] == [None, None]


@pytest.mark.parametrize("field", ["amount", "dueDate", "what"])
async def test_read_when_a_promised_field_is_missing_then_answer_is_unintelligible(
    field: str, debts: Service, reader: RegisterReader, security_server: Any, asker: Any
) -> None:
    security_server.answers["/fines"] = {"fines": [{key: value for key, value in FINE.items() if key != field}]}
    (fines,) = await reader.read(debts, debts.calls[:1], {}, asker(), ENGLISH)
    assert type(fines.error) is ServiceUnintelligible


async def test_read_when_no_time_is_left_then_register_is_unavailable_and_not_asked(
    debts: Service, reader: RegisterReader, security_server: Any, asker: Any
) -> None:
    readings = await reader.read(debts, debts.calls, {}, asker(deadline=Deadline.after(-1)), ENGLISH)
    assert {type(reading.error) for reading in readings} == {ServiceUnavailable}
    assert security_server.requests == []


async def test_read_when_it_is_personal_then_the_register_sees_the_record_of_it(
    documents: Service, reader: RegisterReader, security_server: Any, permission: Any, asker: Any
) -> None:
    security_server.answers["/documents"] = {"documents": []}
    await reader.read(documents, documents.calls, {}, asker(), ENGLISH)
    (request,) = security_server.requests
    assert permission.granted == [("documents", SUBJECT)]
    assert (request.headers["X-Road-UserId"], request.headers["X-Road-Issue"]) == (SUBJECT, "record-of-documents")
    assert "X-Road-Represented-Party" not in request.headers


async def test_read_when_it_is_not_permitted_then_the_register_is_not_asked(
    debts: Service, reader: RegisterReader, security_server: Any, permission: Any, asker: Any
) -> None:
    permission.refused = {"fines": AccessBlocked()}
    security_server.answers["/debts"] = {"debts": []}
    fines, tax = await reader.read(debts, debts.calls, {}, asker(), ENGLISH)
    assert (type(fines.error), tax.error) == (AccessBlocked, None)
    assert [request.url.path.rpartition("/")[2] for request in security_server.requests] == ["debts"]


async def test_read_when_it_is_public_then_needs_no_permission_and_nobody_is_named(
    offices: Service, reader: RegisterReader, security_server: Any, permission: Any, asker: Any
) -> None:
    security_server.answers["/offices/tartu"] = {"details": {"en": "Here"}}
    called = asker(represented=CHILD)
    (reading,) = await reader.read(offices, offices.calls[:1], {"office": "tartu"}, called, ENGLISH)
    assert [item.words for item in reading.items] == [{"details": "Here"}]
    (request,) = security_server.requests
    assert permission.granted == []
    assert not {"x-road-userid", "x-road-represented-party"} & request.headers.keys()
    assert request.headers["X-Road-Issue"] == "turn-1"


async def test_read_when_somebody_is_represented_then_the_register_is_told_for_whom(
    documents: Service, reader: RegisterReader, security_server: Any, asker: Any
) -> None:
    security_server.answers["/documents"] = {"documents": []}
    await reader.read(documents, documents.calls, {}, asker(represented=CHILD), ENGLISH)
    (request,) = security_server.requests
    assert request.headers["X-Road-Represented-Party"] == CHILD
    assert request.headers["X-Road-UserId"] == SUBJECT


@pytest.mark.parametrize(
    ("written", "days"),
    [("{today}", 0), ("{today-365}", -365), ("{today+14}", 14)],
)
async def test_read_when_the_query_counts_days_then_they_are_the_citizens(
    written: str, days: int, documents: Service, reader: RegisterReader, security_server: Any, asker: Any
) -> None:
    security_server.answers["/documents"] = {"documents": []}
    query = {"since": f"{written}T00:00:00Z", "owner": "{subject}", "kind": "all"}
    call = documents.calls[0].model_copy(update={"query": query})
    await reader.read(documents, [call], {}, asker(), ENGLISH)
    (request,) = security_server.requests
    day = citizens_today() + timedelta(days=days)
    assert dict(request.url.params) == {"since": f"{day}T00:00:00Z", "owner": SUBJECT, "kind": "all"}


async def test_read_when_the_register_knows_nobody_then_nothing_was_found(
    documents: Service, reader: RegisterReader, answered: Any, asker: Any
) -> None:
    answered("/documents", problem("no_record", 404))
    (reading,) = await reader.read(documents, documents.calls, {}, asker(), ENGLISH)
    assert (reading.items, reading.error) == ((), None)


async def test_read_when_the_citizen_closed_their_data_then_the_error_says_so(
    documents: Service, reader: RegisterReader, answered: Any, asker: Any
) -> None:
    answered("/documents", problem("restricted_by_person"))
    (reading,) = await reader.read(documents, documents.calls, {}, asker(), ENGLISH)
    assert type(reading.error) is AccessRestricted


DOCUMENTS = [{"documentType": "passport"}, {"documentType": "id_card"}]


@pytest.mark.parametrize(
    ("answer", "slots", "expected"),
    [
        ({"documents": []}, {}, []),
        ({"documents": DOCUMENTS}, {}, DOCUMENTS),
        ({"documents": DOCUMENTS}, {"document_type": "passport"}, DOCUMENTS[:1]),
        ({"documents": DOCUMENTS}, {"document_type": "driving_licence"}, []),
        ({"documents": DOCUMENTS[0]}, {}, DOCUMENTS[:1]),
    ],
)
def test_select_records_when_items_are_there_then_keeps_what_was_asked_about(
    answer: object, slots: dict[str, str], expected: list[Any], documents: Service
) -> None:
    assert list(select_records(answer, documents.calls[0], slots)) == expected


@pytest.mark.parametrize(
    "answer", [None, [], "text", {}, {"documents": None}, {"documents": ["text"]}, {"documents": 1}]
)
def test_select_records_when_items_are_not_there_then_that_is_not_nothing_found(
    answer: object, documents: Service
) -> None:
    with pytest.raises(ServiceUnintelligible):
        select_records(answer, documents.calls[0], {})


@pytest.mark.parametrize("answer", [{"details": 1}, [{"details": 1}]])
def test_select_records_when_call_names_no_items_then_answer_itself_is_one_or_many(
    answer: object, offices: Service
) -> None:
    assert select_records(answer, offices.calls[0], {}) == ({"details": 1},)


@pytest.mark.parametrize("empty", [{}, {"certificateValidUntil": None}, {"certificateValidUntil": []}])
def test_read_item_when_an_optional_field_is_empty_then_it_is_not_read(
    empty: dict[str, object], documents: Service, terms: Any
) -> None:
    record = {"documentType": "passport", "number": "K1", "validUntil": "2027-05-05", **empty}
    item = read_item(record, documents.calls[0], SpokenValues(Language.EN, terms))
    assert item.raw.keys() == item.words.keys() == {"document", "number", "valid_until"}


@pytest.mark.parametrize(("value", "raw"), [(True, "yes"), (False, "no")])
def test_read_item_when_a_field_is_true_or_false_then_conditions_see_yes_or_no(
    value: bool, raw: str, offices: Service
) -> None:
    reads = {"open": {"from": "isOpen"}}
    call = type(offices.calls[0]).model_validate(
        {**offices.calls[0].model_dump(by_alias=True), "reads": reads},
    )
    words = SpokenValues(Language.EN, {each: {Language.EN: each.upper()} for each in ("yes", "no")})
    item = read_item({"isOpen": value}, call, words)
    assert (item.raw, item.words) == ({"open": raw}, {"open": raw.upper()})
