"""The Tax and Customs Board's debts."""

from collections.abc import Iterator
from datetime import date

from assistant.sandbox.operations import personal_list
from assistant.sandbox.population import MARI_LIIS, MARY
from assistant.sandbox.records import Day, Money, Record, RegisterDate, Texts
from assistant.sandbox.service import Service
from assistant.sandbox.state import Rows, Table


class TaxDebt(Record):
    """A tax that is owed."""

    kind: Texts
    amount_due: Money
    due_date: RegisterDate


TAX_DEBTS = Table("tax_debts", TaxDebt)

SERVICES = {
    "EE/GOV/70000349/debts/taxdebts": Service(
        "Tax debts of a person", (personal_list("/v1/persons/{subject}/debts", TAX_DEBTS, "debts"),)
    ),
}

_INCOME_TAX = Texts(en="income tax", et="tulumaks", ru="подоходный налог")
_LAND_TAX = Texts(en="land tax", et="maamaks", ru="земельный налог")


def seed(_today: date) -> Iterator[Rows]:
    """The first records."""
    yield TAX_DEBTS.of(MARY, TaxDebt(kind=_INCOME_TAX, amount_due="125.40", due_date=Day(14)))
    yield TAX_DEBTS.of(MARI_LIIS, TaxDebt(kind=_LAND_TAX, amount_due="62.15", due_date=Day(-7)))
