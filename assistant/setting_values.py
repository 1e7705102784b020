"""Kinds of values that settings have: what each may be, and what is said of one that is not."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, HttpUrl, SecretStr, TypeAdapter, ValidationError

CONNECTORS = ("rasa_channels", "alexa", "conversation_relay", "media_streams", "vosk_websocket", "wyoming")
"""The folders in connectors/ that a setting switches on."""
SHORTEST_TURN_SECRET_BYTES = 32  # as long as the hash of HS256 (RFC 7518, section 3.2)
_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?", re.ASCII)
"""As a browser writes it (RFC 6454, section 6.2)."""


def _web_address(value: str) -> str:
    try:
        if value:
            TypeAdapter(HttpUrl).validate_python(value)
    except ValidationError:
        raise ValueError("needs an address that begins with http:// or https://") from None
    return value


def _database(value: str) -> str:
    if not value:
        return value
    from sqlalchemy.engine import make_url  # noqa: PLC0415  # slow, and needed only where a database is set
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        make_url(value)
    except (ArgumentError, ValueError):  # ValueError: its port
        raise ValueError("needs an address that SQLAlchemy understands") from None
    return value


def _async_database(value: str) -> str:
    if not value:
        return value
    from sqlalchemy.engine import make_url  # noqa: PLC0415
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    try:
        dialect = make_url(_database(value)).get_dialect()
        dialect.import_dbapi()
    except (SQLAlchemyError, ImportError):
        raise ValueError("needs a database and a driver that are installed, such as sqlite+aiosqlite") from None
    if not dialect.is_async:
        raise ValueError("needs an async driver, such as sqlite+aiosqlite")
    return value


def _redis(value: str) -> str:
    if value and not value.startswith(("redis://", "rediss://")):
        raise ValueError("needs an address that begins with redis:// or rediss://")
    return value


def _networks(value: str) -> str:
    try:
        networks_in(value)
    except ValueError:
        raise ValueError("needs addresses or networks such as 10.0.0.0/8, separated by commas") from None
    return value


def networks_in(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks that a setting lists.

    Raises:
        ValueError: one is none.
    """
    return tuple(map(ip_network, names_in(value)))


def _origins(value: str) -> str:
    for each in names_in(value):
        if each != "*" and not re.fullmatch(r"https?://[^/\s]+", each):
            raise ValueError("needs origins such as https://www.example.ee, separated by commas, or *")
    return value


def _sites(value: str) -> str:
    if not all(map(_ORIGIN.fullmatch, names_in(value))):
        raise ValueError("needs origins such as https://www.example.ee, in lower case, separated by commas")
    return value


def _connectors(value: str) -> str:
    if unknown := set(names_in(value)) - set(CONNECTORS):
        raise ValueError(f"there is no connector {min(unknown)}; there are {', '.join(CONNECTORS)}")
    return value


def is_this_machine(host: str) -> bool:
    """Whether only programs of this machine reach this address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def names_in(value: str) -> tuple[str, ...]:
    """What a setting lists, separated by commas."""
    return tuple(each.strip() for each in value.split(",") if each.strip())


def _turn_secret(value: SecretStr) -> SecretStr:
    if value and len(value.get_secret_value().encode()) < SHORTEST_TURN_SECRET_BYTES:
        raise ValueError(f"needs at least {SHORTEST_TURN_SECRET_BYTES} bytes")
    return value


WebAddress = Annotated[str, AfterValidator(_web_address)]
Folder = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]
"""A path that stays the same whatever folder a process works in."""
File = Annotated[str, AfterValidator(lambda path: str(Path(path).expanduser().absolute()) if path else "")]
"""A file's path that stays the same, or none."""
TurnSecret = Annotated[SecretStr, AfterValidator(_turn_secret)]
SyncDatabase = Annotated[str, AfterValidator(_database)]
"""An address of SQLAlchemy, or none."""
AsyncDatabase = Annotated[str, AfterValidator(_async_database)]
"""The same, of a driver that waits for nobody."""
Redis = Annotated[str, AfterValidator(_redis)]
Networks = Annotated[str, AfterValidator(_networks)]
Origins = Annotated[str, AfterValidator(_origins)]
Sites = Annotated[str, AfterValidator(_sites)]
Connectors = Annotated[str, AfterValidator(_connectors)]
