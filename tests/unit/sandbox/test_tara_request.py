import pytest

from assistant.sandbox.tara_request import Client

pytestmark = pytest.mark.unit

BACK = "http://127.0.0.1:8080/login/return"
CLIENT = Client("kratt", "secret", frozenset({BACK, BACK + "?from=tara"}))
GOOD = {
    "client_id": "kratt",
    "redirect_uri": BACK,
    "scope": "openid",
    "state": "12345678",
    "response_type": "code",
    "nonce": "n",
}


def test_read_request_when_good_then_no_fault_and_defaults_of_tara() -> None:
    request = CLIENT.read_request([*GOOD.items(), ("unknown", "ignored")])
    assert request is not None
    assert request.fault is None
    assert (request.acr_values, request.ui_locales) == ("substantial", "et")


@pytest.mark.parametrize(
    "pairs",
    [
        (GOOD | {"client_id": "other"}).items(),
        (GOOD | {"redirect_uri": BACK + "/../elsewhere"}).items(),
        (GOOD | {"redirect_uri": ""}).items(),
        [*GOOD.items(), ("redirect_uri", BACK + "?from=tara")],
        [*GOOD.items(), ("state", "87654321")],
        [],
    ],
)
def test_read_request_when_not_the_clients_own_then_none(pairs: list[tuple[str, str]]) -> None:
    assert CLIENT.read_request(pairs) is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": ""}, "unsupported_response_type"),
        ({"scope": "mid"}, "invalid_scope"),
        ({"scope": "openid profile"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"state": "1234567"}, "invalid_request"),
        ({"nonce": ""}, "invalid_request"),
        ({"acr_values": "very high"}, "invalid_request"),
        ({"scope": "openid mid smartid eidas:country:de", "acr_values": "high"}, None),
    ],
)
def test_fault_when_parameter_changed_then_oidc_code(change: dict[str, str], fault: str | None) -> None:
    request = CLIENT.read_request((GOOD | change).items())
    assert request is not None
    assert request.fault == fault


@pytest.mark.parametrize(
    ("redirect_uri", "url"),
    [(BACK, BACK + "?code=a%26b&state=12345678"), (BACK + "?from=tara", BACK + "?from=tara&code=a%26b&state=12345678")],
)
def test_answer_url_when_built_then_parameters_are_encoded(redirect_uri: str, url: str) -> None:
    request = CLIENT.read_request((GOOD | {"redirect_uri": redirect_uri}).items())
    assert request is not None
    assert request.answer_url(code="a&b") == url
