"""The action server's process."""

from fastapi import FastAPI

from actions.server import create_app
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId
from assistant.adapters.json_logs import configure_logs
from assistant.content.service_spec import read_services, read_terms
from assistant.settings import read_settings


def create() -> FastAPI:
    """The process that calls government services."""
    settings = read_settings()
    configure_logs()
    return create_app(
        services=read_services(settings.content),
        terms=read_terms(settings.content),
        xroad=XRoadClient(settings.xroad_url or settings.process_url("sandbox"), ClientId.parse(settings.xroad_client)),
        turn_secret=settings.secret("turn_secret"),
    )
