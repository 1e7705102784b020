"""Families: the population register's children, names and contacts, and the benefits of the Social Insurance Board."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from http import HTTPStatus
from typing import Literal

from assistant.core.personal_code import birth_date
from assistant.sandbox.operations import next_receipt, personal_list, personal_record, personal_view, submission
from assistant.sandbox.population import (
    ADDRESSES,
    CHILDREN,
    CONTACTS,
    MARI_LIIS,
    MARY,
    PERSONS,
    Child,
    Person,
    child_subject,
)
from assistant.sandbox.provider import Refused
from assistant.sandbox.records import Day, Money, Receipt, Record, RegisterDate
from assistant.sandbox.service import Call, Service
from assistant.sandbox.state import Rows, Table

_TODDLER_DAYS = 430
_UNSUITABLE_NAMES = frozenset({"batman", "kratt", "test"})


class ListedChild(Record):
    """A child for whom the person decides; one without a given name has the `name_state` instead."""

    subject: str
    given_name: str | None = None
    name_state: Literal["unnamed"] | None = None
    family_name: str
    birth_date: RegisterDate
    named: bool


class ContactCard(Record):
    """Who a person is and how they are reached."""

    given_name: str | None = None
    family_name: str
    address: str | None = None
    email: str | None = None
    phone: str | None = None


class ChosenName(Record):
    """The given name that parents chose for their newborn."""

    given_name: str


class Entitlement(Record):
    """A family benefit that a person gets, or may apply for."""

    benefit: str
    monthly_amount: Money
    state: Literal["paid", "offered", "applied"]


class Offer(Record):
    """What a person may apply for at once, with the account that benefits were paid to; `offered` may be false."""

    offered: bool
    offer_number: str | None = None
    monthly_amount: Money | None = None
    bank_account: str | None = None


class Application(Record):
    """An application for what was offered."""

    offer_number: str
    bank_account: str


class ApplicationReceipt(Receipt):
    """The receipt, and the day of the first payment."""

    paid_from: RegisterDate


class Estimate(Record):
    """The parental benefit as it stands; `final` is false while income of the period may still change."""

    average_income: Money
    monthly_amount: Money
    income_from: RegisterDate
    income_until: RegisterDate
    paid_until: RegisterDate
    final: bool


ENTITLEMENTS = Table("family_entitlements", Entitlement, key="benefit")
OFFERS = Table("benefit_offers", Offer)
ESTIMATES = Table("parental_estimates", Estimate)

_NO_OFFER = Offer(offered=False)


def _list_children(call: Call, subject: str) -> Sequence[ListedChild]:
    return [
        ListedChild(
            subject=child.subject,
            given_name=child.given_name.title() if child.given_name else None,
            name_state=None if child.given_name else "unnamed",
            family_name=child.family_name.title(),
            birth_date=child.birth_date,
            named=bool(child.given_name),
        )
        for child in call.records.all(CHILDREN, subject)
    ]


def _contact(call: Call, subject: str) -> ContactCard:
    person = call.records.only(PERSONS, subject)
    if person is None:
        raise Refused(HTTPStatus.NOT_FOUND, "no_record")
    contact, address = call.records.only(CONTACTS, subject), call.records.only(ADDRESSES, subject)
    return ContactCard(
        given_name=person.given_name,
        family_name=person.family_name,
        address=address.address if address else None,
        email=contact.email if contact else None,
        phone=contact.phone if contact else None,
    )


def _give_name(call: Call, chosen: ChosenName) -> Receipt:
    records, subject = call.records, call.subject
    child = records.find(CHILDREN, call.user or "", subject)
    if child is None:
        raise Refused(HTTPStatus.FORBIDDEN, "no_custody", "only a parent gives a name")
    if child.given_name:
        raise Refused(HTTPStatus.CONFLICT, "already_named")
    if chosen.given_name.lower() in _UNSUITABLE_NAMES:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "name_not_suitable")
    named = child.model_copy(update={"given_name": chosen.given_name.upper()})
    for parent, listed in records.everywhere(CHILDREN):
        if listed.subject == subject:
            records.put(CHILDREN, parent, named)
    records.replace(PERSONS, subject, Person(**named.model_dump(exclude={"subject"})))
    return Receipt(receipt_number=next_receipt(call))


def _apply(call: Call, application: Application) -> ApplicationReceipt:
    records, subject = call.records, call.subject
    offer = records.only(OFFERS, subject)
    if offer is None or offer.offer_number != application.offer_number:
        raise Refused(HTTPStatus.CONFLICT, "nothing_offered")
    if any(each.benefit == "foreign_benefit" for each in records.all(ENTITLEMENTS, subject)):
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "paid_by_other_country")
    for each in records.all(ENTITLEMENTS, subject):
        if each.state == "offered":
            records.put(ENTITLEMENTS, subject, each.model_copy(update={"state": "applied"}))
    records.replace(OFFERS, subject, Offer(offered=False, bank_account=application.bank_account))
    return ApplicationReceipt(receipt_number=next_receipt(call), paid_from=call.today + timedelta(days=30))


SERVICES = {
    "EE/GOV/70008440/rr/children": Service(
        "Children for whom a person decides",
        (personal_view("/v1/persons/{subject}/children", _list_children, ListedChild, "children", ("named",)),),
    ),
    "EE/GOV/70008440/rr/persons": Service(
        "Name, address and contacts of a person",
        (personal_view("/v1/persons/{subject}/contact", _contact, ContactCard),),
    ),
    "EE/GOV/70008440/rr/names": Service(
        "Names of newborns", submission("/v1/persons/{subject}/names", ChosenName, _give_name)
    ),
    "EE/GOV/70001975/benefits/entitlements": Service(
        "Family benefits of a person",
        (
            personal_list("/v1/persons/{subject}/entitlements", ENTITLEMENTS, "entitlements"),
            personal_record("/v1/persons/{subject}/offer", OFFERS, _NO_OFFER),
        ),
    ),
    "EE/GOV/70001975/benefits/applications": Service(
        "Applications for family benefits",
        submission("/v1/persons/{subject}/applications", Application, _apply, ApplicationReceipt),
    ),
    "EE/GOV/70001975/parental/estimate": Service(
        "Parental benefit as it stands", (personal_record("/v1/persons/{subject}/estimate", ESTIMATES),)
    ),
}


def toddler(today: date) -> str:
    """The subject of Oskar, the son of Mari-Liis, who is a little over a year old."""
    return child_subject(5, today - timedelta(days=_TODDLER_DAYS))


def seed(today: date) -> Iterator[Rows]:
    """The first records."""
    oskar = Child(
        subject=toddler(today),
        personal_code=toddler(today)[2:],
        given_name="OSKAR",
        family_name="TESTNUMBER",
        birth_date=birth_date(toddler(today)[2:]),
    )
    yield CHILDREN.of(MARI_LIIS, oskar)
    yield PERSONS.of(oskar.subject, Person(**oskar.model_dump(exclude={"subject"})))
    yield from _benefits()
    yield from _estimates()


def _benefits() -> Iterator[Rows]:
    yield ENTITLEMENTS.of(
        MARY,
        Entitlement(benefit="child_allowance", monthly_amount="80.00", state="paid"),
        Entitlement(benefit="second_child_allowance", monthly_amount="80.00", state="offered"),
    )
    yield OFFERS.of(
        MARY,
        Offer(
            offered=True,
            offer_number="PH2026001",
            monthly_amount="80.00",
            bank_account="EE471000001020145685",
        ),
    )
    yield ENTITLEMENTS.of(
        MARI_LIIS,
        Entitlement(benefit="foreign_benefit", monthly_amount="104.84", state="paid"),
        Entitlement(benefit="child_allowance", monthly_amount="80.00", state="offered"),
    )
    yield OFFERS.of(MARI_LIIS, Offer(offered=True, offer_number="PH2026002", monthly_amount="80.00"))


def _estimates() -> Iterator[Rows]:
    yield ESTIMATES.of(
        MARY,
        Estimate(
            average_income="1850.00",
            monthly_amount="1850.00",
            income_from=Day(-660),
            income_until=Day(-300),
            paid_until=Day(520),
            final=False,
        ),
    )
    yield ESTIMATES.of(
        MARI_LIIS,
        Estimate(
            average_income="1120.50",
            monthly_amount="1120.50",
            income_from=Day(-1070),
            income_until=Day(-710),
            paid_until=Day(118),
            final=True,
        ),
    )
