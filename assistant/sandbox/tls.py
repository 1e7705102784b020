"""X-Road over TLS: the security server's own certificate, and exactly one certificate that a client may show.

A security server compares a client's certificate with those in its list, byte by byte; who signed it does not matter.
Here the one in the list is the only thing that the TLS layer trusts, so another one is refused in the handshake.
"""

import asyncio
import ipaddress
import os
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from starlette.types import ASGIApp

from assistant.core.state_folder import make_private_folder, naming_the_state_folder

CERTIFICATES = "sandbox-certificates"
"""The folder of the files, in the state folder."""

_SHUTDOWN_SECONDS = 5
_LIFETIME = timedelta(days=3650)
_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Pair:
    """The files of a certificate and its key, in PEM."""

    certificate: Path
    key: Path

    @property
    def exists(self) -> bool:
        """Whether both were made."""
        return self.certificate.exists() and self.key.exists()


@dataclass(frozen=True)
class Certificates:
    """Both sides: `server` is what the client pins, `client` what the server lets in."""

    server: Pair
    client: Pair

    def server_context(self) -> ssl.SSLContext:
        """For the server: nobody gets in without the client's very certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.certificate, self.server.key)
        context.verify_mode = ssl.CERT_REQUIRED
        # The certificate in the list is trusted as it is, whoever signed it.
        context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(self.client.certificate)
        return context


@dataclass(frozen=True)
class TlsListener:
    """A listening socket, and the certificates to use on it."""

    certificates: Certificates
    listener: socket.socket

    @asynccontextmanager
    async def serving(self, app: ASGIApp) -> AsyncIterator[None]:
        """Serve there, too, meanwhile; open calls may end."""
        config = uvicorn.Config(
            app,
            http="h11",  # as the process's own server: assistant/operate/processes.py says why
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
            ssl_context_factory=lambda _config, _default: self.certificates.server_context(),
        )
        server = _SecondServer(config)
        task = asyncio.create_task(server.serve([self.listener]))
        yield
        server.should_exit = True
        await task


class _SecondServer(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # They are the business of the process's own server.
        yield


def keep_certificates(folder: Path, host: str) -> Certificates:
    """The certificates in a folder, made there for their owner only if there are none.

    Raises:
        SettingsError: the folder cannot be written to.
    """
    pairs = [Pair(folder / f"{name}.crt", folder / f"{name}.key") for name in ("security-server", "client")]
    with naming_the_state_folder():
        make_private_folder(folder)
        for pair in pairs:
            if not pair.exists:
                _make(pair, sorted({*_LOCAL_NAMES, host}))
    return Certificates(*pairs)


def _make(pair: Pair, names: list[str]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, pair.certificate.stem)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + _LIFETIME)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(list(map(_general_name, names))), critical=False)
        .sign(key, hashes.SHA256())
    )
    write_private(pair.key, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    write_private(pair.certificate, certificate.public_bytes(Encoding.PEM))


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def write_private(path: Path, content: bytes) -> None:
    """Write a file for its owner only."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
