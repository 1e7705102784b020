import asyncio
import logging
from typing import Any

import httpx
import pytest

from actions.register_reading import Asker, RegisterReader, select_records
from actions.values.saying import SpokenValues
from actions.xroad.client import XRoadClient
from assistant.content.service_spec import Service
from assistant.core.errors import ServiceRefused, ServiceUnavailable, ServiceUnintelligible
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

SUBJECT = "EE60001019906"
ASKER = Asker(SUBJECT, "turn-1", 5)
FINE = {"what": {"en": "Parking", "et": "Parkimine", "ru": "Парковка"}, "amount": "80.00", "dueDate": "2026-12-20"}


async def test_read_when_register_answers_then_items_are_in_words(
    documents: Service, terms: Any, xroad: XRoadClient, security_server: Any
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
    (reading,) = await RegisterReader(documents, xroad).read(documents.calls, {}, ASKER, words)
    assert reading.items == (
        {"document": "PASSPORT", "number": "K1", "valid_until": "5. mai 2027"},
        {
            "document": "ID_CARD",
            "number": "A1",
            "valid_until": "2. jaanuar 2028",
            "certificate_valid_until": "1. jaanuar 2028",
        },
    )


async def test_read_when_one_register_fails_then_the_other_still_answers(
    debts: Service, xroad: XRoadClient, security_server: Any, caplog: pytest.LogCaptureFixture
) -> None:
    security_server.answers["/fines"] = {"fines": [FINE, {**FINE, "amount": "0.50"}]}
    security_server.answers["/debts"] = httpx.Response(404)
    caplog.set_level(logging.INFO, "kratt")
    fines, tax = await RegisterReader(debts, xroad).read(debts.calls, {}, ASKER, SpokenValues(Language.EN, {}))
    assert len(fines.items) == 2
    assert str(fines.total) == "80.50"
    assert type(tax.error) is ServiceRefused
    (record,) = caplog.records
    facts = record.facts  # type: ignore[attr-defined]
    assert (facts["turn_id"], facts["call"], facts["code"]) == ("turn-1", "debts", "service_refused")
    assert SUBJECT not in str(vars(record))


async def test_read_when_two_registers_are_slow_then_waits_for_them_together(
    debts: Service, security_server: Any
) -> None:
    both_asked = asyncio.Barrier(2)

    class Meeting:
        async def get(self, *_: Any, **__: Any) -> object:
            await asyncio.wait_for(both_asked.wait(), 1)
            return {"fines": [], "debts": []}

    readings = await RegisterReader(debts, Meeting()).read(debts.calls, {}, ASKER, SpokenValues(Language.EN, {}))  # type: ignore[arg-type]
    assert [reading.error for reading in readings] == [None, None]


@pytest.mark.parametrize("field", ["amount", "dueDate", "what"])
async def test_read_when_a_promised_field_is_missing_then_answer_is_unintelligible(
    field: str, debts: Service, xroad: XRoadClient, security_server: Any
) -> None:
    security_server.answers["/fines"] = {"fines": [{key: value for key, value in FINE.items() if key != field}]}
    (fines,) = await RegisterReader(debts, xroad).read(debts.calls[:1], {}, ASKER, SpokenValues(Language.EN, {}))
    assert type(fines.error) is ServiceUnintelligible


async def test_read_when_no_time_is_left_then_register_is_unavailable_and_not_asked(
    debts: Service, xroad: XRoadClient, security_server: Any
) -> None:
    late = Asker(SUBJECT, "turn-1", -1)
    readings = await RegisterReader(debts, xroad).read(debts.calls, {}, late, SpokenValues(Language.EN, {}))
    assert {type(reading.error) for reading in readings} == {ServiceUnavailable}
    assert security_server.requests == []


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
