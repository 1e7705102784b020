"""The sandbox state's process."""

import socket

from fastapi import FastAPI

from assistant.adapters.json_logs import configure_logs
from assistant.bootstrap import CONSOLE_CALLBACK, LOGIN_CALLBACK
from assistant.core.errors import SettingsError
from assistant.core.state_folder import make_private_folder, naming_the_state_folder
from assistant.sandbox.app import create_app
from assistant.sandbox.kept_authority import keep_phone_authority
from assistant.sandbox.tls import CERTIFICATES, TlsListener, keep_certificates
from assistant.settings import Settings, read_settings


def create() -> FastAPI:
    """The simulated state, for development and tests."""
    settings = read_settings()
    if settings.is_production:
        raise SettingsError("KRATT_MODE: production has no sandbox")
    configure_logs()
    with naming_the_state_folder():
        make_private_folder(settings.state)
    return create_app(
        issuer=settings.process_url("sandbox"),
        client_id=settings.tara_client_id,
        client_secret=settings.secret("tara_client_secret"),
        redirect_uris=frozenset({settings.gateway_url + LOGIN_CALLBACK, settings.console_address + CONSOLE_CALLBACK}),
        xroad_client=settings.xroad_client,
        xroad_version=settings.sandbox_xroad_version,
        state_file=settings.state / "sandbox.db",
        own_services_url=settings.process_url("actions") + "/xroad",
        data_tracker=settings.data_tracker,
        phone_authority=keep_phone_authority(settings.state / CERTIFICATES),
        tls=_listen(settings) if settings.sandbox_tls_port else None,
    )


def _listen(settings: Settings) -> TlsListener:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return TlsListener(
        keep_certificates(settings.state / CERTIFICATES, settings.host),
        socket.create_server((settings.host, settings.sandbox_tls_port), family=family),
    )
