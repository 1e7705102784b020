"""The Tax and Customs Board's debts and land tax, and the land register."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from assistant.sandbox.operations import personal_list
from assistant.sandbox.population import MARI_LIIS, MARY
from assistant.sandbox.records import Day, Money, Record, RegisterDate, Texts
from assistant.sandbox.registers.companies import company_list
from assistant.sandbox.service import Service
from assistant.sandbox.state import Rows, Table


class TaxDebt(Record):
    """A tax that is owed."""

    kind: Texts
    amount_due: Money
    due_date: RegisterDate
    reference: str
    is_overdue: bool = False
    is_disputed: bool = False


class LandTax(Record):
    """The tax on a parcel for a year."""

    cadastral_number: str
    parcel: Texts
    amount: Money
    due_date: RegisterDate
    state: Literal["to_pay", "overdue", "paid"]


class Parcel(Record):
    """A parcel as the land register has it; `share` is what belongs to the person, if it is not all."""

    cadastral_number: str
    parcel: Texts
    square_metres: int
    share: Texts | None = None


TAX_DEBTS = Table("tax_debts", TaxDebt)
LAND_TAXES = Table("land_taxes", LandTax, key="cadastral_number")
PARCELS = Table("parcels", Parcel, key="cadastral_number")

SERVICES = {
    "EE/GOV/70000349/debts/taxdebts": Service(
        "Tax debts of a person, or of a company",
        (
            personal_list("/v1/persons/{subject}/debts", TAX_DEBTS, "debts"),
            company_list("/v1/companies/{company}/debts", TAX_DEBTS, "debts"),
        ),
    ),
    "EE/GOV/70000349/land/landtax": Service(
        "Land tax of a person", (personal_list("/v1/persons/{subject}/land-tax", LAND_TAXES, "taxes"),)
    ),
    "EE/GOV/70003158/land/parcels": Service(
        "Parcels that belong to a person", (personal_list("/v1/persons/{subject}/parcels", PARCELS, "parcels"),)
    ),
}

_INCOME_TAX = Texts(en="income tax", et="tulumaks", ru="подоходный налог")
_VAT = Texts(en="value added tax", et="käibemaks", ru="налог с оборота")
_LAND_TAX = Texts(en="land tax", et="maamaks", ru="земельный налог")
_HOME = Texts(en="home in Tallinn", et="kodu Tallinnas", ru="жильё в Таллинне")
_COTTAGE = Texts(en="summer house in Kuressaare", et="suvila Kuressaares", ru="дача в Курессааре")
_PLOT = Texts(en="plot in Narva", et="krunt Narvas", ru="участок в Нарве")
_HALF = Texts(en="one half", et="pool", ru="половина")


def seed(_today: date) -> Iterator[Rows]:
    """The first records."""
    yield TAX_DEBTS.of(MARY, TaxDebt(kind=_INCOME_TAX, amount_due="125.40", due_date=Day(14), reference="9900 1234 7"))
    yield TAX_DEBTS.of("16000017", TaxDebt(kind=_VAT, amount_due="640.00", due_date=Day(9), reference="9900 7777 1"))
    yield TAX_DEBTS.of(
        MARI_LIIS,
        TaxDebt(kind=_LAND_TAX, amount_due="62.15", due_date=Day(-7), reference="9900 4321 9", is_overdue=True),
    )
    yield LAND_TAXES.of(
        MARY,
        LandTax(cadastral_number="78401:101:0042", parcel=_HOME, amount="18.60", due_date=Day(-60), state="paid"),
        LandTax(cadastral_number="34901:007:0113", parcel=_COTTAGE, amount="41.30", due_date=Day(33), state="to_pay"),
    )
    yield LAND_TAXES.of(
        MARI_LIIS,
        LandTax(cadastral_number="51106:003:0007", parcel=_PLOT, amount="62.15", due_date=Day(-7), state="overdue"),
    )
    yield PARCELS.of(
        MARY,
        Parcel(cadastral_number="78401:101:0042", parcel=_HOME, square_metres=312, share=_HALF),
        Parcel(cadastral_number="34901:007:0113", parcel=_COTTAGE, square_metres=1480),
    )
    yield PARCELS.of(MARI_LIIS, Parcel(cadastral_number="51106:003:0007", parcel=_PLOT, square_metres=890))
