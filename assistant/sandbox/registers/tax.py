"""The Tax and Customs Board's income tax returns."""

from collections.abc import Iterator
from datetime import date
from http import HTTPStatus
from typing import Literal

from assistant.sandbox.operations import next_receipt, personal_view, submission
from assistant.sandbox.population import JAAK, MARI_LIIS, MARY, TOOMAS
from assistant.sandbox.provider import Refused
from assistant.sandbox.records import Day, Money, Receipt, Record, RegisterDate
from assistant.sandbox.service import Call, Service
from assistant.sandbox.state import Rows, Table


class TaxReturn(Record):
    """A person's return for the last year, prefilled; before it opens there is nothing but the day."""

    tax_year: str = ""
    status: Literal["not_open", "open", "filed"]
    result: Literal["unknown", "refund", "due", "even"] = "unknown"
    opens_on: RegisterDate | None = None
    filed_on: RegisterDate | None = None
    income: Money | None = None
    tax_withheld: Money | None = None
    refund: Money | None = None
    refund_date: RegisterDate | None = None
    due: Money | None = None
    due_date: RegisterDate | None = None
    bank_account: str | None = None


class FiledReturn(Record):
    """What a person sends to file it as it is; `bank_account` is where a refund goes."""

    tax_year: str
    bank_account: str | None = None


TAX_RETURNS = Table("tax_returns", TaxReturn)


def _return(call: Call, subject: str) -> TaxReturn:
    found = call.records.only(TAX_RETURNS, subject)
    if found is None:
        raise Refused(HTTPStatus.NOT_FOUND, "no_record")
    return found.model_copy(update={"tax_year": _last_year(call)})


def _file(call: Call, filed: FiledReturn) -> Receipt:
    own = _return(call, call.subject)
    if own.status == "filed":
        raise Refused(HTTPStatus.CONFLICT, "already_filed")
    if own.status == "not_open" or filed.tax_year != own.tax_year:
        raise Refused(HTTPStatus.CONFLICT, "not_open")
    account = filed.bank_account or own.bank_account
    done = own.model_copy(update={"status": "filed", "filed_on": call.today, "bank_account": account})
    call.records.replace(TAX_RETURNS, call.subject, done)
    return Receipt(receipt_number=next_receipt(call))


def _last_year(call: Call) -> str:
    return str(call.today.year - 1)


SERVICES = {
    "EE/GOV/70000349/incometax/returns": Service(
        "Income tax returns",
        (
            personal_view("/v1/persons/{subject}/return", _return, TaxReturn),
            *submission("/v1/persons/{subject}/returns", FiledReturn, _file),
        ),
        obeys=frozenset({"tax"}),
    ),
}


def seed(_today: date) -> Iterator[Rows]:
    """Two returns that are open, one that is not yet, and one that is filed."""
    yield TAX_RETURNS.of(
        MARY,
        TaxReturn(
            status="open",
            result="refund",
            income="21450.00",
            tax_withheld="3980.00",
            refund="312.40",
            refund_date=Day(12),
            bank_account="EE471000001020145685",
        ),
    )
    yield TAX_RETURNS.of(
        TOOMAS,
        TaxReturn(
            status="open",
            result="refund",
            income="9800.00",
            tax_withheld="880.00",
            refund="96.00",
            refund_date=Day(12),
            bank_account="EE382200221020145685",
        ),
    )
    yield TAX_RETURNS.of(JAAK, TaxReturn(status="not_open", opens_on=Day(20)))
    yield TAX_RETURNS.of(
        MARI_LIIS,
        TaxReturn(
            status="filed",
            result="refund",
            filed_on=Day(-3),
            income="4200.00",
            tax_withheld="210.00",
            refund="210.00",
            refund_date=Day(4),
            bank_account="EE382200221020145685",
        ),
    )
