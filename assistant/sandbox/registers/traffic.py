"""The Transport Administration: vehicles and driving licences; and the Tax and Customs Board's tax on vehicles."""

from collections.abc import Iterator
from datetime import date, timedelta
from http import HTTPStatus

from assistant.sandbox.operations import next_receipt, personal_list, personal_view, submission
from assistant.sandbox.population import JAAK, MARI_LIIS, MARY, SIGRID
from assistant.sandbox.provider import Refused
from assistant.sandbox.records import Day, Money, Receipt, Record, RegisterDate, Texts
from assistant.sandbox.registers.applications import ServicePoint
from assistant.sandbox.registers.identity import ERRANDS
from assistant.sandbox.service import Call, Service
from assistant.sandbox.state import PUBLIC, Rows, Table

_MADE_IN = timedelta(days=14)
_LICENCE = "driving_licence"


class Vehicle(Record):
    """A vehicle; a user, of a leased car for one, is not its owner."""

    plate: str
    name: Texts
    is_owner: bool = True
    has_inspection: bool
    inspection_valid_until: RegisterDate | None = None
    has_insurance: bool
    insurance_valid_until: RegisterDate | None = None
    insurer: str | None = None


class VehicleTax(Record):
    """What a vehicle is taxed for a year."""

    plate: str
    name: Texts
    amount: Money
    due_date: RegisterDate
    is_paid: bool


class Licence(Record):
    """A driving licence, and what the register knows of its holder besides."""

    number: str
    categories: str
    valid_until: RegisterDate
    health_certificate_until: RegisterDate | None = None
    has_debt: bool = False
    pick_up_office: ServicePoint


class Exchange(Record):
    """An exchange of the licence that is under way."""

    categories: str


class LicenceFacts(Record):
    """What is known before anybody applies for a new licence; nobody without a licence can."""

    has_licence: bool
    already_applied: bool
    has_health_certificate: bool
    has_debt: bool
    fee: Money
    categories: str | None = None
    valid_until: RegisterDate | None = None
    health_certificate_until: RegisterDate | None = None
    pick_up_office: ServicePoint | None = None


class ExchangeRequest(Record):
    """What is sent to apply for a new licence."""

    categories: str
    pick_up_office: ServicePoint
    email: str | None = None


class ExchangeReceipt(Receipt):
    """The answer to an application."""

    ready_by: RegisterDate


VEHICLES = Table("vehicles", Vehicle, key="plate")
VEHICLE_TAXES = Table("vehicle_taxes", VehicleTax, key="plate")
LICENCES = Table("licences", Licence, key="number")
EXCHANGES = Table("licence_exchanges", Exchange)


def _facts(call: Call, subject: str) -> LicenceFacts:
    licence = call.records.only(LICENCES, subject)
    errand = call.records.find(ERRANDS, PUBLIC, _LICENCE)
    if errand is None:
        raise Refused(HTTPStatus.NOT_FOUND, "no_record")
    return LicenceFacts(
        has_licence=licence is not None,
        already_applied=call.records.only(EXCHANGES, subject) is not None,
        has_health_certificate=licence is not None and _has_certificate(call, licence),
        has_debt=licence is not None and licence.has_debt,
        fee=errand.fee,
        categories=licence.categories if licence else None,
        valid_until=licence.valid_until if licence else None,
        health_certificate_until=licence.health_certificate_until if licence else None,
        pick_up_office=licence.pick_up_office if licence else None,
    )


def _has_certificate(call: Call, licence: Licence) -> bool:
    until = licence.health_certificate_until
    return until is not None and until >= call.today


def _exchange(call: Call, request: ExchangeRequest) -> ExchangeReceipt:
    licence = call.records.only(LICENCES, call.subject)
    if licence is None or licence.categories != request.categories:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "no_licence", "the person has no licence of these categories")
    refusals = {
        "health_certificate_missing": not _has_certificate(call, licence),
        "debt": licence.has_debt,
        "already_applied": call.records.only(EXCHANGES, call.subject) is not None,
    }
    for code, holds in refusals.items():
        if holds:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, code)
    call.records.put(EXCHANGES, call.subject, Exchange(categories=licence.categories))
    return ExchangeReceipt(receipt_number=next_receipt(call), state="received", ready_by=call.today + _MADE_IN)


SERVICES = {
    "EE/GOV/70001490/traffic/vehicles": Service(
        "Vehicles of a person", (personal_list("/v1/persons/{subject}/vehicles", VEHICLES, "vehicles"),)
    ),
    "EE/GOV/70000349/vehicletax/vehicletax": Service(
        "Tax on a person's vehicles", (personal_list("/v1/persons/{subject}/vehicle-tax", VEHICLE_TAXES, "taxes"),)
    ),
    "EE/GOV/70001490/traffic/licences": Service(
        "Driving licence of a person, and whether it can be exchanged",
        (personal_view("/v1/persons/{subject}/licence", _facts, LicenceFacts),),
    ),
    "EE/GOV/70001490/traffic/renewals": Service(
        "Applications for a new driving licence",
        submission("/v1/persons/{subject}/licence-renewals", ExchangeRequest, _exchange, ExchangeReceipt),
    ),
}

_OCTAVIA = Texts(en="Škoda Octavia", et="Škoda Octavia", ru="Шкода Октавия")
_VOLVO = Texts(en="Volvo V60", et="Volvo V60", ru="Вольво V60")
_COROLLA = Texts(en="Toyota Corolla", et="Toyota Corolla", ru="Тойота Королла")
_YARIS = Texts(en="Toyota Yaris", et="Toyota Yaris", ru="Тойота Ярис")


def seed(_today: date) -> Iterator[Rows]:
    """The first records."""
    yield from _vehicles()
    yield from _taxes()
    yield from _licences()


def _vehicles() -> Iterator[Rows]:
    yield VEHICLES.of(
        MARY,
        Vehicle(
            plate="123ABC",
            name=_OCTAVIA,
            has_inspection=True,
            inspection_valid_until=Day(130),
            has_insurance=True,
            insurance_valid_until=Day(200),
            insurer="If",
        ),
        Vehicle(
            plate="456DEF",
            name=_VOLVO,
            has_inspection=True,
            inspection_valid_until=Day(24),
            has_insurance=True,
            insurance_valid_until=Day(310),
            insurer="Ergo",
        ),
    )
    yield VEHICLES.of(
        JAAK,
        Vehicle(
            plate="789GHK",
            name=_COROLLA,
            has_inspection=False,
            inspection_valid_until=Day(-35),
            has_insurance=False,
        ),
    )
    yield VEHICLES.of(
        MARI_LIIS,
        Vehicle(
            plate="321KLM",
            name=_YARIS,
            is_owner=False,
            has_inspection=True,
            inspection_valid_until=Day(400),
            has_insurance=True,
            insurance_valid_until=Day(90),
            insurer="Ergo",
        ),
    )


def _taxes() -> Iterator[Rows]:
    yield VEHICLE_TAXES.of(
        MARY,
        VehicleTax(plate="123ABC", name=_OCTAVIA, amount="92.00", due_date=Day(45), is_paid=False),
        VehicleTax(plate="456DEF", name=_VOLVO, amount="118.50", due_date=Day(45), is_paid=False),
    )
    yield VEHICLE_TAXES.of(
        JAAK, VehicleTax(plate="789GHK", name=_COROLLA, amount="74.00", due_date=Day(-10), is_paid=True)
    )


def _licences() -> Iterator[Rows]:
    yield LICENCES.of(
        MARY,
        Licence(
            number="ET000123",
            categories="B, BE",
            valid_until=Day(85),
            health_certificate_until=Day(900),
            pick_up_office="tallinn",
        ),
    )
    yield LICENCES.of(
        JAAK,
        Licence(
            number="ET000456",
            categories="B",
            valid_until=Day(2400),
            health_certificate_until=Day(-12),
            pick_up_office="tartu",
        ),
    )
    yield LICENCES.of(
        SIGRID,
        Licence(
            number="ET000789",
            categories="AM, B",
            valid_until=Day(30),
            health_certificate_until=Day(700),
            has_debt=True,
            pick_up_office="narva",
        ),
    )
