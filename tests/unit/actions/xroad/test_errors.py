import pytest

from actions.xroad.errors import classify
from assistant.core.errors import ServiceError, ServiceRefused, ServiceUnavailable, ServiceUnintelligible

pytestmark = pytest.mark.unit

REFUSED = (ServiceRefused, False)
UNKNOWN = (ServiceUnavailable, True)
NOT_OURS = (ServiceUnintelligible, True)

BOTH_SPELLINGS = [
    ("Client.BadRequest", "client.bad_request", REFUSED),
    ("Server.ClientProxy.InvalidClientIdentifier", "server.clientproxy.invalid_client_identifier", REFUSED),
    ("Server.ClientProxy.UnknownMember", "server.clientproxy.unknown_member", REFUSED),
    ("Server.ClientProxy.OutdatedGlobalConf", "server.clientproxy.outdated_global_conf", REFUSED),
    ("Server.ClientProxy.GlobalConfOutdated", "server.clientproxy.global_conf_outdated", REFUSED),
    ("Server.ClientProxy.SslAuthenticationFailed", "server.clientproxy.ssl_authentication_failed", REFUSED),
    ("Server.ClientProxy.MaintenanceMode", "server.clientproxy.maintenance_mode", (ServiceUnavailable, False)),
    ("Server.ClientProxy.InconsistentResponse", "server.clientproxy.inconsistent_response", NOT_OURS),
    ("Server.ClientProxy.InvalidSignatureValue", "server.clientproxy.invalid_signature_value", NOT_OURS),
    ("Server.ClientProxy.SignatureVerification.X", "server.clientproxy.signature_verification.x", NOT_OURS),
    ("Server.ClientProxy.NetworkError", "server.clientproxy.network_error", UNKNOWN),
    ("Server.ClientProxy.IOError", "server.clientproxy.io_error", UNKNOWN),
    ("Server.ServerProxy.AccessDenied", "server.serverproxy.access_denied", REFUSED),
    ("Server.ServerProxy.UnknownService", "server.serverproxy.unknown_service", REFUSED),
    ("Server.ServerProxy.ServiceDisabled", "server.serverproxy.service_disabled", REFUSED),
    ("Server.ServerProxy.ServiceType", "server.serverproxy.service_type", REFUSED),
    ("Server.ServerProxy.NetworkError", "server.serverproxy.network_error", UNKNOWN),
    ("Server.ServerProxy.HttpError", "server.serverproxy.http_error", UNKNOWN),
    ("Server.ServerProxy.IOError", "server.serverproxy.io_error", UNKNOWN),
    ("Server.ServerProxy.MaintenanceMode", "server.serverproxy.maintenance_mode", UNKNOWN),
    ("Server.ServerProxy.SignatureVerification", "server.serverproxy.signature_verification", NOT_OURS),
    ("Server.ServerProxy.ServiceFailed.HttpError", "server.serverproxy.service_failed.http_error", UNKNOWN),
    # What failed inside the provider is not proof that nothing happened, whatever it is called.
    ("Server.ServerProxy.ServiceFailed.AccessDenied", "server.serverproxy.service_failed.access_denied", UNKNOWN),
]


@pytest.mark.parametrize(("old", "new", "meaning"), BOTH_SPELLINGS)
def test_classify_when_either_spelling_then_means_the_same(
    old: str, new: str, meaning: tuple[type[ServiceError], bool]
) -> None:
    for error in (classify(old), classify(new)):
        assert (type(error), error.may_have_acted) == meaning
    assert str(classify(old)) == str(classify(new))


@pytest.mark.parametrize(
    "code", ["maintenance_mode", "server.clientproxy.maintenance_mode", "Server.ServerProxy.MaintenanceMode"]
)
def test_classify_when_in_maintenance_then_says_when_to_return(code: str) -> None:
    error = classify(code)
    assert isinstance(error, ServiceUnavailable)
    assert error.retry_after_seconds


@pytest.mark.parametrize("code", [new for _, new, _ in BOTH_SPELLINGS])
def test_classify_when_answer_cannot_be_trusted_then_is_alarming_and_nothing_else_is(code: str) -> None:
    error = classify(code)
    assert getattr(error, "is_alarming", False) is isinstance(error, ServiceUnintelligible)


def test_classify_when_called_twice_then_errors_are_two() -> None:
    assert classify("client") is not classify("client")


@pytest.mark.parametrize("code", ["", "server", "maintenance_mode", "nonsense", "...", "x" * 10_000])
def test_classify_when_unknown_then_nothing_is_proven(code: str) -> None:
    assert type(classify(code)) is ServiceUnavailable


def test_classify_when_code_carries_data_then_message_does_not() -> None:
    assert "60001019906" not in str(classify("server.serverproxy.60001019906"))
