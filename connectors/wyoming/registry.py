"""Which satellites Kratt connects to: a file of whoever runs it."""

from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from assistant.content.yaml_source import read_model
from assistant.core.errors import ContentError, SettingsError
from assistant.core.languages import Language


class Place(BaseModel):
    """A satellite, and where it stands; those of one `area` hear the same wake word.

    With the `token` of a speaker (docs/guides/devices.md) it speaks for that speaker's citizen, while unlocked.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=40)
    uri: str
    language: Language | None = None
    area: str | None = None
    token: SecretStr | None = None

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        parts = urlsplit(self.uri)
        return parts.hostname or "", parts.port or 0

    @field_validator("uri")
    @classmethod
    def _check_uri(cls, uri: str) -> str:
        try:
            parts = urlsplit(uri)
            is_one = parts.scheme == "tcp" and bool(parts.hostname and parts.port)
        except ValueError:  # its port
            is_one = False
        if not is_one:
            raise ValueError("needs an address such as tcp://192.168.1.20:10700")
        return uri

    @model_validator(mode="after")
    def _check_token(self) -> "Place":
        if self.token and not _is_this_machine(self.address[0]):
            raise ValueError(
                "a satellite with a token says personal things, and Wyoming is not encrypted: name this machine's end "
                "of a tunnel, such as tcp://127.0.0.1:10701"
            )
        return self


class Registry(BaseModel):
    """All satellites."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    satellites: tuple[Place, ...]

    @model_validator(mode="after")
    def _check_names(self) -> "Registry":
        names = [place.name for place in self.satellites]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"two satellites are called {min(twice)}")
        return self


def read_registry(file: str) -> tuple[Place, ...]:
    """The satellites of a file; none without one.

    Raises:
        SettingsError: the file is not such; names it, and the line.
    """
    try:
        return read_model(Path(file), Registry).satellites if file else ()
    except ContentError as error:
        raise SettingsError(f"KRATT_WYOMING_SATELLITES: {error}") from None


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
