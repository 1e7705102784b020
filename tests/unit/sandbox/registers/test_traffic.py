"""Vehicles, their tax, and the exchange of a driving licence."""

import pytest

from assistant.sandbox.population import JAAK, MARI_LIIS, MARY, NEWCOMER, SIGRID

pytestmark = pytest.mark.unit

VEHICLES, TAX = "EE/GOV/70001490/traffic/vehicles", "EE/GOV/70000349/vehicletax/vehicletax"
LICENCES, RENEWALS = "EE/GOV/70001490/traffic/licences", "EE/GOV/70001490/traffic/renewals"
EXCHANGE = {"categories": "B, BE", "pickUpOffice": "tallinn"}


@pytest.mark.parametrize(
    ("subject", "vehicles", "taxes"), [(MARY, 2, 2), (JAAK, 1, 1), (MARI_LIIS, 1, 0), (NEWCOMER, 0, 0)]
)
async def test_vehicles_when_read_then_those_that_stories_rely_on(
    person, subject: str, vehicles: int, taxes: int
) -> None:
    found = (await person(subject).get(VEHICLES, "vehicles"))[1]["vehicles"]
    taxed = (await person(subject).get(TAX, "vehicle-tax"))[1]["taxes"]
    assert (len(found), len(taxed)) == (vehicles, taxes)
    assert {each["plate"] for each in taxed} <= {each["plate"] for each in found}


async def test_vehicle_when_inspection_is_over_then_its_last_day_is_told(person) -> None:
    (car,) = (await person(JAAK).get(VEHICLES, "vehicles"))[1]["vehicles"]
    assert (car["hasInspection"], car["inspectionValidUntil"], car["hasInsurance"]) == (False, "2027-01-22", False)
    assert "insurer" not in car


async def test_licence_when_there_is_none_then_facts_say_so(person) -> None:
    facts = (await person(NEWCOMER).get(LICENCES, "licence"))[1]
    assert not facts["hasLicence"]
    assert facts.keys().isdisjoint({"categories", "validUntil", "pickUpOffice"})


@pytest.mark.parametrize(
    ("subject", "certificate", "debt"), [(MARY, True, False), (JAAK, False, False), (SIGRID, True, True)]
)
async def test_licence_when_there_is_one_then_facts_say_what_hinders(
    person, subject: str, certificate: bool, debt: bool
) -> None:
    facts = (await person(subject).get(LICENCES, "licence"))[1]
    assert (facts["hasLicence"], facts["hasHealthCertificate"], facts["hasDebt"]) == (True, certificate, debt)


async def test_exchange_when_nothing_hinders_then_received_once(person) -> None:
    receipt = (await person(MARY).post(RENEWALS, "licence-renewals", **EXCHANGE))[1]
    assert receipt == {"receiptNumber": "100001", "state": "received", "readyBy": "2027-03-12"}
    assert (await person(MARY).get(LICENCES, "licence"))[1]["alreadyApplied"]
    assert (await person(MARY).post(RENEWALS, "licence-renewals", key="k2", **EXCHANGE))[1]["code"] == "already_applied"


@pytest.mark.parametrize(
    ("subject", "categories", "code"),
    [
        (MARY, "B, C", "no_licence"),
        (NEWCOMER, "B", "no_licence"),
        (JAAK, "B", "health_certificate_missing"),
        (SIGRID, "AM, B", "debt"),
    ],
)
async def test_exchange_when_something_hinders_then_refused(person, subject: str, categories: str, code: str) -> None:
    body = EXCHANGE | {"categories": categories}
    assert (await person(subject).post(RENEWALS, "licence-renewals", key="k2", **body))[1]["code"] == code
