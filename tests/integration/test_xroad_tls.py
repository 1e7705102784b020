"""Mutual TLS between our client and a security server: real sockets, real certificates."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId, ServiceId, build_path
from actions.xroad.question import Question
from actions.xroad.tls import mutual_tls
from assistant.core.errors import ServiceUnavailable, SettingsError

pytestmark = pytest.mark.integration

QUESTION = Question(
    ServiceId.parse("EE/GOV/70008747/itds/documents"), build_path("/v1/x", {}), subject=None, issue="turn-1"
)
ADDRESS = ipaddress.ip_address("127.0.0.1")
PASSWORD = serialization.BestAvailableEncryption(b"secret")


@dataclass(frozen=True)
class Identity:
    """A certificate and its key, both in files of that name and as objects."""

    certificate: str
    key: str
    name: x509.Name
    secret: ec.EllipticCurvePrivateKey


@dataclass
class Maker:
    """Makes certificates: signed by themselves, or by another."""

    folder: Path

    def make(
        self, name: str, issuer: Identity | None = None, *, host: str = "", is_authority: bool = False
    ) -> Identity:
        secret = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        alternative = x509.DNSName(host) if host else x509.IPAddress(ADDRESS)
        certificate = (
            x509.CertificateBuilder(
                issuer.name if issuer else subject,
                subject,
                secret.public_key(),
                x509.random_serial_number(),
                datetime.now(UTC) - timedelta(days=1),
                datetime.now(UTC) + timedelta(days=1),
            )
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
            .sign(issuer.secret if issuer else secret, hashes.SHA256())
        )
        files = [self.folder / f"{name}.{kind}.pem" for kind in ("certificate", "key")]
        files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        files[1].write_bytes(pem_of(secret, serialization.NoEncryption()))
        return Identity(str(files[0]), str(files[1]), subject, secret)


def pem_of(secret: ec.EllipticCurvePrivateKey, protection: serialization.KeySerializationEncryption) -> bytes:
    return secret.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    return Maker(tmp_path)


@pytest.fixture
def authority(maker: Maker) -> Identity:
    return maker.make("authority", is_authority=True)


@pytest.fixture
def ours(maker: Maker) -> Identity:
    return maker.make("ours")


@dataclass(frozen=True)
class Listening:
    """A security server and what it was asked."""

    url: str
    heads: list[str]


@asynccontextmanager
async def security_server(own: Identity, client: Identity) -> AsyncIterator[Listening]:
    """Answers whoever shows exactly the client's certificate, as X-Road's list of certificates does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.certificate, own.key)
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(client.certificate)

    heads: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        heads.append(head)
        lines = (line.partition(": ") for line in head.split("\r\n"))
        sent = {name.lower(): value for name, _, value in lines}
        echo = {name: sent[name] for name in ("x-road-id", "x-road-client")}
        headers = {**echo, "x-road-service": str(QUESTION.service), "content-type": "application/json"}
        answer = ["HTTP/1.1 200 OK", "content-length: 2", *(f"{name}: {value}" for name, value in headers.items())]
        writer.write(("\r\n".join(answer) + "\r\n\r\n{}").encode())
        await writer.drain()
        await reader.read()  # until the client goes
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield Listening(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", heads)


async def ask(url: str, tls: ssl.SSLContext | None) -> object:
    client = XRoadClient(url, ClientId.parse("EE/GOV/70009999/kratt"), tls=tls)
    try:
        return (await client.get(QUESTION, 5)).body
    finally:
        await client.close()


async def test_call_when_both_show_what_the_other_expects_then_answered(
    maker: Maker, authority: Identity, ours: Identity
) -> None:
    server = maker.make("server", authority)
    async with security_server(server, ours) as listening:
        assert await ask(listening.url, mutual_tls(ours.certificate, ours.key, authority.certificate)) == {}


async def test_call_when_the_servers_own_certificate_is_pinned_then_answered(maker: Maker, ours: Identity) -> None:
    server = maker.make("server")
    async with security_server(server, ours) as listening:
        assert await ask(listening.url, mutual_tls(ours.certificate, ours.key, server.certificate)) == {}


async def test_call_when_we_show_another_certificate_then_refused(
    maker: Maker, authority: Identity, ours: Identity
) -> None:
    server, other = maker.make("server", authority), maker.make("other")
    async with security_server(server, ours) as listening:
        with pytest.raises(ServiceUnavailable):
            await ask(listening.url, mutual_tls(other.certificate, other.key, authority.certificate))
        assert not listening.heads


@pytest.mark.parametrize("authority_name", ["authority", "impostor"])
async def test_call_when_server_has_another_authority_then_nothing_is_sent(
    authority_name: str, maker: Maker, ours: Identity
) -> None:
    server = maker.make("server", maker.make(authority_name, is_authority=True))
    authority = maker.make("authority", is_authority=True)
    async with security_server(server, ours) as listening:
        with pytest.raises(ServiceUnavailable, match="CERTIFICATE_VERIFY_FAILED") as caught:
            await ask(listening.url, mutual_tls(ours.certificate, ours.key, authority.certificate))
        assert not caught.value.may_have_acted
        assert not listening.heads


async def test_call_when_server_has_another_name_then_nothing_is_sent(
    maker: Maker, authority: Identity, ours: Identity
) -> None:
    server = maker.make("server", authority, host="elsewhere.example")
    async with security_server(server, ours) as listening:
        with pytest.raises(ServiceUnavailable, match="CERTIFICATE_VERIFY_FAILED"):
            await ask(listening.url, mutual_tls(ours.certificate, ours.key, authority.certificate))


async def test_call_when_we_were_told_no_authority_then_the_machines_do_not_do(
    maker: Maker, authority: Identity, ours: Identity
) -> None:
    server = maker.make("server", authority)
    async with security_server(server, ours) as listening:
        with pytest.raises(ServiceUnavailable, match="CERTIFICATE_VERIFY_FAILED"):
            await ask(listening.url, None)


def test_files_when_usable_then_old_tls_is_not_spoken(authority: Identity, ours: Identity) -> None:
    context = mutual_tls(ours.certificate, ours.key, authority.certificate)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_files_when_one_cannot_be_used_then_its_setting_is_named(
    maker: Maker, authority: Identity, ours: Identity, tmp_path: Path
) -> None:
    other = maker.make("other")
    locked = tmp_path / "locked.pem"
    locked.write_bytes(pem_of(ours.secret, PASSWORD))
    nowhere, empty = str(tmp_path / "nowhere.pem"), tmp_path / "empty.pem"
    empty.touch()
    pair = "^KRATT_XROAD_CERTIFICATE: cannot be used with KRATT_XROAD_KEY"
    for files, words in (
        ((nowhere, ours.key, authority.certificate), pair),
        ((ours.certificate, nowhere, authority.certificate), pair),
        ((ours.certificate, other.key, authority.certificate), pair),
        ((ours.certificate, str(locked), authority.certificate), pair),
        ((ours.certificate, ours.key, nowhere), "^KRATT_XROAD_CA: "),
        ((ours.certificate, ours.key, str(empty)), "^KRATT_XROAD_CA: "),
    ):
        with pytest.raises(SettingsError, match=words):
            mutual_tls(*files)
