"""Settings: read once from the environment, frozen afterwards. docs/guides/settings.md names every one."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.core.errors import SettingsError
from assistant.core.languages import Language

PROJECT = Path(__file__).resolve().parent.parent


Folder = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]
"""A path that stays the same whatever folder a process works in."""


class Settings(BaseSettings):
    """Every setting, with the default that a laptop needs. The variable of `turn_seconds` is `KRATT_TURN_SECONDS`."""

    model_config = SettingsConfigDict(env_prefix="KRATT_", frozen=True, extra="ignore")

    state: Folder = Field(PROJECT / "var", description="Folder for databases, logs and generated secrets")
    content: Folder = Field(PROJECT / "nlu_data", description="Folder with the content that editors write")
    models: Folder = Field(PROJECT / "models", description="Folder with dialogue and speech models")

    engine_python: Path = Field(
        PROJECT / ".venv-engine" / "bin" / "python", description="Python of the environment that Rasa is installed in"
    )

    host: str = Field("127.0.0.1", description="Address that all processes listen on")
    gateway_port: int = Field(8080, ge=1, le=65535, description="Port of the gateway and its page")
    engine_port: int = Field(5005, ge=1, le=65535, description="Port of the dialogue engine")
    actions_port: int = Field(5055, ge=1, le=65535, description="Port of the action server")
    sandbox_port: int = Field(8090, ge=1, le=65535, description="Port of the sandbox state")
    public_url: str = Field("", description="Address citizens use for the gateway; by default its host and port")

    default_language: Language = Field(Language.EN, description="Language of a request that names none: en, et or ru")
    turn_seconds: float = Field(10.0, ge=3, le=60, description="A turn ends after this many seconds, whatever happens")
    text_characters: int = Field(1000, ge=1, description="Longest text of one turn")
    speech_seconds: float = Field(60.0, gt=0, description="Longest recording of one turn")
    speech_streams: int = Field(16, ge=1, description="Utterances recognised at the same time; one more is told busy")
    session_minutes: float = Field(30.0, gt=0, description="A conversation ends after this many minutes of silence")

    database: str = Field(
        "", description="SQLAlchemy address of the gateway's database; by default SQLite in the state folder"
    )
    dialogue_database: str = Field(
        "", description="SQLAlchemy address of the engine's dialogue store; by default SQLite in the state folder"
    )
    xroad_url: str = Field("", description="Address of the X-Road security server; by default the sandbox")
    xroad_client: str = Field(
        "EE/GOV/70009999/kratt", pattern=r"^[^/]+(/[^/]+){3}$", description="X-Road identifier of this assistant"
    )
    tara_url: str = Field("", description="Address of the TARA login service; by default the sandbox")
    tara_client_id: str = Field("kratt", description="Client id at TARA")
    tara_client_secret: SecretStr = Field(SecretStr(""), description="Client secret at TARA; generated for the sandbox")
    turn_secret: SecretStr = Field(
        SecretStr(""), description="Key that signs turn contexts; generated in the state folder"
    )
    engine_token: SecretStr = Field(
        SecretStr(""), description="Token the engine asks for; generated in the state folder"
    )

    def process_url(self, process: str) -> str:
        """The address of one of our own processes: `gateway`, `engine`, `actions` or `sandbox`."""
        host = f"[{self.host}]" if ":" in self.host else self.host  # IPv6
        return f"http://{host}:{getattr(self, f'{process}_port')}"

    @property
    def gateway_url(self) -> str:
        """The gateway as citizens see it."""
        return self.public_url.rstrip("/") or self.process_url("gateway")

    @property
    def database_url(self) -> str:
        """The gateway's database, for SQLAlchemy's async engine."""
        return self.database or f"sqlite+aiosqlite:///{self.state / 'kratt.db'}"

    @property
    def dialogue_database_url(self) -> str:
        """The engine's dialogue store, for SQLAlchemy."""
        return self.dialogue_database or f"sqlite:///{self.state / 'dialogues.db'}"

    def secret(self, name: str) -> str:
        """A secret from the environment, or one generated once and kept in the state folder for its owner only."""
        given: SecretStr = getattr(self, name)
        return given.get_secret_value() or _kept_secret(self.state / "secrets" / name)


def read_settings() -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: a variable has a wrong value; the message names it.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"KRATT_{str(first['loc'][0]).upper()}: {first['msg']}") from None


def _kept_secret(path: Path) -> str:
    # Processes start together: each writes a file of its own, the first to link it under the common name wins.
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        own = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(own)
        own.unlink()
    return path.read_text()
