"""The sandbox as one application."""

from fastapi import FastAPI

from assistant.sandbox.faults import Faults
from assistant.sandbox.registers import OPEN_SERVICES, published_services
from assistant.sandbox.tara import Tara
from assistant.sandbox.tara_request import Client
from assistant.sandbox.xroad import OriginFormOnly, SecurityServer
from assistant.sandbox.xroad_error import XroadVersion
from assistant.sandbox.xroad_message import read_identifier


def create_app(
    *,
    issuer: str,
    client_id: str,
    client_secret: str,
    redirect_uris: frozenset[str],
    xroad_client: str = "EE/GOV/70009999/kratt",
    xroad_version: XroadVersion = "7.8",
) -> FastAPI:
    """The application; its state lives in memory and ends with it."""
    services = {read_identifier(name): service for name, service in published_services().items()}
    rights = {read_identifier(xroad_client): frozenset(map(read_identifier, OPEN_SERVICES))}
    faults = Faults(frozenset(identifier[-1] for identifier in services))
    # No documentation pages: they load scripts from elsewhere. A security server does not mend slashes, either.
    app = FastAPI(title="Kratt sandbox", docs_url=None, redoc_url=None, redirect_slashes=False)
    app.add_middleware(OriginFormOnly, version=xroad_version)
    app.include_router(SecurityServer(services, rights, faults, xroad_version).router())
    app.include_router(Tara(issuer, Client(client_id, client_secret, redirect_uris)).router())
    app.include_router(faults.router())
    app.add_api_route("/healthz", _health, methods=["GET"])
    return app


async def _health() -> dict[str, str]:
    return {"status": "ok"}
