import re
from datetime import date

import pytest

from assistant.core.personal_code import is_personal_code
from assistant.sandbox.population import POPULATION, Resident

pytestmark = pytest.mark.unit

TODAY = date(2027, 2, 28)
MARY = POPULATION["EE60001019906"]


@pytest.mark.parametrize("subject", POPULATION)
def test_population_when_listed_then_codes_pass_the_checksum(subject: str) -> None:
    assert subject.startswith("EE")
    assert is_personal_code(subject[2:])


@pytest.mark.parametrize("resident", POPULATION.values(), ids=lambda resident: resident.subject)
def test_population_when_amounts_read_then_decimal_euros(resident: Resident) -> None:
    assert all(re.fullmatch(r"\d+\.\d\d", due.amount) for due in (*resident.fines, *resident.debts))
    assert all(due.what.keys() == {"en", "et", "ru"} for due in (*resident.fines, *resident.debts))


def test_population_when_document_numbers_collected_then_unique() -> None:
    numbers = [document.number for resident in POPULATION.values() for document in resident.documents]
    assert len(set(numbers)) == len(numbers)


def test_documents_when_recorded_then_days_count_from_today() -> None:
    records = {record["documentType"]: record for record in (each.record(TODAY) for each in MARY.documents)}
    assert records.keys() == {"id_card", "passport", "driving_licence"}
    assert records["id_card"] == {
        "documentType": "id_card",
        "number": "AS0000123",
        "validUntil": "2028-04-23",
        "certificateValidUntil": "2028-04-22",
    }
    assert "certificateValidUntil" not in records["passport"]


def test_dues_when_recorded_then_each_register_has_its_own_field_names() -> None:
    assert MARY.fines[0].fine_record(TODAY) | {"description": {}} == {
        "description": {},
        "amount": "80.00",
        "dueDate": "2027-03-21",
    }
    assert MARY.debts[0].debt_record(TODAY) | {"kind": {}} == {
        "kind": {},
        "amountDue": "125.40",
        "dueDate": "2027-03-14",
    }


@pytest.mark.parametrize(
    ("subject", "documents", "fines", "debts"),
    [
        ("EE60001019906", 3, 1, 1),
        ("EE38001085718", 3, 0, 0),
        ("EE60001017869", 0, 1, 0),
        ("EE39901012239", 1, 0, 1),
    ],
)
def test_population_when_person_named_then_holds_what_stories_rely_on(
    subject: str, documents: int, fines: int, debts: int
) -> None:
    resident = POPULATION[subject]
    assert (len(resident.documents), len(resident.fines), len(resident.debts)) == (documents, fines, debts)


def test_population_when_only_passport_of_the_debtor_then_expired() -> None:
    assert str(POPULATION["EE39901012239"].documents[0].record(TODAY)["validUntil"]) < TODAY.isoformat()
