"""The population register: where people live, and who has died."""

import re
from collections.abc import Iterator
from datetime import date
from http import HTTPStatus
from typing import Literal

from assistant.sandbox.operations import next_receipt, personal_list, personal_view, submission
from assistant.sandbox.population import ADDRESSES, CHILDREN, MARY, Address, Child
from assistant.sandbox.provider import Refused
from assistant.sandbox.records import Day, Receipt, Record, RegisterDate, Texts
from assistant.sandbox.service import Call, Service
from assistant.sandbox.state import PUBLIC, Rows, Table

TOWNS = frozenset(
    {"Tallinn", "Tartu", "Narva", "Pärnu", "Jõhvi", "Viljandi", "Rakvere", "Haapsalu", "Valga", "Võru", "Viimsi"}
    | {"Таллинн", "Тарту", "Нарва", "Пярну", "Йыхви", "Вильянди", "Раквере", "Хаапсалу", "Валга", "Выру"}
)
"""Where the sandbox knows every street, in either alphabet; an address elsewhere does not exist."""


class Residence(Record):
    """Where a person lives, and with which children."""

    address: str
    valid_from: RegisterDate
    lives_with_family: bool
    family_members: list[str] | None = None


class AddressChange(Record):
    """What is sent to move; `previous_address` is what the citizen was told, so that nobody moves twice unknowingly."""

    new_address: str
    valid_from: RegisterDate
    previous_address: str | None = None
    family_moves_along: Literal["yes", "no"] = "no"


class Dwelling(Record):
    """A home whose owner has to agree first; `key` is its address as `_key` writes it."""

    key: str
    owner_agrees_to: list[str]


class Death(Record):
    """The death of a close relative, as it was registered."""

    name: str
    relation: Literal["father", "mother", "spouse", "child", "sister_or_brother", "grandparent"]
    died_on: RegisterDate


class EstateTask(Record):
    """One thing to be done after a death: by the state itself or by a relative."""

    task: Texts
    institution: Texts
    done_by: Literal["state", "relative"]
    deadline: RegisterDate | None = None


DWELLINGS = Table("dwellings", Dwelling, key="key")
DEATHS = Table("deaths", Death)
ESTATE_TASKS = Table("estate_tasks", EstateTask)


def _residence(call: Call, subject: str) -> Residence:
    own = _current(call, subject)
    if own is None:
        raise Refused(HTTPStatus.NOT_FOUND, "no_record")
    # As one says them: the population register writes names in capitals.
    family = [(child.given_name or child.family_name).title() for child in _living_along(call, own)]
    return Residence(
        address=own.address, valid_from=own.valid_from, lives_with_family=bool(family), family_members=family or None
    )


def _move(call: Call, change: AddressChange) -> Receipt:
    own = _current(call, call.subject)
    previous = own.address if own else None
    if change.previous_address and change.previous_address != previous:
        raise Refused(HTTPStatus.CONFLICT, "address_changed")
    if not TOWNS & set(re.findall(r"\w+", change.new_address.partition(",")[2])):
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "unknown_address")
    if previous and _key(previous) == _key(change.new_address):
        raise Refused(HTTPStatus.CONFLICT, "same_address")
    dwelling = call.records.find(DWELLINGS, PUBLIC, _key(change.new_address))
    if dwelling and call.subject not in dwelling.owner_agrees_to:
        raise Refused(HTTPStatus.CONFLICT, "owner_consent_missing")
    new = Address(address=change.new_address, valid_from=change.valid_from)
    family = _living_along(call, own) if own and change.family_moves_along == "yes" else []
    for subject in (call.subject, *(child.subject for child in family)):
        call.records.replace(ADDRESSES, subject, new)
    return Receipt(receipt_number=next_receipt(call))


def _current(call: Call, subject: str) -> Address | None:
    return call.records.only(ADDRESSES, subject)


def _living_along(call: Call, own: Address) -> list[Child]:
    children = call.records.all(CHILDREN, call.subject)
    homes = ((child, _current(call, child.subject)) for child in children)
    return [child for child, home in homes if home and home.address == own.address]


def _key(address: str) -> str:
    return re.sub(r"\W+", " ", address).casefold().strip()


SERVICES = {
    "EE/GOV/70008440/rr/addresses": Service(
        "Address of a person",
        (
            personal_list("/v1/persons/{subject}/addresses", ADDRESSES, "addresses"),
            personal_view("/v1/persons/{subject}/residence", _residence, Residence),
            *submission("/v1/persons/{subject}/address-changes", AddressChange, _move),
        ),
    ),
    "EE/GOV/70008440/rr/deaths": Service(
        "Deaths in a person's family", (personal_list("/v1/persons/{subject}/deaths", DEATHS, "deaths"),)
    ),
    "EE/GOV/70008440/rr/estatetasks": Service(
        "What is to be done after a death",
        (personal_list("/v1/persons/{subject}/estate-tasks", ESTATE_TASKS, "tasks"),),
    ),
}

_STATE_TASKS = (
    (
        Texts(en="the pension is stopped", et="pensioni maksmine lõpetatakse", ru="выплата пенсии прекращается"),
        Texts(en="Social Insurance Board", et="Sotsiaalkindlustusamet", ru="Департамент социального страхования"),
    ),
    (
        Texts(
            en="the identity documents are cancelled",
            et="isikut tõendavad dokumendid tunnistatakse kehtetuks",
            ru="документы, удостоверяющие личность, признаются недействительными",
        ),
        Texts(
            en="Police and Border Guard Board",
            et="Politsei- ja Piirivalveamet",
            ru="Департамент полиции и погранохраны",
        ),
    ),
)
_NOTARY = Texts(en="any notary", et="notar teie valikul", ru="любой нотариус")
_INHERITANCE = Texts(
    en="accept or renounce the inheritance",
    et="pärandi vastuvõtmine või sellest loobumine",
    ru="принять наследство или отказаться от него",
)
_CITY = Texts(
    en="your city or municipality government",
    et="teie linna- või vallavalitsus",
    ru="ваша городская или волостная управа",
)
_FUNERAL = Texts(
    en="ask whether you can get a funeral benefit",
    et="matusetoetuse võimaluse uurimine",
    ru="узнать, положено ли вам пособие на похороны",
)
_CONTRACTS = Texts(
    en="end contracts, such as phone and electricity",
    et="lepingute lõpetamine, näiteks telefon ja elekter",
    ru="расторгнуть договоры, например на телефон и электричество",
)
_COMPANIES = Texts(en="the companies concerned", et="lepingupartnerid", ru="сами эти компании")


def seed(_today: date) -> Iterator[Rows]:
    """A home whose owner has not agreed, and a death with what follows from it."""
    spellings = ("Kuninga 30-2, Pärnu", "Кунинга 30-2, Пярну")
    yield DWELLINGS.of(PUBLIC, *(Dwelling(key=_key(address), owner_agrees_to=[]) for address in spellings))
    yield DEATHS.of(MARY, Death(name="Peeter Šuslik", relation="father", died_on=Day(-9)))
    yield ESTATE_TASKS.of(
        MARY,
        *(EstateTask(task=task, institution=who, done_by="state") for task, who in _STATE_TASKS),
        EstateTask(task=_INHERITANCE, institution=_NOTARY, done_by="relative", deadline=Day(82)),
        EstateTask(task=_FUNERAL, institution=_CITY, done_by="relative"),
        EstateTask(task=_CONTRACTS, institution=_COMPANIES, done_by="relative"),
    )
