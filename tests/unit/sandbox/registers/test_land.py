"""Land, its tax, and tax debts: what stories rely on."""

import pytest

from assistant.sandbox.population import JAAK, MARI_LIIS, MARY

pytestmark = pytest.mark.unit

LAND_TAX, PARCELS = "EE/GOV/70000349/land/landtax", "EE/GOV/70003158/land/parcels"
DEBTS = "EE/GOV/70000349/debts/taxdebts"


@pytest.mark.parametrize(("subject", "states"), [(MARY, ["paid", "to_pay"]), (MARI_LIIS, ["overdue"]), (JAAK, [])])
async def test_land_when_taxed_then_both_registers_have_it(person, subject: str, states: list[str]) -> None:
    taxes = (await person(subject).get(LAND_TAX, "land-tax"))[1]["taxes"]
    parcels = (await person(subject).get(PARCELS, "parcels"))[1]["parcels"]
    assert [each["state"] for each in taxes] == states
    assert [each["cadastralNumber"] for each in taxes] == [each["cadastralNumber"] for each in parcels]


async def test_parcel_when_shared_then_the_share_is_told(person) -> None:
    home, cottage = (await person(MARY).get(PARCELS, "parcels"))[1]["parcels"]
    assert home["share"] == {"en": "one half", "et": "pool", "ru": "половина"}
    assert "share" not in cottage


async def test_land_tax_when_overdue_then_it_is_the_debt(person) -> None:
    (tax,) = (await person(MARI_LIIS).get(LAND_TAX, "land-tax"))[1]["taxes"]
    (debt,) = (await person(MARI_LIIS).get(DEBTS, "debts"))[1]["debts"]
    assert debt["isOverdue"]
    assert (tax["amount"], tax["dueDate"]) == (debt["amountDue"], debt["dueDate"])


@pytest.mark.parametrize(
    ("subject", "company", "status", "owed"),
    [
        (MARY, "16000017", 200, ["640.00"]),
        (MARI_LIIS, "16000043", 200, []),
        (MARY, "16000022", 403, None),
        (JAAK, "16000038", 403, None),
        (JAAK, "16000017", 403, None),
    ],
    ids=["represents it", "represents it, no debts", "a shareholder", "only together", "of somebody else"],
)
async def test_debts_of_a_company_when_asked_for_then_only_by_who_represents_it_alone(
    person, subject: str, company: str, status: int, owed: list[str] | None
) -> None:
    answered, body = await person(subject).acting_for(company).get(DEBTS, "debts")
    assert answered == status
    assert owed is None or [each["amountDue"] for each in body["debts"]] == owed
