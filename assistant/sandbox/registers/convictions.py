"""The criminal records database, which the assistant has no right to: so that a refusal of X-Road can be seen."""

from collections.abc import Iterator
from datetime import date

from assistant.sandbox.operations import personal_list
from assistant.sandbox.records import Record, RegisterDate
from assistant.sandbox.service import Service
from assistant.sandbox.state import Rows, Table


class Conviction(Record):
    """A conviction in force."""

    case: str
    decided_on: RegisterDate


CONVICTIONS = Table("convictions", Conviction)

SERVICES = {
    "EE/GOV/70000310/karr/convictions": Service(
        "Convictions of a person", (personal_list("/v1/persons/{subject}/convictions", CONVICTIONS, "convictions"),)
    ),
}


def seed(_today: date) -> Iterator[Rows]:
    """Nobody here is convicted of anything."""
    yield from ()
