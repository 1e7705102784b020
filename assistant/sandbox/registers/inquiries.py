"""The data protection inspectorate: inquiries to institutions that used a citizen's data, and complaints."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from http import HTTPStatus
from typing import Literal

from assistant.sandbox.operations import next_receipt, personal_view, submission
from assistant.sandbox.population import JAAK, MARY
from assistant.sandbox.provider import Refused
from assistant.sandbox.records import Day, Receipt, Record, RegisterDate, RegisterMoment
from assistant.sandbox.service import Call, Service
from assistant.sandbox.state import Rows, Table

ANSWER_DAYS = 30
"""How long an institution, and the inspectorate, has."""


class Inquiry(Record):
    """A citizen's question to an institution: why it used their data."""

    inquiry_number: str
    institution_code: str
    institution: str
    sent_on: RegisterDate
    answer_by: RegisterDate
    state: Literal["open", "unanswered", "answered", "complained"] = "open"


class NewInquiry(Record):
    """The question, and which use it is about."""

    institution_code: str
    institution: str | None = None
    used_at: RegisterMoment
    action: str
    system: str
    question: str


class Complaint(Record):
    """A complaint to the inspectorate about an inquiry that nobody answered."""

    inquiry_number: str


class DatedReceipt(Receipt):
    """A receipt that says by when there will be an answer."""

    answer_by: RegisterDate


INQUIRIES = Table("inquiries", Inquiry, key="inquiry_number")


def _view_inquiries(call: Call, subject: str) -> Sequence[Inquiry]:
    return [_as_of(call.today, inquiry) for inquiry in call.records.all(INQUIRIES, subject)]


def _as_of(today: date, inquiry: Inquiry) -> Inquiry:
    is_late = inquiry.state == "open" and inquiry.answer_by < today
    return inquiry.model_copy(update={"state": "unanswered"}) if is_late else inquiry


def _inquire(call: Call, new: NewInquiry) -> DatedReceipt:
    number, answer_by = next_receipt(call), call.today + timedelta(days=ANSWER_DAYS)
    inquiry = Inquiry(
        inquiry_number=number,
        institution_code=new.institution_code,
        institution=new.institution or new.institution_code,
        sent_on=call.today,
        answer_by=answer_by,
    )
    call.records.put(INQUIRIES, call.subject, inquiry)
    return DatedReceipt(receipt_number=number, state="received", answer_by=answer_by)


def _complain(call: Call, complaint: Complaint) -> DatedReceipt:
    found = call.records.find(INQUIRIES, call.subject, complaint.inquiry_number)
    if found is None or _as_of(call.today, found).state != "unanswered":
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "answer_not_due", "only about an inquiry that nobody answered")
    call.records.put(INQUIRIES, call.subject, found.model_copy(update={"state": "complained"}))
    answer_by = call.today + timedelta(days=ANSWER_DAYS)
    return DatedReceipt(receipt_number=next_receipt(call), state="received", answer_by=answer_by)


SERVICES = {
    "EE/GOV/70004235/inquiries/inquiries": Service(
        "Inquiries to institutions about the use of data",
        (
            personal_view("/v1/persons/{subject}/inquiries", _view_inquiries, Inquiry, "inquiries", filters=("state",)),
            *submission("/v1/persons/{subject}/inquiries", NewInquiry, _inquire, DatedReceipt),
        ),
    ),
    "EE/GOV/70004235/inquiries/complaints": Service(
        "Complaints to the data protection inspectorate",
        submission("/v1/persons/{subject}/complaints", Complaint, _complain, DatedReceipt),
    ),
}


def seed(_today: date) -> Iterator[Rows]:
    """Of three inquiries one was answered and one was not, though it should have been."""
    yield INQUIRIES.of(
        MARY,
        _inquiry("90033", "74000091", "Tervisekassa", -80).model_copy(update={"state": "answered"}),
        _inquiry("90071", "12345678", "Põhjala Pank", -45),
        _inquiry("90094", "75014920", "Tallinna Haridusamet", -8),
    )
    yield INQUIRIES.of(JAAK, _inquiry("90102", "75011991", "Tartu Linnavalitsus", -5))


def _inquiry(number: str, code: str, institution: str, sent: int) -> Inquiry:
    return Inquiry(
        inquiry_number=number,
        institution_code=code,
        institution=institution,
        sent_on=Day(sent),
        answer_by=Day(sent + ANSWER_DAYS),
    )
