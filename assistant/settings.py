"""Settings: read once from the environment, frozen afterwards. docs/guides/settings.md names every one."""

import contextlib
import os
import secrets
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.core.errors import SettingsError
from assistant.core.languages import Language
from assistant.core.state_folder import make_private_folder, naming_the_state_folder
from assistant.setting_values import (
    AsyncDatabase,
    Connectors,
    File,
    Folder,
    Networks,
    Origins,
    Redis,
    Sites,
    SyncDatabase,
    TurnSecret,
    WebAddress,
    is_this_machine,
    names_in,
    networks_in,
)

PROJECT = Path(__file__).resolve().parent.parent
PROCESSES = ("gateway", "engine", "actions", "sandbox", "candidate")
GIVEN_TO_THE_ENGINE = frozenset({"KRATT_ACTIONS_URL", "KRATT_ACTIONS_AUTHORIZATION"})
"""Variables that are no settings: our own processes get them from us."""


class Settings(BaseSettings):
    """Every setting, with the default that a laptop needs. The variable of `turn_seconds` is `KRATT_TURN_SECONDS`."""

    model_config = SettingsConfigDict(env_prefix="KRATT_", frozen=True, extra="ignore")

    mode: Literal["development", "production"] = Field(
        "development",
        description="production: nothing is generated or simulated, and what `kratt doctor` finds is fatal",
    )
    secrets_folder: File = Field("", description="Folder with a file for each secret, such as turn_secret")
    state: Folder = Field(PROJECT / "var", description="Folder for databases, logs and generated secrets")
    content: Folder = Field(PROJECT / "nlu_data", description="Folder with the content that editors write")
    models: Folder = Field(PROJECT / "models", description="Folder with dialogue and speech models")

    models_kept: int = Field(10, ge=2, description="Dialogue models that the bank keeps, beside those that are pinned")
    standby_minutes: float = Field(
        15.0, ge=0, description="A model that was replaced stays in memory so long, for a roll back at once"
    )
    four_eyes: bool = Field(False, description="Who trained a model, or wrote its content, does not publish it")
    review: bool = Field(
        False, description="A model is published only if a reviewer, who wrote none of its content, has approved that"
    )
    gate: bool = Field(
        True, description="A model is published only if it was compared with the live one, and is hardly worse"
    )
    gate_accuracy_points: float = Field(
        2.0, ge=0, description="A language may lose so many points of the requests that are done right"
    )
    gate_intent_points: float = Field(20.0, ge=0, description="An intent may lose so many points of its F1")
    gate_out_of_scope_points: float = Field(
        4.0, ge=0, description="A language may lose so many points of the requests out of scope that are turned away"
    )
    gate_spoken_points: float = Field(
        5.0, ge=0, description="A language may lose so many points of a sample of spoken requests that are done right"
    )
    engine_python: Path = Field(
        PROJECT / ".venv-engine" / "bin" / "python", description="Python of the environment that Rasa is installed in"
    )

    host: str = Field("127.0.0.1", description="Address that all processes listen on")
    gateway_port: int = Field(8080, ge=1, le=65535, description="Port of the gateway and its page")
    engine_port: int = Field(5005, ge=1, le=65535, description="Port of the dialogue engine")
    candidate_port: int = Field(5006, ge=1, le=65535, description="Port of the engine that a new model is tried on")
    actions_port: int = Field(5055, ge=1, le=65535, description="Port of the action server")
    sandbox_port: int = Field(8090, ge=1, le=65535, description="Port of the sandbox state")
    tryout_engine_port: int = Field(5007, ge=1, le=65535, description="Port of the engine that drafts are tried on")
    tryout_actions_port: int = Field(5056, ge=1, le=65535, description="Port of the action server of such a draft")
    tryout_sandbox_port: int = Field(8091, ge=1, le=65535, description="Port of the sandbox state of such a draft")
    tryout_minutes: float = Field(15.0, gt=0, description="A draft that nobody talks to is no longer tried after that")
    desk_agents: File = Field(
        "", description="File with a name and a token's hash for each agent of the desk; without one there is no desk"
    )
    desk_hours: File = Field("", description="File with the desk's hours; by default the content's common/desk.yml")
    console_port: int = Field(8085, ge=1, le=65535, description="Port of the console, where there is one")
    console_editors: File = Field(
        "",
        description="File with a line for each editor of the console; without one there is no console",
    )
    console_url: WebAddress = Field("", description="Address editors use for the console; by default its host and port")
    inbox_days: float = Field(90.0, ge=1, description="Requests that were not understood are kept for editors so long")
    desk_webhook: WebAddress = Field("", description="Address of an outside desk that is told of changed cases")
    desk_webhook_secret: SecretStr = Field(
        SecretStr(""), description="Key by which what an outside desk is told is signed: whsec_ and base64"
    )
    public_url: WebAddress = Field("", description="Address citizens use for the gateway; by default its host and port")

    widget_origins: Sites = Field("", description="Origins, by commas, of the web sites that carry the chat widget")

    feedback_days: float = Field(180.0, ge=1, description="What citizens thought of a conversation is kept so long")

    default_language: Language = Field(Language.EN, description="Language of a request that names none: en, et or ru")
    turn_seconds: float = Field(10.0, ge=3, le=60, description="A turn ends after this many seconds, whatever happens")
    text_characters: int = Field(1000, ge=1, description="Longest text of one turn")
    speech_seconds: float = Field(60.0, gt=0, description="Longest recording of one turn")
    speech_streams: int = Field(16, ge=1, description="Utterances recognised at the same time; one more is told busy")
    voice_en: str = Field("", description="English voice: one of espeak-ng's, or the .onnx file of a Piper voice")
    voice_et: str = Field("", description="Estonian voice: the same")
    voice_ru: str = Field("", description="Russian voice: the same")
    piper_python: Path = Field(
        PROJECT / ".venv-piper" / "bin" / "python", description="Python of the environment that Piper is installed in"
    )
    spoken_megabytes: int = Field(
        64, ge=0, description="Space in the state folder for the content's own sentences, spoken; 0: none is kept there"
    )
    connectors: Connectors = Field(
        "", description="Connectors that are on, by commas, such as rasa_channels; by default none"
    )
    rasa_origins: Origins = Field(
        "", description="Origins, by commas, of pages whose chats may use the Rasa channels; * for any"
    )
    rasa_jwt_key: SecretStr = Field(
        SecretStr(""), description="Key (HS256) of the tokens that Socket.IO asks for; without one it asks for none"
    )
    alexa_skill_ids: str = Field("", description="Ids, by commas, of the Alexa skills that the connector alexa answers")
    alexa_link_secret: SecretStr = Field(
        SecretStr(""), description="Client secret by which Amazon links citizens' Alexa accounts; without one it cannot"
    )
    alexa_link_addresses: str = Field(
        "", description="Addresses, by commas, that Amazon has an account's link go back to, as its console shows them"
    )
    alexa_roots: File = Field(
        "", description="Authorities that Alexa's certificates may go back to, in PEM; by default the machine's"
    )
    relay_auth_token: SecretStr = Field(
        SecretStr(""), description="Auth token of the Twilio account whose calls come over ConversationRelay"
    )
    relay_key: SecretStr = Field(
        SecretStr(""), description="Key that calls over ConversationRelay bring from a carrier that signs nothing"
    )
    vosk_host: str = Field("", description="Address that the port of vosk-server listens on; by default KRATT_HOST")
    vosk_port: int = Field(2700, ge=1, le=65535, description="Port of vosk-server, while its connector is on")
    wyoming_host: str = Field("127.0.0.1", description="Address that Wyoming's clients find Kratt at")
    wyoming_port: int = Field(10_300, ge=1, le=65535, description="Port that Wyoming's clients find Kratt at")
    wyoming_certificate: File = Field("", description="Certificate that Kratt shows to Wyoming's clients, in PEM")
    wyoming_key: File = Field("", description="Key of that certificate, in PEM and without a password")
    wyoming_clients: File = Field("", description="Certificates of the clients that may connect, in PEM")
    wyoming_satellites: File = Field("", description="YAML file of the satellites that Kratt connects to")
    turns_per_minute: int = Field(
        60, ge=0, description="Turns that one person, or one conversation, may take in a minute; 0: any number"
    )
    address_turns_per_minute: int = Field(
        600, ge=0, description="Turns that may come from one address in a minute; 0: any number"
    )
    address_logins_per_minute: int = Field(
        60, ge=0, description="Steps of logins that may come from one address in a minute; 0: any number"
    )
    rate_limit_redis: Redis = Field(
        "", description="Address of a Redis where all gateways count together; by default each counts in its memory"
    )
    trusted_proxies: str = Field(
        "", description="Addresses, by commas, of proxies whose X-Forwarded-For tells the caller's address"
    )
    session_minutes: float = Field(30.0, gt=0, description="A conversation ends after this many minutes of silence")
    login_years: float = Field(
        1.0, ge=1, le=7, description="That somebody logged in is kept so many years, as TARA asks for"
    )
    speaker_idle_seconds: float = Field(
        120.0, gt=0, le=900, description="An unlocked speaker locks itself after this many seconds without a turn"
    )

    database: AsyncDatabase = Field(
        "", description="SQLAlchemy address of the gateway's database; by default SQLite in the state folder"
    )
    dialogue_database: SyncDatabase = Field(
        "", description="SQLAlchemy address of the engine's dialogue store; by default SQLite in the state folder"
    )
    record_database: AsyncDatabase = Field(
        "",
        description="SQLAlchemy address of the action server's database (access record, restrictions, writes); "
        "by default SQLite in the state folder",
    )
    follow_up_hours: float = Field(
        48.0, gt=0, description="A write whose outcome is unknown is asked after for this many hours"
    )
    writes_kept_days: float = Field(
        30.0, ge=1, description="A write is forgotten this many days after the citizen was told how it ended"
    )
    xroad_url: WebAddress = Field("", description="Address of the X-Road security server; by default the sandbox")
    xroad_client: str = Field(
        "EE/GOV/70009999/kratt", pattern=r"^[^/]+(/[^/]+){3}$", description="X-Road identifier of this assistant"
    )
    sandbox_xroad_version: Literal["7.7", "7.8"] = Field(
        "7.8", description="Version of X-Road whose error codes the sandbox writes"
    )
    sandbox_tls_port: int = Field(
        0, ge=0, le=65535, description="Port where the sandbox wants X-Road to be called with a certificate; 0: nowhere"
    )
    mailbox: str = Field(
        "EE/GOV/70006317/mailbox/messages",
        pattern=r"^[^/]+(/[^/]+){4}$",
        description="X-Road service of the state's mailbox, where receipts go",
    )
    consent_service: str = Field(
        "EE/GOV/70006317/consent/consent-stage",
        pattern=r"^[^/\s]+(/[^/\s]+){4}$",
        description="X-Road service that knows what citizens have consented to",
    )
    population_register: str = Field(
        "EE/GOV/70008440/rr/standing",
        pattern=r"^[^/\s]+(/[^/\s]+){4}$",
        description="X-Road service that knows whether somebody lives, and their legal capacity",
    )
    data_tracker: str = Field(
        "EE/GOV/70006317/datatracker",
        pattern=r"^[^/]+(/[^/]+){3}$",
        description="X-Road identifier of the state's data tracker, which may ask what was done with whose data",
    )
    xroad_networks: Networks = Field(
        "127.0.0.0/8,::1",
        description="Addresses or networks, by commas, of the security servers that may call our own X-Road services",
    )
    xroad_certificate: File = Field("", description="Certificate that we show to the security server, in PEM")
    xroad_key: File = Field("", description="Key of that certificate, in PEM and without a password")
    xroad_ca: File = Field("", description="The only authority whose certificate the security server may have, in PEM")
    xroad_failures: int = Field(
        5, ge=0, description="A service that fails so often in a row is left alone for ten seconds; 0: never"
    )
    tara_url: WebAddress = Field("", description="Address of the TARA login service; by default the sandbox")
    tara_client_id: str = Field("kratt", description="Client id at TARA")
    tara_client_secret: SecretStr = Field(SecretStr(""), description="Client secret at TARA; generated for the sandbox")
    tara_tls_ca: File = Field(
        "", description="The only authorities whose certificates TARA's server may have, in PEM; else the machine's"
    )
    mobile_id_url: WebAddress = Field("", description="Address of the Mobile-ID service; by default the sandbox")
    mobile_id_uuid: str = Field(
        "00000000-0000-0000-0000-000000000000", min_length=36, max_length=36, description="Our UUID at Mobile-ID"
    )
    mobile_id_name: str = Field("DEMO", min_length=1, description="Our name at Mobile-ID")
    smart_id_url: WebAddress = Field("", description="Address of the Smart-ID service; by default the sandbox")
    smart_id_uuid: str = Field(
        "00000000-0000-4000-8000-000000000000", min_length=36, max_length=36, description="Our UUID at Smart-ID"
    )
    smart_id_name: str = Field("DEMO", min_length=1, description="Our name at Smart-ID")
    smart_id_scheme: Literal["smart-id", "smart-id-demo"] = Field(
        "smart-id-demo", description="What answers are signed for: `smart-id`, or `smart-id-demo` at the demo service"
    )
    phone_authorities: File = Field(
        "",
        description="Authorities that issue the certificates of citizens' phones themselves, in PEM; "
        "by default the sandbox's",
    )
    ocsp_url: WebAddress = Field(
        "", description="Address of the OCSP responder; by default the one that a citizen's certificate names"
    )
    phone_questions: int = Field(
        5, ge=0, description="Questions to one citizen's phone in ten minutes; 0: without limit"
    )
    phone_tls_ca: File = Field(
        "", description="The only authorities whose certificates the servers of Mobile-ID and Smart-ID may have, in PEM"
    )
    turn_secret: TurnSecret = Field(
        SecretStr(""), description="Key that signs turn contexts; generated in the state folder"
    )
    engine_token: SecretStr = Field(
        SecretStr(""), description="Token the engine asks for; generated in the state folder"
    )
    actions_token: SecretStr = Field(
        SecretStr(""), description="Token the action server asks for; generated in the state folder"
    )
    data_key: SecretStr = Field(
        SecretStr(""), description="Key that seals what is kept of dialogues; generated in the state folder"
    )
    console_key: SecretStr = Field(
        SecretStr(""), description="Key that vouches for editors in the console; generated in the state folder"
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Token the gateway asks for at /metrics; generated in the state folder"
    )

    @model_validator(mode="after")
    def _check_ports(self) -> "Settings":
        owners: dict[int, str] = {}
        others = {
            **dict.fromkeys(("console", "tryout_engine", "tryout_actions", "tryout_sandbox"), self.console_editors),
            "sandbox_tls": self.sandbox_tls_port,
            "vosk": "vosk_websocket" in names_in(self.connectors),
            "wyoming": "wyoming" in names_in(self.connectors),
        }
        for owner in (*PROCESSES, *(other for other, is_open in others.items() if is_open)):
            first = owners.setdefault(getattr(self, f"{owner}_port"), owner)
            if first != owner:
                names = (f"KRATT_{name.upper()}_PORT" for name in (owner, first))
                raise ValueError("{}: is the same as {}".format(*names))
        return self

    @model_validator(mode="after")
    def _check_xroad_tls(self) -> "Settings":
        files = {name: getattr(self, f"xroad_{name}") for name in ("certificate", "key", "ca")}
        missing = [f"KRATT_XROAD_{name.upper()}" for name, file in files.items() if not file]
        if 0 < len(missing) < len(files):
            raise ValueError(f"{missing[0]}: is missing; certificate, key and CA belong together")
        if not missing and not self.xroad_url.lower().startswith("https://"):
            raise ValueError("KRATT_XROAD_URL: has to begin with https:// where there is a certificate to show")
        return self

    @model_validator(mode="after")
    def _check_wyoming(self) -> "Settings":
        files = {name: getattr(self, f"wyoming_{name}") for name in ("certificate", "key", "clients")}
        missing = [f"KRATT_WYOMING_{name.upper()}" for name, file in files.items() if not file]
        if 0 < len(missing) < len(files):
            raise ValueError(f"{missing[0]}: is missing; certificate, key and clients belong together")
        if missing and not is_this_machine(self.wyoming_host):
            raise ValueError(
                "KRATT_WYOMING_HOST: lets everybody in who can reach it, as Wyoming has no passwords; name a loopback "
                f"address, or {missing[0]} and its neighbours"
            )
        return self

    @model_validator(mode="after")
    def _check_phones(self) -> "Settings":
        addresses = [address.lower() for address in (self.mobile_id_url, self.smart_id_url) if address]
        if addresses and not self.phone_authorities:
            raise ValueError("KRATT_PHONE_AUTHORITIES: is missing; nobody but the sandbox has the sandbox's")
        if any(address.startswith("https://") for address in addresses) and not self.phone_tls_ca:
            raise ValueError("KRATT_PHONE_TLS_CA: is missing; Mobile-ID and Smart-ID ask to have theirs pinned")
        return self

    def process_url(self, process: str) -> str:
        """The address of one of our own processes: `gateway`, `engine`, `actions` or `sandbox`."""
        host = f"[{self.host}]" if ":" in self.host else self.host  # IPv6
        return f"http://{host}:{getattr(self, f'{process}_port')}"

    @property
    def gateway_url(self) -> str:
        """The gateway as citizens see it."""
        return self.public_url.rstrip("/") or self.process_url("gateway")

    @property
    def console_address(self) -> str:
        """The console as editors see it."""
        return self.console_url.rstrip("/") or self.process_url("console")

    @property
    def database_url(self) -> str:
        """The gateway's database, for SQLAlchemy's async engine."""
        return self.database or f"sqlite+aiosqlite:///{self.state / 'kratt.db'}"

    @property
    def dialogue_database_url(self) -> str:
        """The engine's dialogue store, for SQLAlchemy."""
        return self.dialogue_database or f"sqlite:///{self.state / 'dialogues.db'}"

    @property
    def desk_hours_file(self) -> Path:
        """The file of the desk's hours."""
        return Path(self.desk_hours or self.content / "common" / "desk.yml")

    @property
    def phone_authorities_file(self) -> Path:
        """The file of those who certify citizens' phones; the sandbox writes its own there."""
        return Path(self.phone_authorities or self.state / "sandbox-certificates" / "phones.crt")

    @property
    def record_database_url(self) -> str:
        """The action server's database, for SQLAlchemy's async engine."""
        return self.record_database or f"sqlite+aiosqlite:///{self.state / 'record.db'}"

    def networks(self, name: str) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks of a setting that lists some."""
        return networks_in(getattr(self, name))

    @property
    def embedders(self) -> frozenset[str]:
        """The origins of the web sites that carry the chat widget."""
        return frozenset(names_in(self.widget_origins))

    @property
    def is_production(self) -> bool:
        """Whether citizens are served, and nothing may be made up."""
        return self.mode == "production"

    def secret(self, name: str) -> str:
        """A secret from the environment or the folder of secrets.

        In development one is generated once and kept in the state folder, for its owner only.

        Raises:
            SettingsError: it is missing in production, or its file cannot be read.
        """
        if found := self.given_secret(name):
            return found
        if self.is_production:
            raise SettingsError(
                f"KRATT_{name.upper()}: production needs it, in the environment or as the file {name} in "
                "KRATT_SECRETS_FOLDER"
            )
        return _kept_secret(self.state / "secrets" / name)

    def given_secret(self, name: str) -> str:
        """The same as far as it was given; empty if it was not.

        Raises:
            SettingsError: its file cannot be read.
        """
        given: SecretStr = getattr(self, name)
        return given.get_secret_value() or _filed_secret(self.secret_file(name))

    def secret_file(self, name: str) -> Path | None:
        """Where the folder of secrets would have it; None without such a folder."""
        return Path(self.secrets_folder) / name if self.secrets_folder else None


def read_settings() -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: a variable has a wrong value, or there is no such setting; the message names it.
    """
    known = {f"KRATT_{name.upper()}" for name in Settings.model_fields} | GIVEN_TO_THE_ENGINE
    given = [name for name in sorted(os.environ) if name.upper().startswith("KRATT_")]  # noqa: TID251  # read here
    if unknown := [name for name in given if name.upper() not in known]:
        raise SettingsError(f"{unknown[0]}: there is no such setting, docs/guides/settings.md has them all")
    try:
        return Settings()
    except ValidationError as error:
        place, what = error.errors()[0]["loc"], error.errors()[0]["msg"].removeprefix("Value error, ")
        raise SettingsError(f"KRATT_{str(place[0]).upper()}: {what}" if place else what) from None


def debug_switches() -> tuple[str, ...]:
    """What is set in the environment that makes Python or Rasa tell more than anybody may read."""
    switches = {"PYTHONDEVMODE": None, "PYTHONASYNCIODEBUG": None, "LOG_LEVEL": "DEBUG", "LOG_LEVEL_LIBRARIES": "DEBUG"}
    given = {name: os.environ.get(name, "") for name in switches}  # noqa: TID251  # read here
    return tuple(name for name, value in given.items() if value and switches[name] in {None, value.upper()})


def _filed_secret(path: Path | None) -> str:
    try:
        return path.read_text(encoding="utf-8").strip() if path else ""
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not a text"
        raise SettingsError(f"KRATT_SECRETS_FOLDER: {path}: {reason}") from None


def _kept_secret(path: Path) -> str:
    # Processes start together: each writes a file of its own, the first to link it under the common name wins.
    with naming_the_state_folder():
        if not path.exists():
            make_private_folder(path.parent)
            own = path.with_name(f"{path.name}.{os.getpid()}")
            with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(32))
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(own)
            own.unlink()
        return path.read_text()
