"""The Police and Border Guard Board: identity documents, fines and service points."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

from assistant.sandbox.operations import personal_list, public_record
from assistant.sandbox.population import JAAK, MARI_LIIS, MARY, NEWCOMER, SIGRID
from assistant.sandbox.records import Day, Money, Record, RegisterDate, Texts
from assistant.sandbox.service import Service
from assistant.sandbox.state import PUBLIC, Rows, Table

_PUBLIC_INFORMATION = Path(__file__).with_name("public_information.json")


class Document(Record):
    """An identity document; only a card with certificates has their end, and it may come before the card's."""

    document_type: str
    number: str
    status: Literal["valid", "expiring", "expired"] = "valid"
    valid_until: RegisterDate
    certificate_valid_until: RegisterDate | None = None


class Fine(Record):
    """A fine that is not paid yet; one that the person disputes waits for a decision."""

    description: Texts
    amount: Money
    due_date: RegisterDate
    reference: str
    is_overdue: bool = False
    is_disputed: bool = False


class Office(Record):
    """A service point."""

    office: str
    name: Texts
    address: Texts
    opening_hours: Texts


class Errand(Record):
    """What one can apply for at a service point."""

    errand: str
    fee: Money
    bring: Texts
    ready_in: Texts


DOCUMENTS = Table("documents", Document, key="number")
FINES = Table("fines", Fine)
OFFICES = Table("offices", Office, key="office")
ERRANDS = Table("errands", Errand, key="errand")

SERVICES = {
    "EE/GOV/70008747/itds/documents": Service(
        "Identity documents of a person",
        (personal_list("/v1/persons/{subject}/documents", DOCUMENTS, "documents"),),
    ),
    "EE/GOV/70008747/fines/fines": Service(
        "Unpaid fines of a person", (personal_list("/v1/persons/{subject}/fines", FINES, "fines"),)
    ),
    "EE/GOV/70008747/offices/offices": Service("Service points", (public_record("/v1/offices/{code}", OFFICES),)),
    "EE/GOV/70008747/offices/errands": Service(
        "Errands at service points", (public_record("/v1/errands/{code}", ERRANDS),)
    ),
}

_SPEEDING = Texts(
    en="exceeding the speed limit by nine kilometres per hour",
    et="lubatud sõidukiiruse ületamine üheksa kilomeetrit tunnis",
    ru="превышение скорости на девять километров в час",
)
_NO_TICKET = Texts(
    en="travelling without a ticket on public transport",
    et="ühistranspordis piletita sõitmine",
    ru="проезд без билета в общественном транспорте",
)


def seed(_today: date) -> Iterator[Rows]:
    """The first records."""
    yield DOCUMENTS.of(
        MARY,
        # Some cards issued in 2019-2022 really had certificates that ended one day before the card.
        Document(document_type="id_card", number="AS0000123", valid_until=Day(420), certificate_valid_until=Day(419)),
        Document(document_type="passport", number="KE0000123", valid_until=Day(1250)),
        Document(document_type="driving_licence", number="ET000123", status="expiring", valid_until=Day(85)),
    )
    yield DOCUMENTS.of(
        JAAK,
        Document(document_type="id_card", number="AS0000456", valid_until=Day(1010), certificate_valid_until=Day(1010)),
        Document(document_type="passport", number="KE0000456", status="expiring", valid_until=Day(28)),
        Document(document_type="driving_licence", number="ET000456", valid_until=Day(2400)),
    )
    yield DOCUMENTS.of(
        MARI_LIIS, Document(document_type="passport", number="KE0000789", status="expired", valid_until=Day(-45))
    )
    yield DOCUMENTS.of(
        SIGRID,
        Document(document_type="driving_licence", number="ET000789", status="expiring", valid_until=Day(30)),
    )
    yield FINES.of(MARY, Fine(description=_SPEEDING, amount="80.00", due_date=Day(21), reference="2100 4417 3"))
    yield FINES.of(NEWCOMER, Fine(description=_NO_TICKET, amount="40.00", due_date=Day(10), reference="2100 5522 8"))
    yield FINES.of(
        SIGRID,
        Fine(description=_SPEEDING, amount="120.00", due_date=Day(-30), reference="2100 6014 5", is_overdue=True),
        Fine(description=_NO_TICKET, amount="40.00", due_date=Day(5), reference="2100 6188 2", is_disputed=True),
    )
    public = json.loads(_PUBLIC_INFORMATION.read_text(encoding="utf-8"))
    yield OFFICES.of(PUBLIC, *(Office(office=code, **facts) for code, facts in public["offices"].items()))
    yield ERRANDS.of(PUBLIC, *(Errand(errand=code, **facts) for code, facts in public["errands"].items()))
