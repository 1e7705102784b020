"""Whether these settings may serve citizens: what `kratt doctor` finds, and what keeps production from starting."""

import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from assistant.core.desk_agents import read_agents
from assistant.core.editors import read_editors
from assistant.core.errors import SettingsError
from assistant.settings import Settings, debug_switches, read_settings

SHORTEST_SECRET_BYTES = 32
SANDBOX_CERTIFICATES = "sandbox-certificates"
SANDBOX_CLIENT = "EE/GOV/70009999/kratt"
_OTHERS_RIGHTS = stat.S_IRWXG | stat.S_IRWXO

OPTIONAL_SECRETS = frozenset(
    {"alexa_link_secret", "relay_auth_token", "relay_key", "rasa_jwt_key", "console_key", "desk_webhook_secret"}
)
"""Nothing is asked for where they are not given."""
SECRETS = tuple(name for name, field in Settings.model_fields.items() if isinstance(field.default, SecretStr))
"""The settings that are secrets."""

Findings = Iterator[str]
"""Each begins with the setting that it is about, and says what to do."""


def findings(settings: Settings) -> tuple[str, ...]:
    """Everything that must be mended before citizens are served; nothing if they may be."""
    return tuple(finding for check in _CHECKS for finding in check(settings))


def settings_fit_to_serve() -> Settings:
    """The settings of a process that is about to serve.

    Raises:
        SettingsError: this is production, and something is not fit for it; names all of it.
    """
    settings = read_settings()
    check_fit(settings)
    return settings


def check_fit(settings: Settings) -> None:
    """Let production start only as it should be.

    Raises:
        SettingsError: as `settings_fit_to_serve`.
    """
    if settings.is_production and (found := findings(settings)):
        raise SettingsError("; ".join(("this must not serve citizens (`kratt doctor`)", *found)))


def _secrets(settings: Settings) -> Findings:
    owners: dict[str, str] = {}
    for name in SECRETS:
        variable = f"KRATT_{name.upper()}"
        try:
            value = settings.given_secret(name)
        except SettingsError as error:
            yield str(error)
            continue
        if not value and name in OPTIONAL_SECRETS:
            continue
        if not value:
            yield f"{variable}: is missing; give it in the environment or as the file {name} in KRATT_SECRETS_FOLDER"
        elif len(value.encode()) < SHORTEST_SECRET_BYTES or len(set(value)) < SHORTEST_SECRET_BYTES // 4:
            yield f"{variable}: can be guessed; take at least {SHORTEST_SECRET_BYTES} random bytes"
        elif value == _sandbox_secret(settings, name):
            yield f"{variable}: was made for the sandbox; take another"
        elif owners.setdefault(value, variable) != variable:
            yield f"{variable}: is the same as {owners[value]}; each needs its own"


def _sandbox_secret(settings: Settings, name: str) -> str:
    kept = settings.state / "secrets" / name
    return kept.read_text(encoding="utf-8") if kept.exists() else ""


def _rights(settings: Settings) -> Findings:
    private = [("KRATT_STATE", settings.state), ("KRATT_XROAD_KEY", Path(settings.xroad_key))]
    private += [
        (f"KRATT_WYOMING_{name.upper()}", Path(getattr(settings, f"wyoming_{name}"))) for name in ("key", "satellites")
    ]
    private += [("KRATT_SECRETS_FOLDER", file) for name in SECRETS if (file := settings.secret_file(name))]
    for what, path in private:
        if path != Path() and path.exists() and path.stat().st_mode & _OTHERS_RIGHTS:
            yield f"{what}: others on this machine can read {path}; `chmod go= {path}` stops them"


def _state_services(settings: Settings) -> Findings:
    for name, of_sandbox in (
        ("xroad_url", "registers"),
        ("tara_url", "login, which lets anybody in as anybody"),
        ("mobile_id_url", "phones, which say yes to everything"),
        ("smart_id_url", "Smart-ID, which says yes to everything"),
    ):
        address = getattr(settings, name)
        if not address or urlsplit(address).port == settings.sandbox_port:
            yield f"KRATT_{name.upper()}: is the sandbox's {of_sandbox}; name the real one"
        elif not address.startswith("https://"):
            yield f"KRATT_{name.upper()}: is not encrypted; it has to begin with https://"
    if not settings.tara_tls_ca:
        yield "KRATT_TARA_TLS_CA: is missing; TARA asks to believe the roots that it lists, not this machine's"
    if not settings.xroad_certificate:
        yield "KRATT_XROAD_CERTIFICATE: is missing; without it anybody could speak to the security server in our name"


def _sandbox(settings: Settings) -> Findings:
    if settings.xroad_client == SANDBOX_CLIENT:
        yield "KRATT_XROAD_CLIENT: is the sandbox's; name the subsystem of your institution"
    made = settings.state / SANDBOX_CERTIFICATES
    for name in ("xroad_certificate", "xroad_key", "xroad_ca", "phone_authorities"):
        if made in Path(getattr(settings, name) or "/").parents:
            yield f"KRATT_{name.upper()}: was made for the sandbox; take your institution's own"
    if settings.smart_id_scheme != "smart-id":
        yield "KRATT_SMART_ID_SCHEME: is the demo service's; the real one signs for smart-id"
    if settings.sandbox_tls_port:
        yield "KRATT_SANDBOX_TLS_PORT: production has no sandbox; leave it out"


def _open_ports(settings: Settings) -> Findings:
    if settings.vosk_host and _is_public(settings.vosk_host):
        yield "KRATT_VOSK_HOST: lets everybody speak to the port of vosk-server; name a loopback or private address"
    if _is_public(settings.host):
        yield (
            "KRATT_HOST: opens the engine and the action server to everybody; name a loopback or private address and "
            "put a proxy before the gateway"
        )
    if any(network.prefixlen == 0 for network in settings.networks("xroad_networks")):
        yield "KRATT_XROAD_NETWORKS: lets everybody call our own X-Road services; name the security server's address"
    if "*" in settings.trusted_proxies:
        yield "KRATT_TRUSTED_PROXIES: believes everybody; name the addresses of your proxies"
    if not settings.gateway_url.startswith("https://"):
        yield "KRATT_PUBLIC_URL: citizens must reach the gateway by an address that begins with https://"
    if any(not origin.startswith("https://") for origin in settings.embedders):
        yield "KRATT_WIDGET_ORIGINS: anybody on the way could write such a page; each has to begin with https://"


def _is_public(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host != "localhost"
    return address.is_unspecified or not (address.is_private or address.is_loopback)


def _limits(settings: Settings) -> Findings:
    for name in ("phone_questions", "turns_per_minute", "address_turns_per_minute", "address_logins_per_minute"):
        if not getattr(settings, name):
            yield f"KRATT_{name.upper()}: lets anybody ask without end; set a limit"


_PEOPLE: dict[str, Callable[[Path], Mapping[str, object]]] = {
    "desk_agents": lambda path: read_agents(path).by_hash,
    "console_editors": lambda path: read_editors(path).by_subject,
}


def _people(settings: Settings) -> Findings:
    for name, people_of in _PEOPLE.items():
        variable = f"KRATT_{name.upper()}"
        if not getattr(settings, name):
            continue
        path = Path(getattr(settings, name))
        try:
            if not people_of(path):
                yield f"{variable}: {path} names nobody; leave it out if there is nobody"
        except SettingsError as error:
            yield str(error)
            continue
        if path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            yield f"{variable}: others on this machine can let themselves in; `chmod go-w {path}` stops them"


def _console(settings: Settings) -> Findings:
    if settings.console_editors and not settings.given_secret("console_key"):
        yield "KRATT_CONSOLE_KEY: is missing; the console vouches for editors with it"
    if settings.console_editors and shutil.which("git") is None:
        yield "KRATT_CONSOLE_EDITORS: the console keeps drafts in git, which is not installed"


def _debugging(_: Settings) -> Findings:
    for switch in debug_switches():
        yield f"{switch}: what citizens say could be logged; leave it out"


_CHECKS: tuple[Callable[[Settings], Findings], ...] = (
    *(_secrets, _rights, _state_services, _sandbox),
    *(_open_ports, _limits, _people, _console, _debugging),
)
