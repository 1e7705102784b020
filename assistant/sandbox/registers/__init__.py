'''The registers of the sandbox, one module per area: a new module here is a new area, nothing else has to name it.

A module has `SERVICES`, each service under its X-Road identifier, and `seed`, what its tables hold at first:

    from collections.abc import Iterator
    from datetime import date, timedelta
    from http import HTTPStatus

    from assistant.sandbox.operations import next_receipt, personal_list, personal_record, submission
    from assistant.sandbox.population import MARY
    from assistant.sandbox.provider import Refused
    from assistant.sandbox.records import Day, Receipt, Record, RegisterDate
    from assistant.sandbox.service import Call, Service
    from assistant.sandbox.state import Rows, Table


    class Vehicle(Record):
        """A car; snake_case here is camelCase on the wire, and None is left out."""

        plate: str
        make: str
        inspection_valid_until: RegisterDate | None = None


    class SaleNotice(Record):
        """What is sent to tell of a sale."""

        plate: str
        sold_on: RegisterDate


    class SaleReceipt(Receipt):
        """The answer: a Receipt has `receiptNumber` and `state`; here one field more."""

        transfer_by: RegisterDate


    VEHICLES = Table("vehicles", Vehicle, key="plate")


    def _sell(call: Call, notice: SaleNotice) -> SaleReceipt:
        if call.records.find(VEHICLES, call.subject, notice.plate) is None:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "not_owner", "the person has no such vehicle")
        call.records.remove(VEHICLES, call.subject, notice.plate)
        return SaleReceipt(receipt_number=next_receipt(call), transfer_by=call.today + timedelta(days=5))


    SERVICES = {
        "EE/GOV/70001490/traffic/vehicles": Service(
            "Vehicles of a person",
            (
                personal_list("/v1/persons/{subject}/vehicles", VEHICLES, "vehicles", filters=("make",)),
                personal_record("/v1/persons/{subject}/vehicles/{plate}", VEHICLES),
                *submission("/v1/persons/{subject}/sale-notices", SaleNotice, _sell, SaleReceipt),
            ),
            obeys=frozenset({"traffic"}),
        ),
    }


    def seed(today: date) -> Iterator[Rows]:
        yield VEHICLES.of(MARY, Vehicle(plate="123ABC", make="Volvo", inspection_valid_until=Day(40)))

What the pieces do:

* `Day(40)` in a seed is counted from the day it is read on, so that it never grows stale. What `act` functions write
  should be real dates (`call.today + ...`). `RegisterMoment` is a date and time: `Day(-2, at=time(14, 5))`.
* Personal operations need `X-Road-UserId`, and the person in the path must be the user or a child of the user
  (population.CHILDREN), else 403 `no_representation`. A person's restriction (personal.RESTRICTIONS) whose scope the
  service `obeys` closes it: 403 `restricted_by_person`.
* `personal_list` answers `{"vehicles": [...]}`, also when it is empty. `personal_record` answers the record itself,
  or `absent`, or 404 `no_record`. `personal_view` answers what a function makes of any tables. `public_list` and
  `public_record` are for what belongs to nobody (`PUBLIC`). Something else: an `Operation` whose function calls
  `personal.read_subject(call)` first.
* `submission` makes POST and `GET .../{key}`; its `Idempotency-Key` is honoured for you. A `Refused` undoes all that
  the function has written, its code goes to the caller. `call.user` is who asks, `call.subject` the person in the path.
* `call.records` reads and writes tables of every area: `all`, `find`, `only`, `put`, `replace`, `remove`. Tables that
  several areas need are in population.py (PERSONS, CHILDREN, CONTACTS, ADDRESSES), children's subjects are
  `school_child(today)` and `newborn(today)`, the argument of `seed`.
* A key is a text attribute. A table without a key only grows; with `replace` it can hold one record per person.

Every service is open to the assistant, except those that access.py names. Try one out:
`curl -H 'X-Road-Client: EE/GOV/70009999/kratt' -H 'X-Road-UserId: EE60001019906'
http://127.0.0.1:8090/r1/EE/GOV/70008747/itds/documents/v1/persons/EE60001019906/documents`.
A state file begins anew when a seed has changed; `POST /sandbox/reset` does it at once.
'''

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

from assistant.sandbox import population
from assistant.sandbox.service import Service
from assistant.sandbox.state import Seed


@dataclass(frozen=True)
class Registers:
    """All services by their X-Road identifiers, and what their tables hold at first."""

    services: Mapping[str, Service]
    seeds: tuple[Seed, ...]


def find_registers() -> Registers:
    """Those of every module here."""
    areas = [_import(module.name) for module in pkgutil.iter_modules(__path__)]
    services: dict[str, Service] = {}
    for area in areas:
        if twice := services.keys() & area.SERVICES.keys():
            raise ValueError(f"{area.__name__}: {twice} is published by another area, too")
        services |= area.SERVICES
    return Registers(services, (population.seed, *(area.seed for area in areas)))


def _import(name: str) -> ModuleType:
    return importlib.import_module(f"{__name__}.{name}")
