"""The Police and Border Guard Board's applications: for new documents, for e-residency and residence permits."""

from collections.abc import Iterator
from datetime import date, timedelta
from http import HTTPStatus
from typing import Literal

from assistant.sandbox.operations import next_receipt, personal_list, personal_view, submission
from assistant.sandbox.population import JAAK, MARI_LIIS, MARY
from assistant.sandbox.provider import Refused
from assistant.sandbox.records import Day, Money, Receipt, Record, RegisterDate
from assistant.sandbox.registers.identity import DOCUMENTS, ERRANDS
from assistant.sandbox.service import Call, Service
from assistant.sandbox.state import PUBLIC, Rows, Table

PHOTO_LASTS_DAYS = 2 * 365
_MADE_IN = timedelta(days=30)

RenewableType = Literal["id_card", "passport"]
ServicePoint = Literal["tallinn", "tartu", "narva", "parnu", "johvi"]


class PersonFile(Record):
    """What the board keeps of a person from the last time: the photo, and where the document was collected."""

    photo_taken_on: RegisterDate
    pick_up_office: ServicePoint


class Renewal(Record):
    """An application for a new document; one whose fee is overdue stops every other."""

    document_type: RenewableType
    fee_is_overdue: bool = False


class RenewalFacts(Record):
    """What is known before anybody applies: what it costs, and whether it can be done from home."""

    document_type: str
    fee: Money
    in_person_required: bool
    already_applied: bool
    photo_fits: bool
    photo_taken_on: RegisterDate | None = None
    pick_up_office: ServicePoint | None = None


class RenewalRequest(Record):
    """What is sent to apply."""

    document_type: RenewableType
    pick_up_office: ServicePoint
    email: str | None = None


class RenewalReceipt(Receipt):
    """The answer to an application."""

    ready_by: RegisterDate


class ResidenceApplication(Record):
    """An application of somebody who is not a citizen; `ready` means that the card waits at the service point."""

    application_type: Literal["e_resident_id", "residence_permit"]
    status: Literal["received", "in_review", "more_needed", "approved", "ready", "refused"]
    submitted_on: RegisterDate
    decision_by: RegisterDate | None = None
    pick_up_office: ServicePoint | None = None


FILES = Table("document_files", PersonFile)
RENEWALS = Table("document_renewals", Renewal, key="document_type")
RESIDENCE = Table("residence_applications", ResidenceApplication)


def _facts(call: Call, subject: str) -> RenewalFacts:
    document_type = call.values["documentType"]
    errand = call.records.find(ERRANDS, PUBLIC, document_type)
    if errand is None or document_type == "driving_licence":
        raise Refused(HTTPStatus.NOT_FOUND, "no_such_document")
    file = call.records.only(FILES, subject)
    return RenewalFacts(
        document_type=document_type,
        fee=errand.fee,
        # Who has no document yet comes in person: fingerprints and a photo are taken.
        in_person_required=file is None or not call.records.all(DOCUMENTS, subject),
        already_applied=call.records.find(RENEWALS, subject, document_type) is not None,
        photo_fits=file is not None and _photo_fits(call, file),
        photo_taken_on=file.photo_taken_on if file else None,
        pick_up_office=file.pick_up_office if file else None,
    )


def _photo_fits(call: Call, file: PersonFile) -> bool:
    return (call.today - file.photo_taken_on).days <= PHOTO_LASTS_DAYS


def _apply(call: Call, request: RenewalRequest) -> RenewalReceipt:
    file = call.records.only(FILES, call.subject)
    earlier = call.records.all(RENEWALS, call.subject)
    refusals = {
        "in_person_required": file is None,
        "photo_too_old": file is not None and not _photo_fits(call, file),
        "fee_unpaid": any(each.fee_is_overdue for each in earlier),
        "already_applied": any(each.document_type == request.document_type for each in earlier),
    }
    for code, holds in refusals.items():
        if holds:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, code)
    call.records.put(RENEWALS, call.subject, Renewal(document_type=request.document_type))
    return RenewalReceipt(receipt_number=next_receipt(call), state="received", ready_by=call.today + _MADE_IN)


SERVICES = {
    "EE/GOV/70008747/itds/applications": Service(
        "Applications for a new document",
        (
            personal_view("/v1/persons/{subject}/renewals/{documentType}", _facts, RenewalFacts),
            *submission("/v1/persons/{subject}/applications", RenewalRequest, _apply, RenewalReceipt),
        ),
    ),
    "EE/GOV/70008747/residence/applications": Service(
        "Applications for e-residency and residence permits",
        (personal_list("/v1/persons/{subject}/applications", RESIDENCE, "applications"),),
    ),
}


def seed(_today: date) -> Iterator[Rows]:
    """The first records."""
    yield FILES.of(MARY, PersonFile(photo_taken_on=Day(-120), pick_up_office="tallinn"))
    yield FILES.of(JAAK, PersonFile(photo_taken_on=Day(-3100), pick_up_office="tartu"))
    yield FILES.of(MARI_LIIS, PersonFile(photo_taken_on=Day(-300), pick_up_office="narva"))
    yield RENEWALS.of(MARI_LIIS, Renewal(document_type="id_card", fee_is_overdue=True))
    yield RESIDENCE.of(
        MARI_LIIS,
        ResidenceApplication(
            application_type="e_resident_id", status="ready", submitted_on=Day(-40), pick_up_office="narva"
        ),
        ResidenceApplication(
            application_type="residence_permit", status="in_review", submitted_on=Day(-20), decision_by=Day(40)
        ),
    )
    yield RESIDENCE.of(
        JAAK, ResidenceApplication(application_type="residence_permit", status="refused", submitted_on=Day(-90))
    )
