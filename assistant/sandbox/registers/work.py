"""Work and what comes after it: employment, unemployment, pension."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from http import HTTPStatus
from typing import Literal

from assistant.sandbox.operations import next_receipt, personal_list, personal_record, personal_view, submission
from assistant.sandbox.population import JAAK, MARI_LIIS, MARY
from assistant.sandbox.provider import Answer, Refused, answer_json
from assistant.sandbox.records import Day, Money, Receipt, Record, RegisterDate, Texts, write_record
from assistant.sandbox.service import Call, Operation, Service
from assistant.sandbox.state import PUBLIC, Rows, Table

_OFFERED_APPOINTMENTS = 3
_FIRST_APPOINTMENT_DAYS = 2
_APPOINTMENT_TIMES = ("10:00", "13:30", "15:15")
_SATURDAY = 5


class Job(Record):
    """One employment, as the employer entered it; `active` while it lasts."""

    employer: str
    started_on: RegisterDate
    ended_on: RegisterDate | None = None
    active: bool


class Registration(Record):
    """A person's latest registration as unemployed."""

    status: Literal["active", "ended"]
    registered_on: RegisterDate
    ended_on: RegisterDate | None = None
    bank_account: str | None = None


class NewRegistration(Record):
    """What is sent to register as unemployed."""

    last_employer: str | None = None
    employment_ended_on: RegisterDate | None = None
    phone: str
    email: str
    benefit_requested: Literal["yes", "no"]
    bank_account: str | None = None
    appointment_id: str


class Appointment(Record):
    """A free time with a counsellor; `id` is its day and time."""

    id: str
    day: RegisterDate
    time: str
    office: Texts


class PensionEstimate(Record):
    """When a person may retire, and on how much."""

    pensionable_from: RegisterDate
    monthly_estimate: Money | None = None


class Pillar(Record):
    """One of the three pension pillars: years in the first, money in the others."""

    pillar: Literal["first_pillar", "second_pillar", "third_pillar"]
    joined: bool
    service_years: int | None = None
    balance: Money | None = None
    fund: str | None = None


JOBS = Table("jobs", Job)
REGISTRATIONS = Table("unemployment_registrations", Registration)
BOOKINGS = Table("unemployment_appointments", Appointment, key="id")
ESTIMATES = Table("pension_estimates", PensionEstimate)
PILLARS = Table("pension_pillars", Pillar, key="pillar")

_OFFICE = Texts(en="Endla 10a, Tallinn", et="Endla 10a, Tallinn", ru="Эндла 10а, Таллинн")


def _latest_job(call: Call, subject: str) -> Job:
    jobs = call.records.all(JOBS, subject)
    if not jobs:
        raise Refused(HTTPStatus.NOT_FOUND, "no_record")
    return jobs[-1]


def _free_appointments(call: Call) -> list[Appointment]:
    """The next working days, one time each, without those that are booked."""
    days = (call.today + timedelta(days=_FIRST_APPOINTMENT_DAYS + number) for number in range(7))
    working = [day for day in days if day.weekday() < _SATURDAY][:_OFFERED_APPOINTMENTS]
    offered = [
        Appointment(id=f"{day}-{time[:2]}{time[3:]}", day=day, time=time, office=_OFFICE)
        for day, time in zip(working, _APPOINTMENT_TIMES, strict=True)
    ]
    return [each for each in offered if call.records.find(BOOKINGS, PUBLIC, each.id) is None]


def _answer_appointments(call: Call) -> Answer:
    free = _free_appointments(call)
    return answer_json({"appointments": [write_record(each, call.today) for each in free]})


def _register(call: Call, asked: NewRegistration) -> Receipt:
    records = call.records
    known = records.only(REGISTRATIONS, call.subject)
    if known and known.status == "active":
        raise Refused(HTTPStatus.CONFLICT, "already_registered")
    if any(job.active for job in records.all(JOBS, call.subject)):
        raise Refused(HTTPStatus.CONFLICT, "still_employed")
    chosen = next((each for each in _free_appointments(call) if each.id == asked.appointment_id), None)
    if chosen is None:
        raise Refused(HTTPStatus.CONFLICT, "appointment_taken")
    records.put(BOOKINGS, PUBLIC, chosen)
    account = asked.bank_account or (known.bank_account if known else None)
    new = Registration(status="active", registered_on=call.today, bank_account=account)
    records.replace(REGISTRATIONS, call.subject, new)
    return Receipt(receipt_number=next_receipt(call))


def _pillars(call: Call, subject: str) -> Sequence[Pillar]:
    return call.records.all(PILLARS, subject)


SERVICES = {
    "EE/GOV/70000349/employment/jobs": Service(
        "Employment of a person",
        (
            personal_list("/v1/persons/{subject}/jobs", JOBS, "jobs"),
            personal_view("/v1/persons/{subject}/jobs/latest", _latest_job, Job),
        ),
        obeys=frozenset({"tax"}),
    ),
    "EE/GOV/74000085/jobseekers/registrations": Service(
        "Registration as unemployed",
        (
            personal_record("/v1/persons/{subject}/registration", REGISTRATIONS),
            *submission("/v1/persons/{subject}/registrations", NewRegistration, _register),
        ),
    ),
    "EE/GOV/74000085/jobseekers/appointments": Service(
        "Free times with a counsellor",
        (Operation("GET", "/v1/appointments", _answer_appointments, Appointment, "appointments"),),
    ),
    "EE/GOV/70001975/pension/pillars": Service(
        "Pension of a person",
        (
            personal_record("/v1/persons/{subject}/estimate", ESTIMATES),
            personal_view("/v1/persons/{subject}/pillars", _pillars, Pillar, "pillars"),
            personal_record("/v1/persons/{subject}/pillars/{pillar}", PILLARS),
        ),
        obeys=frozenset({"pension"}),
    ),
}


def seed(_today: date) -> Iterator[Rows]:
    """One whose job has just ended, one who works, and one who is registered as unemployed already."""
    yield JOBS.of(
        MARY,
        Job(employer="Puu ja Pind OÜ", started_on=Day(-1500), ended_on=Day(-700), active=False),
        Job(employer="Rannapiiga AS", started_on=Day(-690), ended_on=Day(-12), active=False),
    )
    yield JOBS.of(JAAK, Job(employer="Tartu Vesi AS", started_on=Day(-2400), active=True))
    yield JOBS.of(MARI_LIIS, Job(employer="Narva Kangas OÜ", started_on=Day(-900), ended_on=Day(-200), active=False))
    ended = Registration(
        status="ended", registered_on=Day(-2000), ended_on=Day(-1510), bank_account="EE471000001020145685"
    )
    yield REGISTRATIONS.of(MARY, ended)
    active = Registration(status="active", registered_on=Day(-190), bank_account="EE382200221020145685")
    yield REGISTRATIONS.of(MARI_LIIS, active)
    yield from _seed_pensions()


def _seed_pensions() -> Iterator[Rows]:
    yield ESTIMATES.of(MARY, PensionEstimate(pensionable_from=date(2067, 1, 1), monthly_estimate="912.00"))
    yield PILLARS.of(
        MARY,
        Pillar(pillar="first_pillar", joined=True, service_years=6),
        Pillar(pillar="second_pillar", joined=True, balance="4310.25", fund="Rohevesi Indeks"),
        Pillar(pillar="third_pillar", joined=False),
    )
    yield ESTIMATES.of(JAAK, PensionEstimate(pensionable_from=date(2046, 6, 8), monthly_estimate="1043.50"))
    yield PILLARS.of(
        JAAK,
        Pillar(pillar="first_pillar", joined=True, service_years=21),
        Pillar(pillar="second_pillar", joined=True, balance="18940.00", fund="Põhjamaa Tasakaalus"),
        Pillar(pillar="third_pillar", joined=True, balance="2150.00", fund="Põhjamaa Kasv"),
    )
    yield ESTIMATES.of(MARI_LIIS, PensionEstimate(pensionable_from=date(2066, 7, 1)))
    yield PILLARS.of(
        MARI_LIIS,
        Pillar(pillar="first_pillar", joined=True, service_years=2),
        Pillar(pillar="second_pillar", joined=False),
        Pillar(pillar="third_pillar", joined=False),
    )
