"""Who asks, as far as rate limits need to know: an address, a device and, behind a login, a person."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from starlette.requests import HTTPConnection

from assistant.core.ports import Counted, RateLimiter
from assistant.gateway.callers import Caller
from assistant.gateway.parts import Parts

_HOUSEHOLD_BITS = 64
"""What one household or server gets of IPv6 (RFC 6177): whoever has it has as many addresses as they like."""


async def count_turn_of_address(connection: HTTPConnection, parts: Parts) -> None:
    """Count a turn before anything of it is read.

    Raises:
        TooOften: there were too many from this address.
    """
    await parts.rate_limiter.admit(Counted.TURN_OF_ADDRESS, address_of(connection))


async def count_login_of_address(connection: HTTPConnection, parts: Parts) -> None:
    """Count a step of a login.

    Raises:
        TooOften: there were too many from this address.
    """
    await parts.rate_limiter.admit(Counted.LOGIN_OF_ADDRESS, address_of(connection))


async def count_turn_of_caller(caller: Caller, rate_limiter: RateLimiter) -> None:
    """Count a turn of a device, a browser being known by its conversation, and of the person behind it.

    Raises:
        TooOften: there were too many.
    """
    await rate_limiter.admit(Counted.TURN_OF_DEVICE, caller.device_id or caller.session.dialogue_id)
    if caller.session.subject:
        await rate_limiter.admit(Counted.TURN_OF_PERSON, caller.session.subject)


def address_of(connection: HTTPConnection) -> str:
    """The caller's address; of IPv6 the part that a household has."""
    host = connection.client.host if connection.client else ""
    try:
        address = ip_address(host)
    except ValueError:  # a socket of this machine
        return host
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or IPv6Network((int(address), _HOUSEHOLD_BITS), strict=False))
    return str(address)
