"""What the gateway counts by addresses."""

from starlette.requests import HTTPConnection

from assistant.core.ports import Counted
from assistant.gateway.parts import Parts
from assistant.intake import address_of


async def count_turn_of_address(connection: HTTPConnection, parts: Parts) -> None:
    """Count a turn before anything of it is read.

    Raises:
        TooOften: there were too many from this address.
    """
    await parts.take_turn.count_address(address_of(connection))


async def count_login_of_address(connection: HTTPConnection, parts: Parts) -> None:
    """Count a step of a login.

    Raises:
        TooOften: there were too many from this address.
    """
    await parts.rate_limiter.admit(Counted.LOGIN_OF_ADDRESS, address_of(connection))
