"""Checks the certificate of a citizen's phone (SK's response_verification.html; Mobile-ID REST API, section 3.3.6)."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from assistant.core.errors import NotAllowed, ServiceUnavailable

NCP_PLUS = "0.4.0.2042.1.2"
"""The policy of keys in a secure device that only its owner uses (ETSI EN 319 411-1)."""

_SUBJECT = re.compile(r"(?:PNO(?P<country>[A-Z]{2})-)?(?P<code>[A-Za-z0-9-]{1,64})", re.ASCII)

Clock = Callable[[], datetime]
Usage = Callable[[x509.KeyUsage, frozenset[str]], bool]
"""Whether key usage and extended key usage (dotted OIDs) fit."""

E = TypeVar("E", bound=x509.ExtensionType)


@dataclass(frozen=True)
class Purpose:
    """What a certificate has to be for: all of these policies, and the usage of its key."""

    policies: frozenset[str]
    fits: Usage


@dataclass(frozen=True)
class Authorities:
    """The authorities whose certificates count, of a file in PEM: those that issue directly, and no others.

    The file is read when it is first needed: the sandbox makes its own while we start.
    """

    file: Path

    @cached_property
    def certificates(self) -> Sequence[x509.Certificate]:
        """All of them.

        Raises:
            ServiceUnavailable: there is no such file, or none in it.
        """
        try:
            return x509.load_pem_x509_certificates(self.file.read_bytes())
        except (OSError, ValueError):
            raise ServiceUnavailable("the file of authorities for phones cannot be used") from None

    def of(self, certificate: x509.Certificate, now: datetime) -> x509.Certificate:
        """The authority that issued a certificate.

        Raises:
            NotAllowed: none of ours did, or it may not now.
        """
        for authority in self.certificates:
            try:
                certificate.verify_directly_issued_by(authority)
            except (ValueError, TypeError, InvalidSignature):
                continue
            _require(_may_issue(authority) and _is_valid(authority, now), "authority")
            return authority
        raise NotAllowed("the phone's certificate fails a check: issuer")


def read_certificate(content: bytes, authorities: Authorities, purpose: Purpose, now: datetime) -> x509.Certificate:
    """The certificate, in DER, whose path, time, constraints, policies and key usage all hold, checked in that order.

    Raises:
        NotAllowed: one of them does not; the message names it.
    """
    try:
        certificate = x509.load_der_x509_certificate(content)
        extensions = certificate.extensions
    except (ValueError, x509.DuplicateExtension):
        raise NotAllowed("the phone's certificate fails a check: form") from None
    authorities.of(certificate, now)
    _require(_is_valid(certificate, now), "time")
    _require(not _is_authority(extensions), "constraints")
    _require(purpose.policies <= _policies(extensions), "policy")
    usage = _extension(extensions, x509.KeyUsage)
    _require(usage is not None and purpose.fits(usage, _extended_usages(extensions)), "key usage")
    return certificate


def require_subject(certificate: x509.Certificate, subject: str) -> None:
    """Nothing, if the certificate is that person's: `EE60001019906` has `PNOEE-60001019906`, or country and code apart.

    Raises:
        NotAllowed: it is somebody else's.
    """
    number = _only(certificate.subject, NameOID.SERIAL_NUMBER)
    found = _SUBJECT.fullmatch(number)
    country = (found["country"] if found else None) or _only(certificate.subject, NameOID.COUNTRY_NAME)
    _require(found is not None and country + found["code"] == subject, "subject")


def signs(usage: x509.KeyUsage, extended: frozenset[str]) -> bool:
    """Whether a key is for signatures that log somebody in, as Mobile-ID's is; it may leave the extended usage out."""
    is_named = not extended or ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string in extended
    return usage.digital_signature and not usage.key_cert_sign and is_named


def _is_valid(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def _may_issue(authority: x509.Certificate) -> bool:
    usage = _extension(authority.extensions, x509.KeyUsage)
    return _is_authority(authority.extensions) and usage is not None and usage.key_cert_sign


def _is_authority(extensions: x509.Extensions) -> bool:
    constraints = _extension(extensions, x509.BasicConstraints)
    return constraints is not None and constraints.ca


def _policies(extensions: x509.Extensions) -> frozenset[str]:
    policies = _extension(extensions, x509.CertificatePolicies) or ()
    return frozenset(each.policy_identifier.dotted_string for each in policies)


def _extended_usages(extensions: x509.Extensions) -> frozenset[str]:
    return frozenset(each.dotted_string for each in _extension(extensions, x509.ExtendedKeyUsage) or ())


def _extension(extensions: x509.Extensions, kind: type[E]) -> E | None:
    try:
        return extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _only(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    values = [str(each.value) for each in name.get_attributes_for_oid(oid)]
    return values[0] if len(values) == 1 else ""


def _require(condition: bool, check: str) -> None:
    if not condition:
        raise NotAllowed(f"the phone's certificate fails a check: {check}")
