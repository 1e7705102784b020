"""The population register: where people live."""

from collections.abc import Iterator
from datetime import date

from assistant.sandbox.operations import personal_list
from assistant.sandbox.population import ADDRESSES
from assistant.sandbox.service import Service
from assistant.sandbox.state import Rows

SERVICES = {
    "EE/GOV/70008440/rr/addresses": Service(
        "Address of a person", (personal_list("/v1/persons/{subject}/addresses", ADDRESSES, "addresses"),)
    ),
}


def seed(_today: date) -> Iterator[Rows]:
    """Nothing beyond the population's addresses."""
    yield from ()
