"""Applications for documents: what can be known before, what is refused, and that one is enough."""

import pytest

from assistant.sandbox.population import JAAK, MARI_LIIS, MARY, NEWCOMER

pytestmark = pytest.mark.unit

APPLICATIONS, RESIDENCE = "EE/GOV/70008747/itds/applications", "EE/GOV/70008747/residence/applications"
PASSPORT = {"documentType": "passport", "pickUpOffice": "tartu", "email": "mary@example.ee"}


async def test_facts_when_everything_is_on_file_then_fee_photo_and_office(registers) -> None:
    assert await registers.get(APPLICATIONS, "renewals/passport", MARY) == {
        "documentType": "passport",
        "fee": "60.00",
        "inPersonRequired": False,
        "alreadyApplied": False,
        "photoFits": True,
        "photoTakenOn": "2026-10-31",
        "pickUpOffice": "tallinn",
    }


async def test_facts_when_nothing_is_on_file_then_in_person(registers) -> None:
    facts = await registers.get(APPLICATIONS, "renewals/id_card", NEWCOMER)
    assert facts["inPersonRequired"]
    assert facts.keys() == {"documentType", "fee", "inPersonRequired", "alreadyApplied", "photoFits"}


async def test_apply_when_all_fits_then_received_and_known_from_then_on(registers) -> None:
    receipt = await registers.post(APPLICATIONS, "applications", MARY, PASSPORT)
    assert receipt == {"receiptNumber": "100001", "state": "received", "readyBy": "2027-03-30"}
    assert (await registers.get(APPLICATIONS, "renewals/passport", MARY))["alreadyApplied"]
    assert not (await registers.get(APPLICATIONS, "renewals/id_card", MARY))["alreadyApplied"]
    assert await registers.refusal(APPLICATIONS, "applications", MARY, PASSPORT) == "already_applied"


@pytest.mark.parametrize(
    ("person", "code"), [(NEWCOMER, "in_person_required"), (JAAK, "photo_too_old"), (MARI_LIIS, "fee_unpaid")]
)
async def test_apply_when_something_is_missing_then_refused(registers, person: str, code: str) -> None:
    assert await registers.refusal(APPLICATIONS, "applications", person, PASSPORT) == code


@pytest.mark.parametrize("change", [{"documentType": "driving_licence"}, {"pickUpOffice": "atlantis"}, {"fee": "0.00"}])
async def test_apply_when_body_is_wrong_then_refused(registers, change: dict[str, object]) -> None:
    assert await registers.refusal(APPLICATIONS, "applications", MARY, PASSPORT | change) == "wrong_body"


@pytest.mark.parametrize(("person", "states"), [(MARY, []), (JAAK, ["refused"]), (MARI_LIIS, ["ready", "in_review"])])
async def test_residence_when_asked_then_every_application(registers, person: str, states: list[str]) -> None:
    found = (await registers.get(RESIDENCE, "applications", person))["applications"]
    assert [each["status"] for each in found] == states
