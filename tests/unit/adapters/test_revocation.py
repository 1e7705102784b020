"""Who may say that a certificate is good: its authority, or whom that lets sign such answers."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from assistant.adapters.citizen_certificate import Authorities
from assistant.adapters.revocation import LARGEST_ANSWER_BYTES, Revocation
from assistant.core.errors import NotAllowed, ServiceUnavailable
from assistant.sandbox.phone_certificates import Authority

pytestmark = pytest.mark.unit

RESPONDER = "http://ocsp.test/"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def authority() -> Authority:
    return Authority.new()


def issued(authority: Authority, *extensions: x509.ExtensionType, start: datetime | None = None) -> Authority:
    """Somebody with a certificate of the authority's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "somebody")])
    begin = start or now() - timedelta(hours=1)
    builder = x509.CertificateBuilder(
        authority.certificate.subject,
        name,
        key.public_key(),
        x509.random_serial_number(),
        begin,
        begin + timedelta(days=1),
    )
    for each in extensions:
        builder = builder.add_extension(each, critical=False)
    return Authority(builder.sign(authority.key, hashes.SHA256()), key)


def naming(url: str) -> x509.AuthorityInformationAccess:
    location = x509.UniformResourceIdentifier(url)
    return x509.AuthorityInformationAccess([x509.AccessDescription(AuthorityInformationAccessOID.OCSP, location)])


def revocation(folder: Path, authority: Authority, answer: object, url: str = "") -> Revocation:
    file = folder / "authorities.pem"
    file.write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    transport = httpx.MockTransport(answer)  # type: ignore[arg-type]
    return Revocation(Authorities(file), now, url, transport)


def answering(citizen: Authority, authority: Authority, signer: Authority, *sent: x509.Certificate) -> object:
    """A responder that says that the citizen's certificate is good."""

    def answer(request: httpx.Request) -> httpx.Response:
        nonce = ocsp.load_der_ocsp_request(request.content).extensions.get_extension_for_class(x509.OCSPNonce).value
        builder = ocsp.OCSPResponseBuilder().add_response(
            citizen.certificate,
            authority.certificate,
            hashes.SHA1(),  # only names the certificate
            ocsp.OCSPCertStatus.GOOD,
            now(),
            None,
            None,
            None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
        builder = builder.add_extension(nonce, critical=False)
        signed = (builder.certificates(sent) if sent else builder).sign(signer.key, hashes.SHA256())
        assert str(request.url) == RESPONDER
        return httpx.Response(200, content=signed.public_bytes(Encoding.DER))

    return answer


async def ask(folder: Path, authority: Authority, citizen: Authority, answer: object) -> None:
    asked = revocation(folder, authority, answer)
    try:
        await asked.require_good(citizen.certificate.public_bytes(Encoding.DER))
    finally:
        await asked.close()


SIGNING = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])


async def test_certificate_when_the_authority_or_its_delegate_says_good_then_is_good(
    tmp_path: Path, authority: Authority
) -> None:
    citizen, delegate = issued(authority, naming(RESPONDER)), issued(authority, SIGNING)
    await ask(tmp_path, authority, citizen, answering(citizen, authority, authority))
    await ask(tmp_path, authority, citizen, answering(citizen, authority, delegate, delegate.certificate))


@pytest.mark.parametrize("who", ["any citizen", "one whose time is over", "of another authority", "one not sent along"])
async def test_certificate_when_somebody_else_says_good_then_is_refused(
    tmp_path: Path, authority: Authority, who: str
) -> None:
    citizen = issued(authority, naming(RESPONDER))
    match who:
        case "any citizen":
            signer = issued(authority)
        case "one whose time is over":
            signer = issued(authority, SIGNING, start=now() - timedelta(days=9))
        case "of another authority":
            signer = issued(Authority.new(), SIGNING)
        case _:
            signer = issued(authority, SIGNING)
    sent = () if who == "one not sent along" else (signer.certificate,)
    with pytest.raises(NotAllowed, match="status signer"):
        await ask(tmp_path, authority, citizen, answering(citizen, authority, signer, *sent))


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, content=b"x" * (LARGEST_ANSWER_BYTES + 1)),
        httpx.Response(302, headers={"location": "http://evil.test/"}),
        httpx.Response(500),
        httpx.Response(
            200,
            content=ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER).public_bytes(
                Encoding.DER
            ),
        ),
    ],
    ids=["HTML", "endless", "elsewhere", "500", "try later"],
)
async def test_certificate_when_the_responder_talks_nonsense_then_nobody_can_tell(
    tmp_path: Path, authority: Authority, response: httpx.Response
) -> None:
    with pytest.raises(ServiceUnavailable):
        await ask(tmp_path, authority, issued(authority, naming(RESPONDER)), lambda _: response)


async def test_certificate_when_it_names_no_responder_then_nobody_can_tell(
    tmp_path: Path, authority: Authority
) -> None:
    with pytest.raises(ServiceUnavailable):
        await ask(tmp_path, authority, issued(authority), lambda _: httpx.Response(500))
