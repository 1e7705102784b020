"""Applications for documents: what can be known before, what is refused, and that one is enough."""

import pytest

from assistant.sandbox.population import JAAK, MARI_LIIS, MARY, NEWCOMER

pytestmark = pytest.mark.unit

APPLICATIONS, RESIDENCE = "EE/GOV/70008747/itds/applications", "EE/GOV/70008747/residence/applications"
PASSPORT = {"documentType": "passport", "pickUpOffice": "tartu", "email": "mary@example.ee"}


async def test_facts_when_everything_is_on_file_then_fee_photo_and_office(person) -> None:
    assert (await person(MARY).get(APPLICATIONS, "renewals/passport"))[1] == {
        "documentType": "passport",
        "fee": "60.00",
        "inPersonRequired": False,
        "alreadyApplied": False,
        "photoFits": True,
        "photoTakenOn": "2026-10-29",
        "pickUpOffice": "tallinn",
    }


async def test_facts_when_nothing_is_on_file_then_in_person(person) -> None:
    facts = (await person(NEWCOMER).get(APPLICATIONS, "renewals/id_card"))[1]
    assert facts["inPersonRequired"]
    assert facts.keys() == {"documentType", "fee", "inPersonRequired", "alreadyApplied", "photoFits"}


async def test_apply_when_all_fits_then_received_and_known_from_then_on(person) -> None:
    receipt = (await person(MARY).post(APPLICATIONS, "applications", **PASSPORT))[1]
    assert receipt == {"receiptNumber": "100001", "state": "received", "readyBy": "2027-03-28"}
    assert (await person(MARY).get(APPLICATIONS, "renewals/passport"))[1]["alreadyApplied"]
    assert not (await person(MARY).get(APPLICATIONS, "renewals/id_card"))[1]["alreadyApplied"]
    assert (await person(MARY).post(APPLICATIONS, "applications", key="k2", **PASSPORT))[1]["code"] == "already_applied"


@pytest.mark.parametrize(
    ("subject", "code"), [(NEWCOMER, "in_person_required"), (JAAK, "photo_too_old"), (MARI_LIIS, "fee_unpaid")]
)
async def test_apply_when_something_is_missing_then_refused(person, subject: str, code: str) -> None:
    assert (await person(subject).post(APPLICATIONS, "applications", key="k2", **PASSPORT))[1]["code"] == code


@pytest.mark.parametrize("change", [{"documentType": "driving_licence"}, {"pickUpOffice": "atlantis"}, {"fee": "0.00"}])
async def test_apply_when_body_is_wrong_then_refused(person, change: dict[str, str]) -> None:
    _, problem = await person(MARY).post(APPLICATIONS, "applications", **(PASSPORT | change))
    assert problem["code"] == "wrong_body"


@pytest.mark.parametrize(("subject", "states"), [(MARY, []), (JAAK, ["refused"]), (MARI_LIIS, ["ready", "in_review"])])
async def test_residence_when_asked_then_every_application(person, subject: str, states: list[str]) -> None:
    found = (await person(subject).get(RESIDENCE, "applications"))[1]["applications"]
    assert [each["status"] for each in found] == states
