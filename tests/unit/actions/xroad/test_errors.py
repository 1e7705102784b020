import pytest

from actions.xroad.errors import classify
from assistant.core.errors import ServiceError, ServiceRefused, ServiceUnavailable, ServiceUnintelligible

pytestmark = pytest.mark.unit

BOTH_SPELLINGS = [
    ("Client.BadRequest", "client.bad_request", ServiceRefused),
    ("Server.ClientProxy.InvalidClientIdentifier", "server.clientproxy.invalid_client_identifier", ServiceRefused),
    ("Server.ClientProxy.UnknownMember", "server.clientproxy.unknown_member", ServiceRefused),
    ("Server.ClientProxy.OutdatedGlobalConf", "server.clientproxy.global_conf_outdated", ServiceRefused),
    ("Server.ClientProxy.SslAuthenticationFailed", "server.clientproxy.ssl_authentication_failed", ServiceRefused),
    ("Server.ClientProxy.InconsistentResponse", "server.clientproxy.inconsistent_response", ServiceUnintelligible),
    ("Server.ClientProxy.NetworkError", "server.clientproxy.network_error", ServiceUnavailable),
    ("Server.ClientProxy.IOError", "server.clientproxy.io_error", ServiceUnavailable),
    ("Server.ServerProxy.AccessDenied", "server.serverproxy.access_denied", ServiceRefused),
    ("Server.ServerProxy.UnknownService", "server.serverproxy.unknown_service", ServiceRefused),
    ("Server.ServerProxy.ServiceDisabled", "server.serverproxy.service_disabled", ServiceRefused),
    (
        "Server.ServerProxy.ServiceFailed.HttpError",
        "server.serverproxy.service_failed.http_error",
        ServiceUnavailable,
    ),
    # What failed inside the provider is not proof that nothing happened, whatever it is called.
    (
        "Server.ServerProxy.ServiceFailed.AccessDenied",
        "server.serverproxy.service_failed.access_denied",
        ServiceUnavailable,
    ),
]


@pytest.mark.parametrize(("old", "new", "error"), BOTH_SPELLINGS)
def test_classify_when_either_spelling_then_means_the_same(old: str, new: str, error: type[ServiceError]) -> None:
    assert type(classify(old)) is type(classify(new)) is error
    assert str(classify(old)) == str(classify(new))


@pytest.mark.parametrize("code", ["", "server", "maintenance_mode", "nonsense", "...", "x" * 10_000])
def test_classify_when_unknown_then_nothing_is_proven(code: str) -> None:
    assert type(classify(code)) is ServiceUnavailable


def test_classify_when_code_carries_data_then_message_does_not() -> None:
    assert "60001019906" not in str(classify("server.serverproxy.60001019906"))
