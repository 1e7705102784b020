"""The sandbox state's process."""

from fastapi import FastAPI

from assistant.adapters.json_logs import configure_logs
from assistant.bootstrap import LOGIN_CALLBACK
from assistant.core.state_folder import make_private_folder, naming_the_state_folder
from assistant.sandbox.app import create_app
from assistant.settings import read_settings


def create() -> FastAPI:
    """The simulated state, for development and tests."""
    settings = read_settings()
    configure_logs()
    with naming_the_state_folder():
        make_private_folder(settings.state)
    return create_app(
        issuer=settings.process_url("sandbox"),
        client_id=settings.tara_client_id,
        client_secret=settings.secret("tara_client_secret"),
        redirect_uris=frozenset({settings.gateway_url + LOGIN_CALLBACK}),
        xroad_client=settings.xroad_client,
        state_file=settings.state / "sandbox.db",
        own_services_url=settings.process_url("actions") + "/xroad",
    )
