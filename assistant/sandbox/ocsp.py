"""The OCSP responder of the sandbox's authority (RFC 6960), which may lie about every certificate."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from fastapi import APIRouter, Request, Response

from assistant.sandbox.phone_certificates import Authority
from assistant.sandbox.phones import Lie
from assistant.sandbox.revocation_list import revoked_by

_TYPE = "application/ocsp-response"
_DOWN = frozenset({Lie.STATUS_DOWN, *(lie for lie in Lie if lie.startswith("list_"))})
_STATES = {Lie.REVOKED: ocsp.OCSPCertStatus.REVOKED, Lie.STATUS_UNKNOWN: ocsp.OCSPCertStatus.UNKNOWN}
_LIFETIME = timedelta(minutes=5)
_LONG_AGO = timedelta(hours=1)


class Responder:
    """Knows the certificates that were issued, and what to lie about each."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        self._issued: dict[int, tuple[x509.Certificate, Lie | None]] = {}

    def note(self, certificate: x509.Certificate, lie: Lie | None) -> x509.Certificate:
        """The certificate, which may be asked about now."""
        self._issued[certificate.serial_number] = (certificate, lie)
        return certificate

    def router(self) -> APIRouter:
        """`POST /ocsp`, and `GET /crl/{serial}`."""
        router = APIRouter(tags=["phones"])
        router.add_api_route("/ocsp", self.answer, methods=["POST"])
        router.add_api_route("/crl/{serial}", self.list_revoked, methods=["GET"])
        return router

    async def list_revoked(self, serial: str) -> Response:
        """The list that the certificate with this serial number, in hexadecimal, names."""
        try:
            certificate, lie = self._issued.get(int(serial, 16), (None, None))
        except ValueError:
            certificate, lie = None, None
        if certificate is None or lie is Lie.STATUS_DOWN:
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        return Response(revoked_by(self._authority, certificate, lie), media_type="application/pkix-crl")

    async def answer(self, request: Request) -> Response:
        """What is known of a certificate."""
        asked = ocsp.load_der_ocsp_request(await request.body())
        certificate, lie = self._issued.get(asked.serial_number, (None, None))
        if certificate is None or lie in _DOWN:
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        nonce = asked.extensions.get_extension_for_class(x509.OCSPNonce).value
        return Response(self._sign(certificate, nonce, lie).public_bytes(Encoding.DER), media_type=_TYPE)

    def _sign(self, certificate: x509.Certificate, nonce: x509.OCSPNonce, lie: Lie | None) -> ocsp.OCSPResponse:
        signer = Authority.new() if lie is Lie.STATUS_BY_ANOTHER else self._authority
        start = datetime.now(UTC) - (_LONG_AGO if lie is Lie.STATUS_OLD else timedelta())
        state = _STATES.get(lie, ocsp.OCSPCertStatus.GOOD) if lie else ocsp.OCSPCertStatus.GOOD
        revoked = start if state is ocsp.OCSPCertStatus.REVOKED else None
        about = self._another(certificate) if lie is Lie.STATUS_OF_ANOTHER else certificate
        said = x509.OCSPNonce(bytes(len(nonce.nonce))) if lie is Lie.STATUS_REPLAYED else nonce
        return (
            ocsp.OCSPResponseBuilder()
            .add_response(
                cert=about,
                issuer=self._authority.certificate,
                algorithm=hashes.SHA1(),  # noqa: S303  # as it was asked with; it only names the certificate
                cert_status=state,
                this_update=start,
                next_update=start + _LIFETIME,
                revocation_time=revoked,
                revocation_reason=None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
            .add_extension(said, critical=False)
            .sign(signer.key, hashes.SHA384())
        )

    def _another(self, certificate: x509.Certificate) -> x509.Certificate:
        others: Mapping[int, tuple[x509.Certificate, Lie | None]] = self._issued
        return next((each for each, _ in others.values() if each != certificate), self._authority.certificate)
