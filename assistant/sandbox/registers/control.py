"""The citizen's control over their own data: what is closed, what they consented to, and their mailbox."""

from collections.abc import Iterator, Sequence
from datetime import date
from http import HTTPStatus
from typing import Literal

from assistant.sandbox.operations import next_receipt, personal_list, personal_view, submission
from assistant.sandbox.personal import RESTRICTIONS, Restriction
from assistant.sandbox.population import JAAK, MARY
from assistant.sandbox.provider import Refused
from assistant.sandbox.records import Day, Receipt, Record, RegisterDate, Texts
from assistant.sandbox.service import Call, Service
from assistant.sandbox.state import Rows, Table

POPULATION_SCOPES = frozenset({"advertising", "private_companies"})
HEALTH_RECORDS = "health_records"


class RestrictionChange(Record):
    """Close or open one kind of use."""

    scope: str
    blocked: bool


class Consent(Record):
    """A citizen's consent that somebody may use what a register holds."""

    consent_reference: str
    purpose_declaration: str
    state: Literal["REQUESTED", "APPROVED", "DECLINED", "EXPIRED", "INAPPLICABLE"] = "APPROVED"
    client_name: str
    data_holder: Texts
    purpose: Texts
    valid_until: RegisterDate


class Withdrawal(Record):
    """Which consent ends."""

    consent_reference: str


class Message(Record):
    """A message in the citizen's mailbox; `reference` is the number of the receipt it is about."""

    title: Texts
    text: Texts
    reference: str | None = None


CONSENTS = Table("consents", Consent, key="consent_reference")
MESSAGES = Table("messages", Message)


def _restrictions(title: str, scopes: frozenset[str]) -> Service:
    def view(call: Call, subject: str) -> Sequence[Restriction]:
        return [each for each in call.records.all(RESTRICTIONS, subject) if each.scope in scopes]

    def change(call: Call, wanted: RestrictionChange) -> Receipt:
        if wanted.scope not in scopes:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "unknown_scope", f"one of {', '.join(sorted(scopes))}")
        is_blocked = call.records.find(RESTRICTIONS, call.subject, wanted.scope) is not None
        if is_blocked == wanted.blocked:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "already_blocked" if is_blocked else "not_blocked")
        if wanted.blocked:
            call.records.put(RESTRICTIONS, call.subject, Restriction(scope=wanted.scope, since=call.today))
        else:
            call.records.remove(RESTRICTIONS, call.subject, wanted.scope)
        return Receipt(receipt_number=next_receipt(call))

    path = "/v1/persons/{subject}/restrictions"
    return Service(
        title, (personal_view(path, view, Restriction, "restrictions"), *submission(path, RestrictionChange, change))
    )


def _withdraw(call: Call, withdrawal: Withdrawal) -> Receipt:
    consent = call.records.find(CONSENTS, call.subject, withdrawal.consent_reference)
    if consent is None or consent.state != "APPROVED":
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "no_such_consent")
    call.records.put(CONSENTS, call.subject, consent.model_copy(update={"state": "INAPPLICABLE"}))
    return Receipt(receipt_number=next_receipt(call))


def _deliver(call: Call, message: Message) -> Receipt:
    call.records.put(MESSAGES, call.subject, message)
    return Receipt(receipt_number=next_receipt(call))


SERVICES = {
    "EE/GOV/70008440/rr/restrictions": _restrictions(
        "What the population register does not give out", POPULATION_SCOPES
    ),
    "EE/GOV/70009770/health/restrictions": _restrictions("Closing of health records", frozenset({HEALTH_RECORDS})),
    "EE/GOV/70006317/consent/consents": Service(
        "Consents of a person",
        (
            personal_list("/v1/persons/{subject}/consents", CONSENTS, "consents", filters=("state",)),
            *submission("/v1/persons/{subject}/withdrawals", Withdrawal, _withdraw),
        ),
    ),
    "EE/GOV/70006317/mailbox/messages": Service(
        "The citizen's mailbox",
        (
            personal_list("/v1/persons/{subject}/messages", MESSAGES, "messages"),
            *submission("/v1/persons/{subject}/messages", Message, _deliver),
        ),
    ),
}

_TAX_REGISTER = Texts(en="the tax register", et="maksukohustuslaste register", ru="регистр налогоплательщиков")
_POPULATION_REGISTER = Texts(en="the population register", et="rahvastikuregister", ru="регистр народонаселения")
_LOAN = Texts(en="deciding on a loan", et="laenu otsustamine", ru="решение о кредите")
_CONTACTS = Texts(
    en="keeping your contact details up to date", et="kontaktandmete ajakohastamine", ru="обновление контактных данных"
)


def seed(_today: date) -> Iterator[Rows]:
    """The first records."""
    yield RESTRICTIONS.of(JAAK, Restriction(scope="advertising", since=Day(-200)))
    yield CONSENTS.of(
        MARY,
        Consent(
            consent_reference="c-1001",
            purpose_declaration="PANK_LAEN",
            client_name="Põhjala Pank",
            data_holder=_TAX_REGISTER,
            purpose=_LOAN,
            valid_until=Day(120),
        ),
        Consent(
            consent_reference="c-1002",
            purpose_declaration="KINDL_KONTAKT",
            client_name="Hea Kindlustus",
            data_holder=_POPULATION_REGISTER,
            purpose=_CONTACTS,
            valid_until=Day(300),
        ),
    )
    yield CONSENTS.of(
        JAAK,
        Consent(
            consent_reference="c-2001",
            purpose_declaration="PANK_LAEN",
            client_name="Põhjala Pank",
            data_holder=_TAX_REGISTER,
            purpose=_LOAN,
            valid_until=Day(60),
        ),
    )
