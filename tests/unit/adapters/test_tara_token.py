import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from assistant.adapters.tara_token import Expectation, read_keys, read_person
from assistant.core.errors import NotAllowed
from assistant.core.identity import Assurance
from assistant.core.ports import Person

pytestmark = pytest.mark.unit

EXPECTED = Expectation("https://tara.test", "kratt", "nonce-1", Assurance.SUBSTANTIAL)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _read(key: rsa.RSAPrivateKey, expected: Expectation = EXPECTED, **changes: object) -> Person:
    now = int(time.time())
    claims = {
        "iss": EXPECTED.issuer,
        "aud": EXPECTED.client_id,
        "nonce": EXPECTED.nonce,
        "iat": now,
        "nbf": now,
        "exp": now + 40,
        "sub": "EE60001019906",
        "acr": "substantial",
        "amr": ["smartid"],
        **changes,
    }
    return read_person(jwt.encode(claims, key, "RS256"), key.public_key(), expected)


@pytest.mark.parametrize(
    "subject",
    ["EE60001019906", "EE38001085718", "LV32345678901", "LT12345678900", "CZ1f2c-a.b_c~d", "SE" + "x" * 253],
)
def test_person_when_subject_has_its_countrys_shape_then_is_taken(key: rsa.RSAPrivateKey, subject: str) -> None:
    assert _read(key, sub=subject).subject == subject


@pytest.mark.parametrize("subject", ["EE12345678901", "EE1", "EEx", "LV", "LV-1", "L1234", "LV1 2", "SE" + "x" * 254])
def test_person_when_subject_has_not_its_countrys_shape_then_is_refused(key: rsa.RSAPrivateKey, subject: str) -> None:
    with pytest.raises(NotAllowed, match="subject"):
        _read(key, sub=subject)


@pytest.mark.parametrize(
    ("profile", "given_name"),
    [
        ({"given_name": " MARY ÄNN "}, "MARY ÄNN"),
        ({"given_name": "x" * 1000}, "x" * 256),
        ({"given_name": None}, ""),
        ({"given_name": ["MARY"]}, ""),
        ({}, ""),
        ("MARY", ""),
        (None, ""),
    ],
)
def test_person_when_greeted_then_by_the_given_name_if_there_is_one(
    key: rsa.RSAPrivateKey, profile: Any, given_name: str
) -> None:
    assert _read(key, profile_attributes=profile).given_name == given_name


@pytest.mark.parametrize(
    ("asked", "said", "is_enough"),
    [
        (Assurance.SUBSTANTIAL, "substantial", True),
        (Assurance.SUBSTANTIAL, "high", True),
        (Assurance.HIGH, "substantial", False),
        (Assurance.HIGH, "high", True),
        (Assurance.SUBSTANTIAL, "low", False),
    ],
)
def test_person_when_known_less_surely_than_asked_then_is_refused(
    key: rsa.RSAPrivateKey, asked: Assurance, said: str, is_enough: bool
) -> None:
    expected = Expectation(EXPECTED.issuer, EXPECTED.client_id, EXPECTED.nonce, asked)
    if is_enough:
        assert _read(key, expected, acr=said).assurance is Assurance.parse(said)
    else:
        with pytest.raises(NotAllowed, match="assurance"):
            _read(key, expected, acr=said)


def test_keys_when_published_then_only_rsa_keys_for_signatures_are_taken(key: rsa.RSAPrivateKey) -> None:
    public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    curve = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key(), as_dict=True)
    published = [
        {**public, "kid": "old", "use": "sig"},
        {**public, "kid": "new"},
        {**public, "kid": "encryption", "use": "enc"},
        {**public},
        {**curve, "kid": "curve", "use": "sig"},
        {"kty": "oct", "kid": "symmetric", "k": "c2VjcmV0"},
        {"kty": "RSA", "kid": "half"},
        "no key",
    ]
    assert set(read_keys({"keys": published})) == {"old", "new"}


@pytest.mark.parametrize("key_set", [{}, {"keys": []}, {"keys": None}, {"keys": "x"}, {"keys": [1]}])
def test_keys_when_there_are_none_then_is_empty(key_set: dict[str, Any]) -> None:
    assert read_keys(key_set) == {}
