"""The people of the sandbox and their families, as the population register knows them; other registers add the rest.

The codes of adults are test persons that the operators of the real systems published. Those of children are made: a
code tells the birth date, and the children must not grow up, so they are reckoned from the day the state begins on
(`school_child`, `newborn`). Their serial number 999 is one that no hospital ever gave.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.core.personal_code import birth_date, is_personal_code
from assistant.sandbox.records import Day, Record, RegisterDate
from assistant.sandbox.state import Rows, Table

MARY = "EE60001019906"
JAAK = "EE38001085718"
NEWCOMER = "EE60001017869"
MARI_LIIS = "EE39901012239"
SIGRID = "EE40404040009"
TOOMAS = "EE50001018908"

_CHILD_SERIAL = 999
_SCHOOL_YEARS = 9
_NEWBORN_DAYS = 21


@dataclass(frozen=True)
class Resident:
    """Somebody who can log in; `subject` is country prefix and personal code, as TARA and X-Road write it."""

    subject: str
    given_name: str
    family_name: str

    @property
    def birth_date(self) -> date:
        """As the personal code says."""
        return birth_date(self.subject[2:])


POPULATION = {
    person.subject: person
    for person in (
        Resident(MARY, "MARY ÄNN", "O’CONNEŽ-ŠUSLIK TESTNUMBER"),
        Resident(JAAK, "JAAK-KRISTJAN", "JÕEORG"),
        Resident(NEWCOMER, "EID2016", "TESTNUMBER"),
        Resident(MARI_LIIS, "MARI-LIIS", "TESTNUMBER"),
        Resident(SIGRID, "SIGRID", "TESTNUMBER"),
        Resident(TOOMAS, "TOOMAS", "TESTNUMBER"),
    )
}
"""Who can log in: adults."""

PHONES = {MARY: "+37255500001", JAAK: "+37255500002", MARI_LIIS: "+37255500003"}
"""The phones that have Mobile-ID."""

APPS = frozenset({MARY, JAAK, TOOMAS})
"""Who has Smart-ID. Toomas has nothing else, Mari-Liis Mobile-ID alone; Sigrid and the newcomer have neither."""


class Person(Record):
    """A person's names; a newborn has no given name yet."""

    personal_code: str
    given_name: str | None = None
    family_name: str
    birth_date: RegisterDate


class Child(Person):
    """A child, as each of its parents has it; the key is its subject."""

    subject: str


class Contact(Record):
    """How a person wants to be reached."""

    email: str | None = None
    phone: str | None = None


class Address(Record):
    """Where a person lives."""

    address: str
    valid_from: RegisterDate


PERSONS = Table("persons", Person)
CHILDREN = Table("children", Child, key="subject")
CONTACTS = Table("contacts", Contact)
ADDRESSES = Table("addresses", Address)


def school_child(today: date) -> str:
    """The subject of Mari, who turns nine in the year of today."""
    return child_subject(6, date(today.year - _SCHOOL_YEARS, 5, 14))


def newborn(today: date) -> str:
    """The subject of Mari's brother, three weeks old and without a name."""
    return child_subject(5, today - timedelta(days=_NEWBORN_DAYS))


def child_subject(century_and_sex: int, born: date) -> str:
    """A subject with the right check digit: `G YYMMDD SSS C`, see assistant/core/personal_code.py."""
    digits = f"{century_and_sex}{born:%y%m%d}{_CHILD_SERIAL}"
    return "EE" + next(code for code in (f"{digits}{check}" for check in range(10)) if is_personal_code(code))


def seed(today: date) -> Iterator[Rows]:
    """Names, families, addresses and contacts."""
    for person in POPULATION.values():
        yield PERSONS.of(
            person.subject,
            Person(
                personal_code=person.subject[2:],
                given_name=person.given_name,
                family_name=person.family_name,
                birth_date=person.birth_date,
            ),
        )
    children = [_child(school_child(today), "MARI"), _child(newborn(today))]
    yield CHILDREN.of(MARY, *children)
    for child in children:
        yield PERSONS.of(child.subject, Person(**child.model_dump(exclude={"subject"})))
        yield ADDRESSES.of(child.subject, Address(address="Tartu mnt 84a-12, Tallinn", valid_from=Day(-1600)))
    yield ADDRESSES.of(MARY, Address(address="Tartu mnt 84a-12, Tallinn", valid_from=Day(-1600)))
    yield ADDRESSES.of(JAAK, Address(address="Riia 24-3, Tartu", valid_from=Day(-900)))
    yield ADDRESSES.of(MARI_LIIS, Address(address="Pikk 5-1, Narva", valid_from=Day(-2200)))
    yield ADDRESSES.of(SIGRID, Address(address="Rahu 7-2, Jõhvi", valid_from=Day(-400)))
    yield CONTACTS.of(MARY, Contact(email="mary.ann@example.ee", phone=PHONES[MARY]))
    yield CONTACTS.of(JAAK, Contact(email="jaak@example.ee", phone=PHONES[JAAK]))
    yield CONTACTS.of(MARI_LIIS, Contact(email="mari-liis@example.ee"))


def _child(subject: str, given_name: str | None = None) -> Child:
    return Child(
        subject=subject,
        personal_code=subject[2:],
        given_name=given_name,
        family_name="O’CONNEŽ-ŠUSLIK TESTNUMBER",
        birth_date=birth_date(subject[2:]),
    )
