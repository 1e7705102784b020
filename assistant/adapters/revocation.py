"""Whether a citizen's certificate was revoked: asked by OCSP (RFC 6960), once everything else about it holds.

SK's response_verification.html wants it after the path, and a list (CRL) where OCSP cannot tell; Mobile-ID checks it
for nobody (REST API, section 3.3.6).
"""

import asyncio
import logging
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from http import HTTPStatus

import httpx
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from assistant.adapters.citizen_certificate import Authorities, Clock
from assistant.adapters.revocation_list import LARGEST_LIST_BYTES, lists_of, require_not_listed
from assistant.core.errors import NotAllowed, ServiceUnavailable

_log = logging.getLogger("kratt.phone")

ANSWER_SECONDS = 3.0
LIST_SECONDS = 4.0
LARGEST_ANSWER_BYTES = 64 * 1024
NONCE_BYTES = 16
SKEW = timedelta(minutes=1)
OLDEST = timedelta(minutes=15)
"""How old what is said of a certificate may be."""


class Revocation:
    """Asks the responder of `url`, or else the one that the certificate itself names; without it, the list it names.

    No responder is believed by its name or its connection: its answer is signed by the authority that issued the
    certificate, or by somebody whom that authority lets sign such answers.
    """

    def __init__(
        self, authorities: Authorities, now: Clock, url: str = "", transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._authorities = authorities
        self._now = now
        self._url = url
        self._client = httpx.AsyncClient(
            timeout=ANSWER_SECONDS, trust_env=False, follow_redirects=False, transport=transport
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def require_good(self, content: bytes) -> None:
        """Nothing, if the certificate, in DER and verified already, is good at this moment.

        Raises:
            NotAllowed: it is revoked or unknown, or the answer fails a check; the message names it.
            ServiceUnavailable: nobody can tell.
        """
        certificate, now = x509.load_der_x509_certificate(content), self._now()
        issuer = self._authorities.of(certificate, now)
        try:
            await self._require_good_by_ocsp(certificate, issuer, now)
        except ServiceUnavailable as error:
            _log.warning("no answer by OCSP", extra={"facts": {"detail": error.detail}})
            await self._require_not_listed(certificate, issuer, now)

    async def _require_good_by_ocsp(
        self, certificate: x509.Certificate, issuer: x509.Certificate, now: datetime
    ) -> None:
        nonce = x509.OCSPNonce(os.urandom(NONCE_BYTES))
        # SHA-1 names the certificate and protects nothing; it is the one that every responder knows (RFC 5019).
        question = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())  # noqa: S303
        request = question.add_extension(nonce, critical=False).build()
        answer = await self._ask(self._url or _responder_of(certificate), request.public_bytes(Encoding.DER))
        _require(_signer_of(answer, issuer, now), "status signer")
        _require(_is_about(answer, request), "status certificate")
        _require(_nonce_of(answer) == nonce.nonce, "status nonce")
        _require(_is_fresh(answer, now), "status time")
        _require(answer.certificate_status is ocsp.OCSPCertStatus.GOOD, "revoked")

    async def _require_not_listed(self, certificate: x509.Certificate, issuer: x509.Certificate, now: datetime) -> None:
        """The first list that can be fetched decides; the same list may be at several addresses."""
        for url in lists_of(certificate):
            try:
                request = self._client.build_request("GET", url)
                status, content = await self._fetch(request, LIST_SECONDS, LARGEST_LIST_BYTES)
            except ServiceUnavailable:
                continue
            if status == HTTPStatus.OK:
                return require_not_listed(content, certificate, issuer, now)
        raise ServiceUnavailable("nobody can tell whether the certificate was revoked")

    async def _ask(self, url: str, question: bytes) -> ocsp.OCSPResponse:
        headers = {"Content-Type": "application/ocsp-request"}
        try:
            request = self._client.build_request("POST", url, content=question, headers=headers)
        except httpx.InvalidURL:
            raise ServiceUnavailable("the OCSP responder has no address") from None
        return _read(*await self._fetch(request, ANSWER_SECONDS, LARGEST_ANSWER_BYTES))

    async def _fetch(self, request: httpx.Request, seconds: float, most_bytes: int) -> tuple[int, bytes]:
        try:
            async with asyncio.timeout(seconds):
                response = await self._client.send(request, stream=True)
                try:
                    return response.status_code, await _body(response, most_bytes)
                finally:
                    await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
            raise ServiceUnavailable("nobody can tell whether the certificate was revoked") from None


def _responder_of(certificate: x509.Certificate) -> str:
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        access = x509.AuthorityInformationAccess([])
    for each in access:
        named = each.access_location
        is_ocsp = each.access_method == AuthorityInformationAccessOID.OCSP
        if is_ocsp and isinstance(named, x509.UniformResourceIdentifier):
            return named.value
    raise ServiceUnavailable("the certificate names nobody who knows whether it was revoked")


async def _body(response: httpx.Response, most_bytes: int) -> bytes:
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > most_bytes:
            raise ServiceUnavailable("more was answered than may be")
    return bytes(body)


def _read(status: int, content: bytes) -> ocsp.OCSPResponse:
    try:
        answer = ocsp.load_der_ocsp_response(content) if status == HTTPStatus.OK else None
    except ValueError:
        answer = None
    if answer is None or answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise ServiceUnavailable("the OCSP responder does not answer the question")
    return answer


def _signer_of(answer: ocsp.OCSPResponse, issuer: x509.Certificate, now: datetime) -> x509.Certificate | None:
    """Who signed it: the authority, or somebody of theirs for this purpose."""
    return next((each for each in _signers(answer, issuer, now) if _has_signed(each, answer)), None)


def _signers(answer: ocsp.OCSPResponse, issuer: x509.Certificate, now: datetime) -> Iterator[x509.Certificate]:
    yield issuer
    for each in answer.certificates:
        try:
            each.verify_directly_issued_by(issuer)
            usage = each.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
            continue
        is_valid = each.not_valid_before_utc <= now <= each.not_valid_after_utc
        if is_valid and ExtendedKeyUsageOID.OCSP_SIGNING in usage:
            yield each


def _has_signed(signer: x509.Certificate, answer: ocsp.OCSPResponse) -> bool:
    key, algorithm = signer.public_key(), answer.signature_hash_algorithm
    try:
        if algorithm is None:
            return False
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(algorithm))
            return True
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), algorithm)
            return True
    except InvalidSignature:
        pass
    return False


def _is_about(answer: ocsp.OCSPResponse, request: ocsp.OCSPRequest) -> bool:
    told = (answer.serial_number, answer.issuer_key_hash, answer.issuer_name_hash, answer.hash_algorithm.name)
    return told == (
        request.serial_number,
        request.issuer_key_hash,
        request.issuer_name_hash,
        request.hash_algorithm.name,
    )


def _nonce_of(answer: ocsp.OCSPResponse) -> bytes | None:
    try:
        return answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound:
        return None


def _is_fresh(answer: ocsp.OCSPResponse, now: datetime) -> bool:
    start, end = answer.this_update_utc, answer.next_update_utc
    return now - OLDEST <= start <= now + SKEW and (end is None or end >= now)


def _require(condition: object, check: str) -> None:
    if not condition:
        raise NotAllowed(f"the phone's certificate fails a check: {check}")
