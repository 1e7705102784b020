import base64
import hashlib

import pytest

from assistant.sandbox.population import POPULATION
from assistant.sandbox.tara_request import AuthenticationRequest
from assistant.sandbox.tara_token import AuthorizationCodes, Login, at_hash

pytestmark = pytest.mark.unit

BACK = "http://127.0.0.1:8080/login/return"
REQUEST = AuthenticationRequest("kratt", BACK, "12345678", "n", "openid", "code", "substantial", "et")
LOGIN = Login(REQUEST, POPULATION["EE38001085718"])


class FakeClock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.mark.parametrize(("waited_seconds", "expected"), [(0.0, LOGIN), (29.9, LOGIN), (30.0, None), (600.0, None)])
def test_redeem_when_time_passes_then_only_within_thirty_seconds(waited_seconds: float, expected: Login | None) -> None:
    clock = FakeClock()
    codes = AuthorizationCodes(clock)
    code = codes.issue(LOGIN)
    clock.seconds += waited_seconds
    assert codes.redeem(code, BACK) is expected


def test_redeem_when_used_before_then_none() -> None:
    codes = AuthorizationCodes(FakeClock())
    code = codes.issue(LOGIN)
    assert codes.redeem(code, BACK) is LOGIN
    assert codes.redeem(code, BACK) is None


def test_redeem_when_return_address_differs_then_spent() -> None:
    codes = AuthorizationCodes(FakeClock())
    code = codes.issue(LOGIN)
    assert codes.redeem(code, "http://elsewhere") is None
    assert codes.redeem(code, BACK) is None


def test_redeem_when_never_issued_then_none() -> None:
    assert AuthorizationCodes(FakeClock()).redeem("guess", BACK) is None


def test_at_hash_when_digest_has_plus_or_slash_then_standard_base64() -> None:
    token = next(text for text in map(str, range(1000)) if set("+/") & set(at_hash(text)))
    assert base64.b64decode(at_hash(token), validate=True) == hashlib.sha256(token.encode()).digest()[:16]
