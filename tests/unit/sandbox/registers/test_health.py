"""Insurance, family doctors and what the health information system keeps."""

import pytest

from assistant.sandbox.personal import RESTRICTIONS, Restriction
from assistant.sandbox.population import JAAK, MARI_LIIS, MARY, NEWCOMER, newborn
from assistant.sandbox.records import Day
from assistant.sandbox.registers.control import HEALTH_RECORDS

pytestmark = pytest.mark.unit

INSURANCE, DOCTOR = "EE/GOV/74000091/insurance/status", "EE/GOV/74000091/doctors/familydoctor"
PRESCRIPTIONS = "EE/GOV/70009770/prescriptions/active"
SHOWN = "prescriptions?consentReference=c-1003"
REFERRALS, SCREENINGS = "EE/GOV/70009770/referrals/active", "EE/GOV/70009770/screenings/invitations"


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (MARY, {"insured": True, "basis": "work_contract"}),
        (JAAK, {"insured": False, "validUntil": "2027-02-14"}),
        (MARI_LIIS, {"insured": True, "basis": "work_contract", "validUntil": "2027-04-27"}),
    ],
)
async def test_insurance_when_known_then_its_state(person, subject: str, expected: dict[str, object]) -> None:
    assert (await person(subject).get(INSURANCE, "insurance"))[1] == expected


@pytest.mark.parametrize(("service", "path"), [(INSURANCE, "insurance"), (DOCTOR, "family-doctor")])
async def test_record_when_the_fund_knows_nobody_then_not_found(person, service: str, path: str) -> None:
    status, problem = await person(NEWCOMER).get(service, path)
    assert (status, problem["code"]) == (404, "no_record")


@pytest.mark.parametrize(("subject", "is_open"), [(MARY, True), (JAAK, False)])
async def test_family_doctor_when_there_is_one_then_whether_the_list_is_open(person, subject: str, is_open) -> None:
    assert (await person(subject).get(DOCTOR, "family-doctor"))[1]["listOpen"] is is_open


async def test_family_doctor_when_asked_for_ones_child_then_that_of_the_child(person) -> None:
    parent = person(MARY)
    doctor = await parent.acting_for(newborn(parent.today)).get(DOCTOR, "family-doctor")
    assert doctor == await parent.get(DOCTOR, "family-doctor")


@pytest.mark.parametrize(
    ("service", "path", "count"),
    [
        (PRESCRIPTIONS, SHOWN, 2),
        (REFERRALS, "referrals", 1),
        (SCREENINGS, "invitations", 1),
    ],
)
async def test_health_data_when_asked_then_told_unless_the_person_closed_them(
    person, service: str, path: str, count: int
) -> None:
    assert len((await person(MARY).get(service, path))[1][path.partition("?")[0]]) == count
    with person(MARY).state.transaction() as records:
        records.put(RESTRICTIONS, MARY, Restriction(scope=HEALTH_RECORDS, since=Day(0)))
    status, problem = await person(MARY).get(service, path)
    assert (status, problem["code"]) == (403, "restricted_by_person")
