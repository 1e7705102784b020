"""Real answers of Mobile-ID and Smart-ID, as their operator published them (tests/data/identity/vectors.json)."""

import base64
import copy
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from assistant.adapters import acsp_v2, mobile_id
from assistant.adapters.acsp_v2 import Challenge, Signed
from assistant.adapters.citizen_certificate import Authorities, read_certificate, require_subject
from assistant.adapters.smart_id_answer import PURPOSE, Expected, VerifyAnswer
from assistant.core.errors import NotAllowed
from assistant.settings import PROJECT

pytestmark = pytest.mark.unit

FOLDER = PROJECT / "tests" / "data" / "identity"
VECTORS = json.loads((FOLDER / "vectors.json").read_text())
MOBILE_ID, SMART_ID, ACSP = VECTORS["mobile_id"], VECTORS["smart_id"], VECTORS["acsp_v2"]
IN_2020, IN_2026 = datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 11, 26, tzinfo=UTC)


def der(name: str) -> bytes:
    return x509.load_pem_x509_certificate((FOLDER / name).read_bytes()).public_bytes(Encoding.DER)


def authorities(provider: str) -> Authorities:
    return Authorities(FOLDER / f"{provider}_ca.pem")


def mobile_certificate(now: datetime = IN_2020, provider: str = "mobile_id") -> x509.Certificate:
    return read_certificate(der("mobile_id_auth_cert.pem"), authorities(provider), mobile_id.PURPOSE, now)


def test_mobile_id_when_a_real_answer_then_certificate_and_signature_are_that_persons():
    certificate = mobile_certificate()
    require_subject(certificate, MOBILE_ID["subject"])
    signature, challenge = (base64.b64decode(MOBILE_ID[name]) for name in ("signature", "hash"))
    mobile_id.verify_signature(certificate.public_key(), signature, challenge)
    other = bytes([challenge[0] ^ 1]) + challenge[1:]
    for wrong in ((signature[:-1], challenge), (signature, other), (bytes(64), challenge), (b"", challenge)):
        with pytest.raises(NotAllowed, match="signature"):
            mobile_id.verify_signature(certificate.public_key(), *wrong)


@pytest.mark.parametrize(
    ("now", "provider", "check"),
    [
        (IN_2026, "mobile_id", "time"),
        (IN_2020.replace(year=2017), "mobile_id", "time"),
        (IN_2020, "smart_id", "issuer"),
    ],
    ids=["expired", "not valid yet", "of another authority"],
)
def test_mobile_id_when_the_real_certificate_is_out_of_place_then_is_refused(now: datetime, provider: str, check: str):
    with pytest.raises(NotAllowed, match=check):
        mobile_certificate(now, provider)


@pytest.mark.parametrize("subject", ["EE60001019907", "LV60001019906", "60001019906", ""])
def test_mobile_id_when_somebody_else_was_asked_then_is_refused(subject: str):
    with pytest.raises(NotAllowed, match="subject"):
        require_subject(mobile_certificate(), subject)


@pytest.mark.parametrize(("hashed", "code"), MOBILE_ID["verification_codes"].items())
def test_mobile_id_when_a_hash_is_known_then_its_code_is_the_published_one(hashed: str, code: str):
    algorithm, _, text = hashed.rpartition(" ")
    challenge = hashlib.new(algorithm, text.encode()).digest() if algorithm else bytes.fromhex(text)
    assert mobile_id.verification_code(challenge) == code


def smart_id_answer() -> dict[str, Any]:
    answer = copy.deepcopy(SMART_ID["answer"])
    answer["cert"]["value"] = base64.b64encode(der(answer["cert"]["value"])).decode()
    return answer


def smart_id_expected(**changes: Any) -> Expected:
    asked = {"scheme": SMART_ID["scheme"], "name": SMART_ID["relying_party_name"]}
    challenge = Challenge(**asked, challenge=SMART_ID["challenge"], interactions=SMART_ID["interactions"])
    expected = {
        "challenge": challenge,
        "subject": SMART_ID["subject"],
        "flow": "Notification",
        "interactions": frozenset({"displayTextAndPIN"}),
    }
    return Expected(**{**expected, **changes})


def verify(answer: dict[str, Any], now: datetime = IN_2026, **changes: Any) -> str:
    return VerifyAnswer(authorities("smart_id"), lambda: now)(answer, smart_id_expected(**changes))


def test_smart_id_when_a_real_answer_then_is_that_persons():
    assert verify(smart_id_answer()) == "PNOEE-40504040001-DEMO-Q"
    assert acsp_v2.verification_code(base64.b64decode(SMART_ID["challenge"])) == SMART_ID["verification_code"]


def test_smart_id_when_the_answer_has_more_than_promised_then_that_is_ignored():
    answer = {**smart_id_answer(), "deviceIpAddress": "192.0.2.1", "ignoredProperties": ["x"], "new": {"a": 1}}
    assert verify(answer)


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"subject": "EE40504040002"}, "subject"),
        ({"flow": "QR"}, "flow"),
        ({"interactions": frozenset({"confirmationMessage"})}, "interaction"),
        ({"challenge": Challenge("smart-id", "DEMO", SMART_ID["challenge"], SMART_ID["interactions"])}, "signature"),
        ({"challenge": Challenge("smart-id-demo", "DEMO", "AAAA", SMART_ID["interactions"])}, "signature"),
        (
            {"challenge": Challenge("smart-id-demo", "OTHER", SMART_ID["challenge"], SMART_ID["interactions"])},
            "signature",
        ),
        ({"challenge": Challenge("smart-id-demo", "DEMO", SMART_ID["challenge"], "W10=")}, "signature"),
        ({"now": IN_2026.replace(year=2029)}, "time"),
        ({"session_secret": ACSP["session_secret"]}, "session secret"),
    ],
    ids=["subject", "flow", "interaction", "scheme", "challenge", "name", "interactions", "expired", "no callback"],
)
def test_smart_id_when_something_else_was_asked_then_is_refused(changes: dict[str, Any], check: str):
    with pytest.raises(NotAllowed, match=check):
        verify(smart_id_answer(), **changes)


def test_smart_id_when_the_certificate_is_of_mobile_id_then_is_refused():
    with pytest.raises(NotAllowed, match="policy"):
        read_certificate(der("mobile_id_auth_cert.pem"), authorities("mobile_id"), PURPOSE, IN_2020)


def documented() -> Challenge:
    return Challenge(
        ACSP["scheme"],
        ACSP["relying_party_name"],
        ACSP["challenge"],
        ACSP["interactions"],
        ACSP["callback_url"],
        ACSP["brokered_name"],
    )


def test_acsp_v2_when_the_documented_example_then_its_digest():
    signed = Signed(ACSP["server_random"], ACSP["user_challenge"], ACSP["interaction_used"], ACSP["flow"])
    digest = hashlib.sha512(acsp_v2.payload(documented(), signed)).digest()
    assert base64.b64encode(digest).decode() == ACSP["digest_sha512"]


def test_acsp_v2_when_the_documented_link_then_its_code():
    link = acsp_v2.device_link("https://smart-id.com/device-link", ACSP["session_token"], ACSP["flow"], "eng")
    assert link == ACSP["device_link"]
    assert acsp_v2.auth_code(documented(), link, ACSP["session_secret"]) == ACSP["auth_code"]


def test_acsp_v2_when_a_qr_code_grows_old_then_the_link_says_so():
    link = acsp_v2.device_link("https://smart-id.com/device-link", ACSP["session_token"], "QR", "eng", 22)
    assert "deviceLinkType=QR&elapsedSeconds=22&sessionToken=" in link


def test_acsp_v2_when_the_documented_callback_then_its_digests():
    assert acsp_v2.session_secret_digest(ACSP["session_secret"]) == ACSP["session_secret_digest"]
    assert acsp_v2.user_challenge(ACSP["user_challenge_verifier"]) == ACSP["user_challenge"]
    assert acsp_v2.verification_code(base64.b64decode(ACSP["challenge"])) == ACSP["verification_code"]
