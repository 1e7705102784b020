"""Amazon's cloud as a skill sees it, with an authority of its own."""

import asyncio
import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
ADDRESS = "https://s3.amazonaws.com/echo.api/echo-api-cert.pem"
SIGNER = "echo-api.amazon.com"
SKILL = "amzn1.ask.skill.ours"

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@lru_cache
def key_of(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """Always the same key for a name: making one takes long."""
    return rsa.generate_private_key(65537, bits)


@dataclass(frozen=True)
class Draft:
    """What a certificate is to say."""

    subject: str
    key: Key
    names: Sequence[str] = (SIGNER,)
    begins: datetime = NOW - timedelta(days=30)
    ends: datetime = NOW + timedelta(days=30)
    is_authority: bool = False
    signs: bool = True
    usage: Any = ExtendedKeyUsageOID.SERVER_AUTH


@dataclass(frozen=True)
class Issued:
    certificate: x509.Certificate
    key: Key


def issue(draft: Draft, issuer: Issued | None = None) -> Issued:
    """The certificate, signed by itself without an issuer."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, draft.subject)])
    signer = issuer.key if issuer else draft.key
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.certificate.subject if issuer else name)
        .public_key(draft.key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(draft.begins)
        .not_valid_after(draft.ends)
        .add_extension(x509.BasicConstraints(draft.is_authority, None), critical=True)
        .add_extension(_key_usage(draft), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(draft.key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if not draft.is_authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([draft.usage]), critical=False)
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(each) for each in draft.names]), critical=False
        )
    return Issued(builder.sign(signer, SHA256()), draft.key)


def _key_usage(draft: Draft) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=draft.signs and not draft.is_authority,
        content_commitment=False,
        key_encipherment=not draft.is_authority,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=draft.is_authority,
        crl_sign=draft.is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def pem(*issued: Issued) -> bytes:
    return b"".join(each.certificate.public_bytes(Encoding.PEM) for each in issued)


@lru_cache
def root_of(name: str) -> Issued:
    return issue(Draft(name, key_of(name), is_authority=True, ends=NOW + timedelta(days=3650)))


@lru_cache
def between_of(name: str) -> Issued:
    draft = Draft(f"{name} between", key_of("between"), is_authority=True, ends=NOW + timedelta(days=365))
    return issue(draft, root_of(name))


@dataclass
class Amazon:
    """Serves chains, signs requests, and takes progressive responses."""

    signer: Issued = field(default_factory=lambda: issue(Draft(SIGNER, key_of("signer")), between_of("root")))
    chains: dict[str, bytes] = field(default_factory=dict)
    asked: list[httpx.Request] = field(default_factory=list)
    told: list[Any] = field(default_factory=list)
    was_told: asyncio.Event = field(default_factory=asyncio.Event)
    failure: httpx.Response | Exception | None = None
    now: datetime = NOW
    count: int = 0

    def __post_init__(self) -> None:
        self.chains.setdefault(ADDRESS, pem(self.signer, between_of("root")))

    @property
    def roots(self) -> list[x509.Certificate]:
        return [root_of("root").certificate]

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.method == "POST":
            self.told.append(json.loads(request.content))
            self.was_told.set()
            if isinstance(self.failure, Exception):
                raise self.failure
            return self.failure or httpx.Response(204)
        chain = self.chains.get(str(request.url))
        return httpx.Response(404) if chain is None else httpx.Response(200, stream=httpx.ByteStream(chain))

    @property
    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self.answer))

    def envelope(self, request_type: str = "LaunchRequest", locale: str = "en-US", **request: Any) -> dict[str, Any]:
        """A request as Alexa writes it; with a session, and a new id each time."""
        self.count += 1
        application = {"applicationId": SKILL}
        user = {"userId": "amzn1.ask.account.somebody"}
        return {
            "version": "1.0",
            "session": {
                "new": True,
                "sessionId": "amzn1.echo-api.session.one",
                "application": application,
                "attributes": {},
                "user": user,
            },
            "context": {
                "System": {
                    "application": application,
                    "user": user,
                    "device": {"deviceId": "amzn1.ask.device.one", "supportedInterfaces": {}},
                    "apiEndpoint": "https://api.eu.amazonalexa.com",
                    "apiAccessToken": "token.of.this-request",
                }
            },
            "request": {
                "type": request_type,
                "requestId": f"amzn1.echo-api.request.{self.count}",
                "timestamp": self.now.isoformat().replace("+00:00", "Z"),
                "locale": locale,
                **request,
            },
        }

    def signed(
        self,
        envelope: object,
        address: str = ADDRESS,
        key: rsa.RSAPrivateKey | None = None,
        algorithm: HashAlgorithm | None = None,
    ) -> tuple[dict[str, str], bytes]:
        """Headers and body of the request."""
        body = envelope if isinstance(envelope, bytes) else json.dumps(envelope).encode()
        signature = (key or key_of("signer")).sign(body, PKCS1v15(), algorithm or SHA256())
        headers = {"SignatureCertChainUrl": address, "Signature-256": base64.b64encode(signature).decode()}
        return {**headers, "Content-Type": "application/json;charset=utf-8"}, body


LEGACY = SHA1()


def says(words: str, intent: str = "Words") -> dict[str, Any]:
    """The part of a request in which free words were heard."""
    slot = {"name": "words", "value": words, "confirmationStatus": "NONE", "source": "USER"}
    return {
        "intent": {"name": intent, "confirmationStatus": "NONE", "slots": {"words": slot}},
        "dialogState": "STARTED",
    }
