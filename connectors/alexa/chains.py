"""The certificates that Alexa signs with: fetched from Amazon, kept, and checked again whenever they are used."""

import asyncio
import ssl
import warnings
from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from assistant.core.errors import NotAllowed, SettingsError

SIGNER = "echo-api.amazon.com"
MOST_CHAIN_BYTES, MOST_CERTIFICATES, CHAIN_SECONDS = 64 * 1024, 8, 3.0
"""Amazon's chains have four certificates, of 8 kB together; a request has to be answered within eight seconds."""
MOST_CHAINS = 4
"""Chains kept: Amazon has one at a time, and the next one for a while."""
MOST_DOWNLOADS = 4
"""At a time: whoever makes addresses up occupies no more."""
SHORTEST_KEY_BITS = 2048
_AS_IT_IS = {"Accept-Encoding": "identity"}  # what is unpacked has no size beforehand

Chain = Sequence[x509.Certificate]


class Chains:
    """Keeps the chains of some addresses. Only one that was in order is kept, so that nobody pushes Amazon's out."""

    def __init__(self, client: httpx.AsyncClient, roots: Sequence[x509.Certificate]) -> None:
        """Nothing is fetched yet; `roots` are the authorities that count."""
        self._client = client
        self._store = Store(list(roots))
        self._kept: OrderedDict[str, Chain] = OrderedDict()
        self._slots = asyncio.Semaphore(MOST_DOWNLOADS)

    async def key_of(self, address: str, now: datetime) -> RSAPublicKey:
        """The key that the chain at an address vouches for now.

        Raises:
            NotAllowed: there is no chain, or it is not in order; the message says what fails.
        """
        kept = self._kept.get(address)
        chain = kept or _read_chain(await self._download(address))
        try:
            key = _checked_key(chain, self._store, now)
        except NotAllowed:
            self._kept.pop(address, None)
            raise
        self._kept[address] = chain
        self._kept.move_to_end(address)
        if len(self._kept) > MOST_CHAINS:
            self._kept.popitem(last=False)
        return key

    async def _download(self, address: str) -> bytes:
        content = b""
        try:
            async with (
                asyncio.timeout(CHAIN_SECONDS),
                self._slots,
                self._client.stream("GET", address, headers=_AS_IT_IS) as response,
            ):
                if response.status_code != httpx.codes.OK:
                    raise NotAllowed("chain status")
                async for part in response.aiter_raw():
                    content += part
                    if len(content) > MOST_CHAIN_BYTES:
                        raise NotAllowed("chain size")
        except (httpx.HTTPError, TimeoutError):
            raise NotAllowed("chain download") from None
        return content


def read_roots(file: str) -> Sequence[x509.Certificate]:
    """The authorities in a file, in PEM; those of the machine without one.

    Raises:
        SettingsError: it cannot be read, or there is none.
    """
    if not file:
        return _system_roots()
    try:
        return x509.load_pem_x509_certificates(Path(file).read_bytes())
    except (OSError, ValueError):
        raise SettingsError("KRATT_ALEXA_ROOTS: needs a file with certificates in PEM") from None


def _system_roots() -> Sequence[x509.Certificate]:
    roots = []
    with warnings.catch_warnings(action="error"):  # what breaks the rules of certificates is left out
        for content in ssl.create_default_context().get_ca_certs(binary_form=True):
            try:
                roots.append(x509.load_der_x509_certificate(content))
            except (ValueError, Warning):
                continue
    return roots


def _read_chain(content: bytes) -> Chain:
    try:
        chain = x509.load_pem_x509_certificates(content)
    except ValueError:
        raise NotAllowed("chain form") from None
    if len(chain) > MOST_CERTIFICATES:
        raise NotAllowed("chain length")
    return chain


def _checked_key(chain: Chain, store: Store, now: datetime) -> RSAPublicKey:
    leaf, *between = chain
    verifier = PolicyBuilder().store(store).time(now.astimezone(UTC).replace(tzinfo=None))
    try:
        # Dates, names, constraints and the path to a root (RFC 5280, CA/Browser Forum's profile).
        verifier.build_server_verifier(x509.DNSName(SIGNER)).verify(leaf, between)
    except (VerificationError, ValueError):
        raise NotAllowed("chain path") from None
    return _key_of_signer(leaf)


def _key_of_signer(leaf: x509.Certificate) -> RSAPublicKey:
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        raise NotAllowed("signer extensions") from None
    if SIGNER not in names.get_values_for_type(x509.DNSName):  # itself: a wildcard would do for a web server
        raise NotAllowed("signer name")
    if not usage.digital_signature:
        raise NotAllowed("signer usage")
    key = leaf.public_key()
    if not isinstance(key, RSAPublicKey) or key.key_size < SHORTEST_KEY_BITS:
        raise NotAllowed("signer key")
    return key
