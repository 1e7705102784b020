"""Vehicles, their tax, and the exchange of a driving licence."""

import pytest

from assistant.sandbox.population import JAAK, MARI_LIIS, MARY, NEWCOMER, SIGRID

pytestmark = pytest.mark.unit

VEHICLES, TAX = "EE/GOV/70001490/traffic/vehicles", "EE/GOV/70000349/vehicletax/vehicletax"
LICENCES, RENEWALS = "EE/GOV/70001490/traffic/licences", "EE/GOV/70001490/traffic/renewals"
EXCHANGE = {"categories": "B, BE", "pickUpOffice": "tallinn"}


@pytest.mark.parametrize(
    ("person", "vehicles", "taxes"), [(MARY, 2, 2), (JAAK, 1, 1), (MARI_LIIS, 1, 0), (NEWCOMER, 0, 0)]
)
async def test_vehicles_when_read_then_those_that_stories_rely_on(
    registers, person: str, vehicles: int, taxes: int
) -> None:
    found = (await registers.get(VEHICLES, "vehicles", person))["vehicles"]
    taxed = (await registers.get(TAX, "vehicle-tax", person))["taxes"]
    assert (len(found), len(taxed)) == (vehicles, taxes)
    assert {each["plate"] for each in taxed} <= {each["plate"] for each in found}


async def test_vehicle_when_inspection_is_over_then_its_last_day_is_told(registers) -> None:
    (car,) = (await registers.get(VEHICLES, "vehicles", JAAK))["vehicles"]
    assert (car["hasInspection"], car["inspectionValidUntil"], car["hasInsurance"]) == (False, "2027-01-24", False)
    assert "insurer" not in car


async def test_licence_when_there_is_none_then_facts_say_so(registers) -> None:
    facts = await registers.get(LICENCES, "licence", NEWCOMER)
    assert not facts["hasLicence"]
    assert facts.keys().isdisjoint({"categories", "validUntil", "pickUpOffice"})


@pytest.mark.parametrize(
    ("person", "certificate", "debt"), [(MARY, True, False), (JAAK, False, False), (SIGRID, True, True)]
)
async def test_licence_when_there_is_one_then_facts_say_what_hinders(
    registers, person: str, certificate: bool, debt: bool
) -> None:
    facts = await registers.get(LICENCES, "licence", person)
    assert (facts["hasLicence"], facts["hasHealthCertificate"], facts["hasDebt"]) == (True, certificate, debt)


async def test_exchange_when_nothing_hinders_then_received_once(registers) -> None:
    receipt = await registers.post(RENEWALS, "licence-renewals", MARY, EXCHANGE)
    assert receipt == {"receiptNumber": "100001", "state": "received", "readyBy": "2027-03-14"}
    assert (await registers.get(LICENCES, "licence", MARY))["alreadyApplied"]
    assert await registers.refusal(RENEWALS, "licence-renewals", MARY, EXCHANGE) == "already_applied"


@pytest.mark.parametrize(
    ("person", "categories", "code"),
    [
        (MARY, "B, C", "no_licence"),
        (NEWCOMER, "B", "no_licence"),
        (JAAK, "B", "health_certificate_missing"),
        (SIGRID, "AM, B", "debt"),
    ],
)
async def test_exchange_when_something_hinders_then_refused(registers, person: str, categories: str, code: str) -> None:
    body = EXCHANGE | {"categories": categories}
    assert await registers.refusal(RENEWALS, "licence-renewals", person, body) == code
