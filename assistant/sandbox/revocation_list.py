"""Lists of revoked certificates by the sandbox's authority (CRL, RFC 5280), which may lie about every certificate."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from assistant.sandbox.phone_certificates import Authority
from assistant.sandbox.phones import Lie

_LIFETIME = timedelta(hours=12)
_DAYS_AGO = timedelta(days=3)
_HUGE_BYTES = 9 * 1024 * 1024


def revoked_by(authority: Authority, certificate: x509.Certificate, lie: Lie | None) -> bytes:
    """The list, in DER, as the lie leaves it."""
    if lie is Lie.LIST_GARBLED:
        return b"<html>Service unavailable</html>"
    if lie is Lie.LIST_HUGE:
        return bytes(_HUGE_BYTES)
    now = datetime.now(UTC)
    start = now - (_DAYS_AGO if lie in {Lie.LIST_EXPIRED, Lie.LIST_OLD} else timedelta(minutes=5))
    end = start + _LIFETIME if lie is not Lie.LIST_OLD else now + _LIFETIME
    listed = x509.CertificateRevocationListBuilder(authority.certificate.subject, start, end)
    listed = listed.add_extension(x509.CRLNumber(1), critical=False)
    if lie is Lie.LIST_OF_AUTHORITIES:
        listed = listed.add_extension(_OF_AUTHORITIES, critical=True)
    # Somebody else's is always in it: a list is seldom empty.
    serials = [x509.random_serial_number(), *([certificate.serial_number] if lie is Lie.LIST_REVOKED else [])]
    for serial in serials:
        listed = listed.add_revoked_certificate(x509.RevokedCertificateBuilder(serial, start).build())
    signer = Authority.new() if lie is Lie.LIST_BY_ANOTHER else authority
    return listed.sign(signer.key, hashes.SHA384()).public_bytes(Encoding.DER)


_OF_AUTHORITIES = x509.IssuingDistributionPoint(
    full_name=None,
    relative_name=None,
    only_contains_user_certs=False,
    only_contains_ca_certs=True,
    only_some_reasons=None,
    indirect_crl=False,
    only_contains_attribute_certs=False,
)
