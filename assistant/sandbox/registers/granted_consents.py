"""RIA's consent service as its clients and its data providers see it (guide of RIA's consent service, chapter 5).

A consent is given on the service's own page alone; in the sandbox by `PUT /sandbox/consents/{group}`.
"""

import secrets
from collections.abc import Iterator
from datetime import date, datetime, time
from http import HTTPStatus
from typing import Literal, TypeVar

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.sandbox.population import MARY, TOOMAS
from assistant.sandbox.provider import Answer, Refused, answer_json
from assistant.sandbox.records import Day, Record, Texts
from assistant.sandbox.registers.control import CONSENTS, Consent
from assistant.sandbox.service import Call, Operation, Service
from assistant.sandbox.state import PUBLIC, Records, Rows, State, Table

PRESCRIPTIONS = "KRATT_RETSEPTID"
PAGE = "https://consent.example/"
_DAYS = 365
_ASSISTANT = "riigi assistent Kratt"
_CENTRE = Texts(en="the prescription centre", et="retseptikeskus", ru="рецептурный центр")
_TELLING = Texts(
    en="telling you about your prescriptions", et="teie retseptidest rääkimine", ru="рассказ о ваших рецептах"
)
DECLARATIONS = {PRESCRIPTIONS: (_CENTRE, _TELLING)}
"""By purpose: who holds the data, and what the assistant uses them for."""

B = TypeVar("B", bound=Record)


class Wanted(Record):
    """The purposes that a citizen is asked about."""

    id_code: str
    purpose_declaration_business_identifiers: tuple[str, ...]
    callback: str | None = None


class Group(Record):
    """A request for consents, until the citizen decides; its page opens once."""

    reference: str
    subject: str
    purposes: tuple[str, ...]


class Validation(Record):
    """A consent that is in force, as whoever relies on it compares it."""

    consent_reference: str
    consent_expiration: str
    id_code: str
    purpose_declaration_id: str


class Decision(BaseModel):
    """What the citizen decides on the service's page."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["APPROVED", "DECLINED"]


GROUPS = Table("consent_groups", Group, key="reference")


def require_consent(call: Call, purpose: str) -> None:
    """Nothing, if the call brings the reference of a consent of this citizen to this purpose, in force today.

    Raises:
        Refused: it does not.
    """
    consent = call.records.find(CONSENTS, call.subject, call.query.get("consentReference", ""))
    if consent is None or consent.purpose_declaration != purpose or not _is_in_force(consent, call.today):
        raise Refused(HTTPStatus.FORBIDDEN, "consent_required")


def _begin(call: Call) -> Answer:
    wanted, subject = _wanted(call)
    if any(_approved(call, subject, each) for each in wanted.purpose_declaration_business_identifiers):
        raise Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "all_requested_consents_have_already_been_approved")
    group = Group(
        reference=secrets.token_urlsafe(12),
        subject=subject,
        purposes=wanted.purpose_declaration_business_identifiers,
    )
    call.records.put(GROUPS, PUBLIC, group)
    return answer_json({"consentGroupReference": group.reference, "url": f"{PAGE}{group.reference}"})


def _refer(call: Call) -> Answer:
    wanted, subject = _wanted(call)
    found = {each: _approved(call, subject, each) for each in wanted.purpose_declaration_business_identifiers}
    approved = {purpose: consent.consent_reference for purpose, consent in found.items() if consent}
    if not approved:
        raise Refused(HTTPStatus.NOT_FOUND, "http_not_found")
    return answer_json(dict(approved))


def _validate(call: Call) -> Answer:
    reference = call.query.get("consentReference", "")
    found = [(who, each) for who, each in call.records.everywhere(CONSENTS) if each.consent_reference == reference]
    if not found:
        raise Refused(HTTPStatus.NOT_FOUND, "http_not_found")
    subject, consent = found[0]
    if not _is_in_force(consent, call.today):
        raise Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "consent_validate_invalid_status")
    end = datetime.combine(date.fromisoformat(str(consent.valid_until)), time(23, 59, 59))
    return answer_json(
        {
            "consentReference": reference,
            "consentExpiration": end.isoformat(),
            "idCode": subject.removeprefix("EE"),
            "purposeDeclarationId": consent.purpose_declaration,
        }
    )


def _wanted(call: Call) -> tuple[Wanted, str]:
    try:
        wanted = Wanted.model_validate_json(call.body)
    except ValidationError:
        raise Refused(HTTPStatus.BAD_REQUEST, "validation") from None
    if not set(wanted.purpose_declaration_business_identifiers) <= DECLARATIONS.keys():
        raise Refused(HTTPStatus.NOT_FOUND, "requested_consents_not_related_to_any_declarations")
    return wanted, f"EE{wanted.id_code}"


def _approved(call: Call, subject: str, purpose: str) -> Consent | None:
    consents = call.records.all(CONSENTS, subject)
    return next(
        (each for each in consents if each.purpose_declaration == purpose and _is_in_force(each, call.today)), None
    )


def _is_in_force(consent: Consent, today: date) -> bool:
    return consent.state == "APPROVED" and date.fromisoformat(str(consent.valid_until)) >= today


def consent(purpose: str, reference: str, days: int) -> Consent:
    """A consent, for so many days from today, that the assistant may use data for one of its purposes."""
    holder, use = DECLARATIONS[purpose]
    return Consent(
        consent_reference=reference,
        purpose_declaration=purpose,
        client_name=_ASSISTANT,
        data_holder=holder,
        purpose=use,
        valid_until=Day(days),
    )


def page_router(state: State) -> APIRouter:
    """`PUT /sandbox/consents/{group}`: what the citizen decides on the consent service's page, once."""
    router = APIRouter(prefix="/sandbox/consents", tags=["consents"])

    @router.put("/{group}", status_code=HTTPStatus.NO_CONTENT)
    async def decide(group: str, decision: Decision) -> None:
        with state.transaction() as records:
            _decide(records, group, decision)

    return router


def _decide(records: Records, reference: str, decision: Decision) -> None:
    group = records.find(GROUPS, PUBLIC, reference)
    if group is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "no such page, or it was opened before")
    records.remove(GROUPS, PUBLIC, reference)
    if decision.state == "APPROVED":
        for at, purpose in enumerate(group.purposes):
            records.put(CONSENTS, group.subject, consent(purpose, f"{reference}-{at}", _DAYS))


SERVICES = {
    "EE/GOV/70006317/consent/consent-stage": Service(
        "Consents: requests, references and validation",
        (
            Operation("POST", "/api/consent", _begin, Group, takes=Wanted),
            Operation("POST", "/api/consent/reference", _refer, Validation, takes=Wanted),
            Operation("GET", "/api/consent/validation/client", _validate, Validation, query=("consentReference",)),
        ),
    ),
}


def seed(_today: date) -> Iterator[Rows]:
    """Mary's consent is among her others; Toomas has one, and no prescriptions."""
    yield CONSENTS.of(MARY, consent(PRESCRIPTIONS, "c-1003", 330))
    yield CONSENTS.of(TOOMAS, consent(PRESCRIPTIONS, "c-3001", 330))
