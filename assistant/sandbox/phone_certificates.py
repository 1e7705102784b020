"""The certificates of phones: an authority of the sandbox's own, and what it issues, as SK's test certificates are."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from assistant.sandbox.phones import Lie

PersonKey: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

NCP_PLUS = "0.4.0.2042.1.2"
MOBILE_ID_POLICIES = ("1.3.6.1.4.1.10015.3.1.3", NCP_PLUS)
SMART_ID_POLICIES = ("1.3.6.1.4.1.10015.17.2", NCP_PLUS)
SMART_ID_AUTHENTICATION = "1.3.6.1.4.1.62306.5.7.0"

_LIFETIME = timedelta(days=1095)
_AUTHORITY_LIFETIME = timedelta(days=3650)
_FAR = timedelta(days=2000)
_AUTHORITY_NAME = "Sandbox of phones"
_UNSAFE_POLICY = "1.3.6.1.4.1.10015.17.1"
_ELSEWHERE = "LV"


@dataclass(frozen=True)
class Authority:
    """Somebody who issues certificates; `lists` is the address below which each finds its list of those revoked."""

    certificate: x509.Certificate
    key: PersonKey
    lists: str = ""

    @classmethod
    def new(cls) -> "Authority":
        """One with a key of its own; two have the same name."""
        key = ec.generate_private_key(ec.SECP384R1())
        name = _name(CN=_AUTHORITY_NAME, country="EE")
        start = datetime.now(UTC) - timedelta(days=1)
        certificate = (
            x509.CertificateBuilder(
                name, name, key.public_key(), x509.random_serial_number(), start, start + _AUTHORITY_LIFETIME
            )
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
            .sign(key, hashes.SHA384())
        )
        return cls(certificate, key)


@dataclass(frozen=True)
class Draft:
    """A certificate before it is issued; `extended` are dotted OIDs."""

    number: str
    country: str
    key: PersonKey
    issuer: Authority
    policies: tuple[str, ...]
    usages: tuple[str, ...]
    extended: tuple[str, ...]
    start: datetime
    end: datetime

    def issue(self) -> x509.Certificate:
        """The certificate."""
        serial = x509.random_serial_number()
        builder = x509.CertificateBuilder(
            self.issuer.certificate.subject,
            _name(CN=f"TEST,{self.number}", country=self.country, number=self.number),
            self.key.public_key(),
            serial,
            self.start,
            self.end,
        )
        if self.issuer.lists:
            builder = builder.add_extension(_list_at(f"{self.issuer.lists}/{serial:x}"), critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=False)
        builder = builder.add_extension(_usage(*self.usages), critical=True)
        if self.policies:
            named = [x509.PolicyInformation(x509.ObjectIdentifier(oid), None) for oid in self.policies]
            builder = builder.add_extension(x509.CertificatePolicies(named), critical=False)
        if self.extended:
            oids = [x509.ObjectIdentifier(oid) for oid in self.extended]
            builder = builder.add_extension(x509.ExtendedKeyUsage(oids), critical=False)
        return builder.sign(self.issuer.key, hashes.SHA256())


def mobile_id_draft(subject: str, key: PersonKey, issuer: Authority) -> Draft:
    """What Mobile-ID's authentication certificate says of a person: the bare code, and the country beside it."""
    return _draft(subject[2:], subject, key, issuer, MOBILE_ID_POLICIES, ("digital_signature", "key_agreement"))


def smart_id_draft(subject: str, key: PersonKey, issuer: Authority) -> Draft:
    """What Smart-ID's authentication certificate says of a person, since April 2025."""
    number = f"PNO{subject[:2]}-{subject[2:]}"
    draft = _draft(number, subject, key, issuer, SMART_ID_POLICIES, ("digital_signature",))
    return dataclasses.replace(draft, extended=(SMART_ID_AUTHENTICATION,))


def issue(draft: Draft, lie: Lie | None) -> x509.Certificate:
    """The certificate, as the lie leaves it."""
    if lie is Lie.AUTHORITY_ITSELF:
        return draft.issuer.certificate
    spoil = _SPOILT.get(lie) if lie else None
    return (spoil(draft) if spoil else draft).issue()


def _draft(
    number: str, subject: str, key: PersonKey, issuer: Authority, policies: tuple[str, ...], usages: tuple[str, ...]
) -> Draft:
    start = datetime.now(UTC) - timedelta(hours=1)
    return Draft(number, subject[:2], key, issuer, policies, usages, (), start, start + _LIFETIME)


def _by_a_person(draft: Draft) -> Draft:
    """Issued by somebody to whom the authority issued a certificate, but not to issue others."""
    key = ec.generate_private_key(ec.SECP256R1())
    return dataclasses.replace(draft, issuer=Authority(dataclasses.replace(draft, key=key).issue(), key))


def _by_itself(draft: Draft) -> Draft:
    return dataclasses.replace(draft, issuer=Authority(draft.issue(), draft.key))


_SPOILT: Mapping[Lie, Callable[[Draft], Draft]] = {
    Lie.OTHER_COUNTRY: lambda draft: dataclasses.replace(
        draft, country=_ELSEWHERE, number=draft.number.replace("PNOEE", f"PNO{_ELSEWHERE}")
    ),
    Lie.OTHER_AUTHORITY: lambda draft: dataclasses.replace(draft, issuer=Authority.new()),
    Lie.ISSUED_BY_A_PERSON: _by_a_person,
    Lie.SELF_SIGNED: _by_itself,
    Lie.EXPIRED: lambda draft: dataclasses.replace(draft, start=draft.start - _FAR, end=draft.end - _FAR),
    Lie.NOT_YET_VALID: lambda draft: dataclasses.replace(draft, start=draft.start + _FAR, end=draft.end + _FAR),
    Lie.NO_POLICY: lambda draft: dataclasses.replace(draft, policies=()),
    Lie.OTHER_POLICY: lambda draft: dataclasses.replace(draft, policies=(_UNSAFE_POLICY,)),
    Lie.OTHER_USAGE: lambda draft: dataclasses.replace(draft, usages=("content_commitment",)),
    Lie.OTHER_EXTENDED_USAGE: lambda draft: dataclasses.replace(
        draft, extended=(ExtendedKeyUsageOID.SERVER_AUTH.dotted_string,)
    ),
}


def _name(CN: str, country: str, number: str = "") -> x509.Name:  # noqa: N803  # as names are written
    attributes = [x509.NameAttribute(NameOID.COUNTRY_NAME, country), x509.NameAttribute(NameOID.COMMON_NAME, CN)]
    if number:
        attributes.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, number))
    return x509.Name(attributes)


def _list_at(url: str) -> x509.CRLDistributionPoints:
    name = x509.UniformResourceIdentifier(url)
    return x509.CRLDistributionPoints([x509.DistributionPoint([name], None, None, None)])


def _usage(*wanted: str) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: name in wanted for name in names})
