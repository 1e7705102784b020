"""The people of the sandbox and what registers know of them.

The codes are test persons that the operators of the real systems published. Days are counted from today, so that the
sandbox never grows stale; everything else is fixed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from assistant.core.personal_code import birth_date

Texts: TypeAlias = dict[str, str]
Record: TypeAlias = dict[str, object]

SPEEDING: Texts = {
    "en": "exceeding the speed limit by nine kilometres per hour",
    "et": "lubatud sõidukiiruse ületamine üheksa kilomeetrit tunnis",
    "ru": "превышение скорости на девять километров в час",
}
NO_TICKET: Texts = {
    "en": "travelling without a ticket on public transport",
    "et": "ühistranspordis piletita sõitmine",
    "ru": "проезд без билета в общественном транспорте",
}
INCOME_TAX: Texts = {"en": "income tax", "et": "tulumaks", "ru": "подоходный налог"}
LAND_TAX: Texts = {"en": "land tax", "et": "maamaks", "ru": "земельный налог"}


@dataclass(frozen=True)
class Document:
    """An identity document; only a card with certificates has `certificate_days`, and they may be fewer."""

    kind: str
    number: str
    valid_days: int
    certificate_days: int | None = None

    def record(self, today: date) -> Record:
        """The document as its register answers it."""
        record: Record = {"documentType": self.kind, "number": self.number, "validUntil": _day(today, self.valid_days)}
        if self.certificate_days is not None:
            record["certificateValidUntil"] = _day(today, self.certificate_days)
        return record


@dataclass(frozen=True)
class Due:
    """Money owed: a fine or a tax debt; `amount` in euros."""

    what: Texts
    amount: str
    due_days: int

    def fine_record(self, today: date) -> Record:
        """As the register of fines answers it."""
        return {"description": self.what, "amount": self.amount, "dueDate": _day(today, self.due_days)}

    def debt_record(self, today: date) -> Record:
        """As the register of tax debts answers it."""
        return {"kind": self.what, "amountDue": self.amount, "dueDate": _day(today, self.due_days)}


@dataclass(frozen=True)
class Resident:
    """One person; `subject` is country prefix and personal code, as TARA and X-Road write it."""

    subject: str
    given_name: str
    family_name: str
    documents: tuple[Document, ...] = ()
    fines: tuple[Due, ...] = ()
    debts: tuple[Due, ...] = ()

    @property
    def birth_date(self) -> date:
        """As the personal code says."""
        return birth_date(self.subject[2:])


POPULATION = {
    person.subject: person
    for person in (
        Resident(
            "EE60001019906",
            "MARY ÄNN",
            "O’CONNEŽ-ŠUSLIK TESTNUMBER",
            documents=(
                # Some cards issued in 2019-2022 really had certificates that ended one day before the card.
                Document("id_card", "AS0000123", valid_days=420, certificate_days=419),
                Document("passport", "KE0000123", valid_days=1250),
                Document("driving_licence", "ET000123", valid_days=85),
            ),
            fines=(Due(SPEEDING, "80.00", due_days=21),),
            debts=(Due(INCOME_TAX, "125.40", due_days=14),),
        ),
        Resident(
            "EE38001085718",
            "JAAK-KRISTJAN",
            "JÕEORG",
            documents=(
                Document("id_card", "AS0000456", valid_days=1010, certificate_days=1010),
                Document("passport", "KE0000456", valid_days=28),
                Document("driving_licence", "ET000456", valid_days=2400),
            ),
        ),
        Resident("EE60001017869", "EID2016", "TESTNUMBER", fines=(Due(NO_TICKET, "40.00", due_days=10),)),
        Resident(
            "EE39901012239",
            "MARI-LIIS",
            "TESTNUMBER",
            documents=(Document("passport", "KE0000789", valid_days=-45),),
            debts=(Due(LAND_TAX, "62.15", due_days=-7),),
        ),
    )
}


def _day(today: date, days: int) -> str:
    return (today + timedelta(days=days)).isoformat()
