"""Land, its tax, and tax debts: what stories rely on."""

import pytest

from assistant.sandbox.population import JAAK, MARI_LIIS, MARY

pytestmark = pytest.mark.unit

LAND_TAX, PARCELS = "EE/GOV/70000349/land/landtax", "EE/GOV/70003158/land/parcels"
DEBTS = "EE/GOV/70000349/debts/taxdebts"


@pytest.mark.parametrize(("person", "states"), [(MARY, ["paid", "to_pay"]), (MARI_LIIS, ["overdue"]), (JAAK, [])])
async def test_land_when_taxed_then_both_registers_have_it(registers, person: str, states: list[str]) -> None:
    taxes = (await registers.get(LAND_TAX, "land-tax", person))["taxes"]
    parcels = (await registers.get(PARCELS, "parcels", person))["parcels"]
    assert [each["state"] for each in taxes] == states
    assert [each["cadastralNumber"] for each in taxes] == [each["cadastralNumber"] for each in parcels]


async def test_parcel_when_shared_then_the_share_is_told(registers) -> None:
    home, cottage = (await registers.get(PARCELS, "parcels", MARY))["parcels"]
    assert home["share"] == {"en": "one half", "et": "pool", "ru": "половина"}
    assert "share" not in cottage


async def test_land_tax_when_overdue_then_it_is_the_debt(registers) -> None:
    (tax,) = (await registers.get(LAND_TAX, "land-tax", MARI_LIIS))["taxes"]
    (debt,) = (await registers.get(DEBTS, "debts", MARI_LIIS))["debts"]
    assert debt["isOverdue"]
    assert (tax["amount"], tax["dueDate"]) == (debt["amountDue"], debt["dueDate"])
