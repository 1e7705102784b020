"""The sandbox as one application."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import httpx
from fastapi import APIRouter, FastAPI

from assistant.sandbox.access import standing_rights
from assistant.sandbox.faults import Faults
from assistant.sandbox.mobile_id import MobileId
from assistant.sandbox.ocsp import Responder
from assistant.sandbox.own_services import own_services
from assistant.sandbox.phone_certificates import Authority
from assistant.sandbox.phones import Phones
from assistant.sandbox.provider import Provider
from assistant.sandbox.register import Register
from assistant.sandbox.registers import find_registers
from assistant.sandbox.registers.granted_consents import page_router
from assistant.sandbox.registers.standing import standing_router
from assistant.sandbox.smart_id import SmartId
from assistant.sandbox.state import State
from assistant.sandbox.tara import Tara
from assistant.sandbox.tara_request import Client
from assistant.sandbox.tls import TlsListener
from assistant.sandbox.xroad import OriginFormOnly, SecurityServer
from assistant.sandbox.xroad_error import XroadVersion
from assistant.sandbox.xroad_message import read_identifier


def create_app(  # noqa: PLR0913  # the one place where it is put together, all by name
    *,
    issuer: str,
    client_id: str,
    client_secret: str,
    redirect_uris: frozenset[str],
    xroad_client: str = "EE/GOV/70009999/kratt",
    xroad_version: XroadVersion = "7.8",
    state_file: Path | None = None,
    own_services_url: str = "",
    data_tracker: str = "EE/GOV/70006317/datatracker",
    tls: TlsListener | None = None,
    phone_authority: Authority | None = None,
) -> FastAPI:
    """The application.

    Its state is in `state_file`, or lives in memory and ends with it. `own_services_url` is where the assistant answers
    as a provider; without it the assistant publishes nothing. With `tls` X-Road is also served there, and
    answers calls only there. `phone_authority` issues the certificates of phones; by default it ends with it.
    """
    registers = find_registers()
    state = State(state_file, registers.seeds)
    http = httpx.AsyncClient(trust_env=False)
    providers: Mapping[str, Provider] = {
        **{name: Register(name, service, state) for name, service in registers.services.items()},
        **own_services(xroad_client, own_services_url, http),
    }
    services = {read_identifier(name): provider for name, provider in providers.items()}
    rights = standing_rights(services, assistant=read_identifier(xroad_client), tracker=read_identifier(data_tracker))
    faults = Faults(frozenset(services))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with http, tls.serving(app) if tls else nullcontext():
            yield

    # No documentation pages: they load scripts from elsewhere. A security server does not mend slashes, either.
    app = FastAPI(title="Kratt sandbox", docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=lifespan)
    app.add_middleware(OriginFormOnly, version=xroad_version)
    server = SecurityServer(services, rights, faults, xroad_version, needs_certificate=tls is not None)
    tara = Tara(issuer, Client(client_id, client_secret, redirect_uris))
    phones = replace(phone_authority or Authority.new(), lists=f"{issuer}/crl")
    own = (each.router() for each in (server, tara, faults, server.calls))
    for router in (*own, page_router(state), standing_router(state), *_phones(phones)):
        app.include_router(router)
    app.add_api_route("/sandbox/reset", _reset(state), methods=["POST"], status_code=HTTPStatus.NO_CONTENT)
    app.add_api_route("/healthz", _health, methods=["GET"])
    return app


def _reset(state: State) -> Callable[[], Awaitable[None]]:
    async def reset() -> None:
        state.reset()

    return reset


def _phones(authority: Authority) -> tuple[APIRouter, ...]:
    phones, responder = Phones(), Responder(authority)
    services = (MobileId(authority, phones, responder), SmartId(authority, phones, responder))
    return phones.router(), responder.router(), *(each.router() for each in services)


async def _health() -> dict[str, str]:
    return {"status": "ok"}
