"""A list of revoked certificates (CRL, RFC 5280), read where nobody answers by OCSP: signed, whole and of today.

It is hours old, so that what was revoked meanwhile is not in it; that is why OCSP is asked first.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from assistant.core.errors import NotAllowed, ServiceUnavailable

LARGEST_LIST_BYTES = 8 * 1024 * 1024
SKEW = timedelta(minutes=1)
OLDEST = timedelta(days=1)
"""A list is not believed for longer, however late it says that the next one comes."""

_UNDERSTOOD = frozenset({x509.AuthorityKeyIdentifier.oid, x509.CRLNumber.oid, x509.IssuingDistributionPoint.oid})
"""Extensions that may be critical; a list with another is of a kind that is not read here, a delta list for one."""


def lists_of(certificate: x509.Certificate) -> Iterator[str]:
    """The addresses where the certificate says that its list is, if they can be fetched."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return
    for point in points:
        for name in point.full_name or ():
            if isinstance(name, x509.UniformResourceIdentifier) and httpx.URL(name.value).scheme in {"http", "https"}:
                yield name.value


def require_not_listed(content: bytes, certificate: x509.Certificate, issuer: x509.Certificate, now: datetime) -> None:
    """Nothing, if the list, in DER, is the issuer's, in force, and does not name the certificate.

    Raises:
        NotAllowed: the certificate is revoked, or the list fails a check; the message names it.
        ServiceUnavailable: it is no list at all.
    """
    try:
        listed = x509.load_der_x509_crl(content)
        extensions = list(listed.extensions)
    except ValueError:
        raise ServiceUnavailable("the list of revoked certificates cannot be read") from None
    _require(_is_signed(listed, issuer), "list signer")
    _require(_is_in_force(listed, now), "list time")
    _require(all(_is_whole(each) for each in extensions), "list scope")
    _require(listed.get_revoked_certificate_by_serial_number(certificate.serial_number) is None, "revoked")


def _is_signed(listed: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    try:
        may_sign = issuer.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
        is_signed = listed.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]  # other keys: TypeError
    except (x509.ExtensionNotFound, UnsupportedAlgorithm, TypeError, ValueError):
        return False
    return may_sign and is_signed and listed.issuer == issuer.subject


def _is_in_force(listed: x509.CertificateRevocationList, now: datetime) -> bool:
    start, end = listed.last_update_utc, listed.next_update_utc
    return end is not None and now - OLDEST <= start <= now + SKEW and now <= end


def _is_whole(extension: x509.Extension[x509.ExtensionType]) -> bool:
    """Whether the extension leaves nobody's certificate out."""
    scope = extension.value
    if isinstance(scope, x509.IssuingDistributionPoint):
        is_partial = scope.only_contains_ca_certs or scope.only_contains_attribute_certs or scope.only_some_reasons
        return not (is_partial or scope.indirect_crl)
    return extension.oid in _UNDERSTOOD or not extension.critical


def _require(condition: bool, check: str) -> None:
    if not condition:
        raise NotAllowed(f"the phone's certificate fails a check: {check}")
