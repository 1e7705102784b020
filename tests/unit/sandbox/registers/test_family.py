"""Children, names, contacts and benefits: what a birth changes, and what is refused."""

import pytest

from assistant.sandbox.population import JAAK, MARI_LIIS, MARY, NEWCOMER, newborn, school_child
from assistant.sandbox.registers.family import toddler

pytestmark = pytest.mark.unit

CHILDREN, PERSONS, NAMES = (f"EE/GOV/70008440/rr/{name}" for name in ("children", "persons", "names"))
BENEFITS, APPLICATIONS = "EE/GOV/70001975/benefits/entitlements", "EE/GOV/70001975/benefits/applications"
ESTIMATE = "EE/GOV/70001975/parental/estimate"
ACCOUNT = "EE471000001020145685"


@pytest.fixture
def baby(person) -> str:
    return newborn(person(MARY).today)


@pytest.mark.parametrize(
    ("query", "names"), [("", ["Mari", None]), ("?named=true", ["Mari"]), ("?named=false", [None])]
)
async def test_children_when_asked_then_those_one_decides_for(person, query: str, names: list[str | None]) -> None:
    found = (await person(MARY).get(CHILDREN, f"children{query}"))[1]["children"]
    assert [each.get("givenName") for each in found] == names
    assert [each.get("nameState") for each in found] == [None if name else "unnamed" for name in names]


async def test_children_when_there_are_none_then_nobody_to_decide_for(person) -> None:
    assert (await person(JAAK).get(CHILDREN, "children"))[1] == {"children": []}


async def test_contact_when_known_then_all_of_it_else_what_there_is(person) -> None:
    card = (await person(MARY).get(PERSONS, "contact"))[1]
    assert (card["email"], card["address"]) == ("mary.ann@example.ee", "Tartu mnt 84a-12, Tallinn")
    assert (await person(NEWCOMER).get(PERSONS, "contact"))[1].keys() == {"givenName", "familyName"}


async def test_name_when_given_then_the_child_has_it_for_good(person, baby: str) -> None:
    parent = person(MARY)
    receipt = (await parent.acting_for(baby).post(NAMES, "names", givenName="Juhan"))[1]
    assert receipt == {"receiptNumber": "100001", "state": "done"}
    named = (await parent.get(CHILDREN, "children?named=true"))[1]["children"]
    assert [each["givenName"] for each in named] == ["Mari", "Juhan"]
    again = await parent.acting_for(baby).post(NAMES, "names", key="k2", givenName="Jaan")
    assert again[1]["code"] == "already_named"


async def test_name_when_unsuitable_or_not_ones_child_then_refused(person, baby: str) -> None:
    assert (await person(MARY).acting_for(baby).post(NAMES, "names", givenName="Batman"))[1]["code"] == (
        "name_not_suitable"
    )
    assert (await person(MARY).post(NAMES, "names", givenName="Eva"))[1]["code"] == "no_custody"
    assert (await person(JAAK).acting_for(baby).post(NAMES, "names", givenName="Eva"))[1]["code"] == (
        "no_representation"
    )


async def test_application_when_accepted_then_nothing_is_offered_any_more(person) -> None:
    parent = person(MARY)
    offer = (await parent.get(BENEFITS, "offer"))[1]
    assert offer["offered"]
    body = {"offerNumber": offer["offerNumber"], "bankAccount": ACCOUNT}
    receipt = (await parent.post(APPLICATIONS, "applications", **body))[1]
    assert receipt == {"receiptNumber": "100001", "state": "done", "paidFrom": "2027-03-28"}
    assert (await parent.get(BENEFITS, "offer"))[1] == {"offered": False, "bankAccount": ACCOUNT}
    states = [each["state"] for each in (await parent.get(BENEFITS, "entitlements"))[1]["entitlements"]]
    assert states == ["paid", "applied"]
    assert (await parent.post(APPLICATIONS, "applications", key="k2", **body))[1]["code"] == "nothing_offered"


async def test_application_when_another_country_pays_then_refused(person) -> None:
    body = {"offerNumber": "PH2026002", "bankAccount": ACCOUNT}
    _, problem = await person(MARI_LIIS).post(APPLICATIONS, "applications", **body)
    assert problem["code"] == "paid_by_other_country"


async def test_offer_when_the_board_knows_nobody_then_nothing_is_offered(person) -> None:
    assert (await person(NEWCOMER).get(BENEFITS, "offer"))[1] == {"offered": False}


@pytest.mark.parametrize(("subject", "final"), [(MARY, False), (MARI_LIIS, True)])
async def test_estimate_when_there_is_a_child_then_how_sure_it_is(person, subject: str, final: bool) -> None:
    assert (await person(subject).get(ESTIMATE, "estimate"))[1]["final"] is final


async def test_estimate_when_there_is_no_child_then_no_record(person) -> None:
    status, problem = await person(JAAK).get(ESTIMATE, "estimate")
    assert (status, problem["code"]) == (404, "no_record")


async def test_children_when_of_two_families_then_each_parent_has_their_own(person) -> None:
    today = person(MARY).today
    assert len({school_child(today), newborn(today), toddler(today)}) == 3
    found = (await person(MARI_LIIS).get(CHILDREN, "children"))[1]["children"]
    assert [each["subject"] for each in found] == [toddler(today)]
