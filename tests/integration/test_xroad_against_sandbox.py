"""Our X-Road client and the sandbox's security server, both ends over real sockets with mutual TLS."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI

from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId, ServiceId, build_path
from actions.xroad.question import Question
from actions.xroad.tls import mutual_tls
from assistant.core.errors import ServiceRefused, ServiceUnavailable
from assistant.sandbox.app import create_app
from assistant.sandbox.tls import Certificates, TlsListener, keep_certificates
from assistant.sandbox.xroad_error import XroadVersion

pytestmark = pytest.mark.integration

MARY = "EE60001019906"
DOCUMENTS = Question(
    ServiceId.parse("EE/GOV/70008747/itds/documents"),
    build_path("/v1/persons/{subject}/documents", {"subject": MARY}),
    subject=MARY,
    issue="turn-1",
)
CONVICTIONS = Question(
    ServiceId.parse("EE/GOV/70000310/karr/convictions"),
    build_path("/v1/persons/{subject}/convictions", {"subject": MARY}),
    subject=MARY,
    issue="turn-1",
)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return keep_certificates(tmp_path_factory.mktemp("certificates"), "127.0.0.1")


@asynccontextmanager
async def sandbox(certificates: Certificates, version: XroadVersion = "7.8") -> AsyncIterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"https://127.0.0.1:{listener.getsockname()[1]}"
    app: FastAPI = create_app(
        issuer="http://sandbox",
        client_id="k",
        client_secret="s",
        redirect_uris=frozenset(),
        xroad_version=version,
        tls=TlsListener(certificates, listener),
    )
    async with app.router.lifespan_context(app):
        yield address


@asynccontextmanager
async def client(url: str, certificates: Certificates) -> AsyncIterator[XRoadClient]:
    own = certificates.client
    tls = mutual_tls(str(own.certificate), str(own.key), str(certificates.server.certificate))
    connected = XRoadClient(url, ClientId.parse("EE/GOV/70009999/kratt"), tls=tls)
    try:
        yield connected
    finally:
        await connected.close()


async def test_read_when_each_side_knows_the_others_certificate_then_answered(certificates: Certificates) -> None:
    async with sandbox(certificates) as url, client(url, certificates) as xroad:
        body = (await xroad.get(DOCUMENTS, 5)).body
    assert isinstance(body, dict)
    assert len(body["documents"]) == 3


@pytest.mark.parametrize("version", ["7.7", "7.8"])
async def test_read_when_no_right_then_refused_in_either_spelling(
    certificates: Certificates, version: XroadVersion
) -> None:
    async with sandbox(certificates, version) as url, client(url, certificates) as xroad:
        with pytest.raises(ServiceRefused) as refused:
            await xroad.get(CONVICTIONS, 5)
    assert not refused.value.may_have_acted


async def test_read_when_our_certificate_is_not_in_the_list_then_nothing_is_told(
    certificates: Certificates, tmp_path: Path
) -> None:
    others = keep_certificates(tmp_path, "127.0.0.1")
    mixed = Certificates(server=certificates.server, client=others.client)
    async with sandbox(certificates) as url, client(url, mixed) as xroad:
        with pytest.raises(ServiceUnavailable):
            await xroad.get(DOCUMENTS, 5)
