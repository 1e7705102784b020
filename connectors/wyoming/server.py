"""The port that Wyoming's clients connect to."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import APIRouter, FastAPI

from assistant.core.errors import SettingsError
from connectors.wyoming.satellites import Satellites
from connectors.wyoming.service import Service
from connectors.wyoming.wire import LONGEST_LINE_BYTES, Line

HANDSHAKE_SECONDS = 10.0


@dataclass(frozen=True)
class Address:
    """Where to listen; with `tls`, encrypted."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None


def tls_context(certificate: str, key: str, clients: str) -> ssl.SSLContext:
    """TLS for which both sides show a certificate; who has none of the file `clients` gets no further.

    Raises:
        SettingsError: a file cannot be used.
    """
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.verify_mode = ssl.CERT_REQUIRED
    # A certificate in the file is trusted as it is, whoever signed it.
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"KRATT_WYOMING_CERTIFICATE: {certificate}, {key}: {error.strerror}") from None
    try:
        context.load_verify_locations(clients)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"KRATT_WYOMING_CLIENTS: {clients}: {error.strerror}") from None
    return context


def build_wyoming(service: Service, address: Address, satellites: Satellites) -> APIRouter:
    """A router without routes, in whose lifespan the port is open and satellites are connected."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with listening(service, address), satellites.connecting():
            yield

    return APIRouter(lifespan=lifespan)


@asynccontextmanager
async def listening(service: Service, address: Address) -> AsyncIterator[int]:
    """Serve at the address, for the length of a block; the port that it is.

    Raises:
        SettingsError: nobody can listen there.
    """
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(service.serve(Line(reader, writer)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    try:
        server = await asyncio.start_server(
            connected,
            address.host,
            address.port,
            limit=LONGEST_LINE_BYTES,
            ssl=address.tls,
            ssl_handshake_timeout=HANDSHAKE_SECONDS if address.tls else None,
        )
    except OSError as error:
        raise SettingsError(f"KRATT_WYOMING_PORT: {address.host}:{address.port}: {error.strerror}") from None
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
