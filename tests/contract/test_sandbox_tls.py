"""X-Road over TLS: real sockets, real handshakes."""

import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID
from fastapi import FastAPI

from assistant.sandbox.app import create_app
from assistant.sandbox.tls import Certificates, Pair, TlsListener, keep_certificates

pytestmark = pytest.mark.contract

TALLINN = "/r1/EE/GOV/70008747/offices/offices/v1/offices/tallinn"
HEADERS = {"X-Road-Client": "EE/GOV/70009999/kratt"}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return keep_certificates(tmp_path_factory.mktemp("certificates"), "127.0.0.1")


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return keep_certificates(tmp_path_factory.mktemp("strangers"), "127.0.0.1")


def sandbox(listener: TlsListener) -> FastAPI:
    return create_app(
        issuer="http://sandbox", client_id="k", client_secret="s", redirect_uris=frozenset(), tls=listener
    )


@pytest.fixture(scope="module")
async def url(certificates: Certificates) -> AsyncIterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"https://localhost:{listener.getsockname()[1]}"
    app = sandbox(TlsListener(certificates, listener))
    async with app.router.lifespan_context(app):
        yield address


@asynccontextmanager
async def connected(url: str, trusted: Pair, own: Pair | None) -> AsyncIterator[httpx.AsyncClient]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(trusted.certificate)
    if own:
        context.load_cert_chain(own.certificate, own.key)
    async with httpx.AsyncClient(base_url=url, verify=context, trust_env=False) as client:
        yield client


async def test_call_when_the_right_certificate_is_shown_then_answered(url: str, certificates: Certificates) -> None:
    async with connected(url, certificates.server, certificates.client) as client:
        response = await client.get(TALLINN, headers=HEADERS)
    assert response.status_code == 200
    assert response.json()["office"] == "tallinn"


async def test_call_when_another_certificate_or_none_is_shown_then_no_handshake(
    url: str, certificates: Certificates, strangers: Certificates
) -> None:
    for own in (None, strangers.client, certificates.server):
        async with connected(url, certificates.server, own) as client:
            with pytest.raises(httpx.TransportError):
                await client.get(TALLINN, headers=HEADERS)


async def test_call_when_server_is_another_then_client_refuses(
    url: str, certificates: Certificates, strangers: Certificates
) -> None:
    async with connected(url, strangers.server, certificates.client) as client:
        with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
            await client.get(TALLINN, headers=HEADERS)


async def test_call_when_signed_by_the_right_certificate_then_no_handshake(
    url: str, certificates: Certificates, tmp_path: Path
) -> None:
    # The certificate in the list signs nobody in: it is compared, not believed.
    signed = sign(certificates.client, tmp_path)
    async with connected(url, certificates.server, signed) as client:
        with pytest.raises(httpx.TransportError):
            await client.get(TALLINN, headers=HEADERS)


def sign(issuer: Pair, folder: Path) -> Pair:
    key, issuer_key = ec.generate_private_key(ec.SECP256R1()), issuer.key.read_bytes()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "signed")])
    certified = x509.load_pem_x509_certificate(issuer.certificate.read_bytes()).subject
    now = datetime.now(UTC)
    certificate = x509.CertificateBuilder(
        certified, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1)
    ).sign(load_pem_private_key(issuer_key, None), hashes.SHA256())  # type: ignore[arg-type]
    pair = Pair(folder / "signed.crt", folder / "signed.key")
    pair.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
    pair.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return pair


async def test_call_when_plain_then_refused_for_lack_of_a_certificate(certificates: Certificates) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        transport = httpx.ASGITransport(sandbox(TlsListener(certificates, unused)))
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
            response = await client.get(TALLINN, headers=HEADERS)
            assert (await client.get("/healthz")).status_code == 200
    assert response.headers["X-Road-Error"] == "server.clientproxy.ssl_authentication_failed"
    assert response.json()["message"] == (
        "Client (SUBSYSTEM:EE/GOV/70009999/kratt) specifies HTTPS but did not supply TLS certificate"
    )


def test_certificates_when_kept_then_made_once_and_keys_are_private(tmp_path: Path) -> None:
    first, again = (keep_certificates(tmp_path / "new", "127.0.0.1") for _ in range(2))
    assert first == again
    contents = {file.name: file.read_bytes() for file in (tmp_path / "new").iterdir()}
    keep_certificates(tmp_path / "new", "127.0.0.1")
    assert contents == {file.name: file.read_bytes() for file in (tmp_path / "new").iterdir()}
    assert all(file.stat().st_mode & 0o077 == 0 for file in (tmp_path / "new").iterdir())
