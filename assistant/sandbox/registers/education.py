"""Education: studies of the national register, and a city's queue for kindergarten and school places."""

from collections.abc import Iterator, Sequence
from datetime import date
from http import HTTPStatus
from typing import Literal

from assistant.core.personal_code import birth_date
from assistant.sandbox.operations import next_receipt, personal_list, personal_view, submission
from assistant.sandbox.population import school_child
from assistant.sandbox.provider import Refused
from assistant.sandbox.records import Day, Receipt, Record, RegisterDate, Texts
from assistant.sandbox.registers.family import toddler
from assistant.sandbox.service import Call, Service
from assistant.sandbox.state import PUBLIC, Rows, Table

_SCHOOL_AGE = 7


class Study(Record):
    """Where a person studies."""

    institution: Texts
    grade: Texts
    since: RegisterDate


class Institution(Record):
    """A kindergarten or a school that gives places."""

    institution: str
    kind: Literal["kindergarten", "school"]
    name: Texts
    address: Texts


class QueuePlace(Record):
    """A child's place in the queue of an institution."""

    institution: str
    name: Texts
    position: int
    wanted_from: RegisterDate


class Application(Record):
    """An application for a place."""

    institution: str
    wanted_from: date


class QueueReceipt(Receipt):
    """The receipt, and the place in the queue."""

    position: int


STUDIES = Table("studies", Study)
INSTITUTIONS = Table("institutions", Institution, key="institution")
QUEUE = Table("school_queue", QueuePlace, key="institution")


def _offered(call: Call, subject: str) -> Sequence[Institution]:
    """The institutions for a child of that age."""
    years = call.today.year - birth_date(subject.removeprefix("EE")).year
    kind = "school" if years >= _SCHOOL_AGE else "kindergarten"
    return [each for each in call.records.all(INSTITUTIONS) if each.kind == kind]


def _join(call: Call, application: Application) -> QueueReceipt:
    records = call.records
    wanted = records.find(INSTITUTIONS, PUBLIC, application.institution)
    if wanted is None or wanted not in _offered(call, call.subject):
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "not_offered")
    if records.find(QUEUE, call.subject, application.institution):
        raise Refused(HTTPStatus.CONFLICT, "already_in_queue")
    before = [place for _, place in records.everywhere(QUEUE) if place.institution == application.institution]
    position = max((place.position for place in before), default=0) + 1
    place = QueuePlace(
        institution=wanted.institution, name=wanted.name, position=position, wanted_from=application.wanted_from
    )
    records.put(QUEUE, call.subject, place)
    return QueueReceipt(receipt_number=next_receipt(call), state="received", position=position)


SERVICES = {
    "EE/GOV/70000740/ehis/studies": Service(
        "Studies of a person", (personal_list("/v1/persons/{subject}/studies", STUDIES, "studies"),)
    ),
    "EE/GOV/75014920/schools/queue": Service(
        "Queue for kindergarten and school places",
        (
            personal_view("/v1/persons/{subject}/institutions", _offered, Institution, "institutions"),
            personal_list("/v1/persons/{subject}/places", QUEUE, "places"),
            *submission("/v1/persons/{subject}/applications", Application, _join, QueueReceipt),
        ),
    ),
}

_MEELESPEA = Texts(en="Meelespea Kindergarten", et="Meelespea lasteaed", ru="детский сад «Меэлеспеа»")
_MANNIKABI = Texts(en="Männikäbi Kindergarten", et="Männikäbi lasteaed", ru="детский сад «Мянникяби»")
_LILLEKULA = Texts(en="Lilleküla School", et="Lilleküla kool", ru="Лиллекюлаская школа")
_TONDI = Texts(en="Tondi School", et="Tondi kool", ru="школа Тонди")


def seed(today: date) -> Iterator[Rows]:
    """The first records."""
    yield STUDIES.of(
        school_child(today),
        Study(
            institution=_LILLEKULA,
            grade=Texts(en="the third grade", et="kolmas klass", ru="третий класс"),
            since=Day(-800),
        ),
    )
    yield INSTITUTIONS.of(
        PUBLIC,
        Institution(
            institution="LA01",
            kind="kindergarten",
            name=_MEELESPEA,
            address=Texts(en="3 Lille Street", et="Lille 3", ru="улица Лилле, 3"),
        ),
        Institution(
            institution="LA02",
            kind="kindergarten",
            name=_MANNIKABI,
            address=Texts(en="21 Männiku Road", et="Männiku tee 21", ru="улица Мяннику, 21"),
        ),
        Institution(
            institution="KO01",
            kind="school",
            name=_LILLEKULA,
            address=Texts(en="30 Luha Street", et="Luha 30", ru="улица Луха, 30"),
        ),
        Institution(
            institution="KO02",
            kind="school",
            name=_TONDI,
            address=Texts(en="1 Kotka Street", et="Kotka 1", ru="улица Котка, 1"),
        ),
    )
    yield QUEUE.of(toddler(today), QueuePlace(institution="LA01", name=_MEELESPEA, position=14, wanted_from=Day(200)))
