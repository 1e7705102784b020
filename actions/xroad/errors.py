"""What an X-Road error means for us.

Sources: X-Road `ErrorCodes.java`, both spellings: up to 7.7 `Server.ServerProxy.AccessDenied`, from 7.8.0
`server.serverproxy.access_denied`. The status code says nothing (access denied comes as 500), so only the code of the
`X-Road-Error` header counts. Which codes prove that the provider was never reached follows from the order of checks in
`ClientRestMessageProcessor.java`, `ServerRestMessageProcessor.java` and, for maintenance, in
`AbstractClientMessageProcessor.java`, which looks for a security server that is not in maintenance before it sends.
"""

from collections.abc import Callable
from functools import partial

from assistant.core.errors import ServiceError, ServiceRefused, ServiceUnavailable, ServiceUnintelligible

MAINTENANCE_SECONDS = 900.0
"""When to return if a security server is in maintenance: it says so in prose only, for a person."""

_maintained = partial(ServiceUnavailable, "X-Road: in maintenance", retry_after_seconds=MAINTENANCE_SECONDS)
_not_ours = partial(ServiceUnintelligible, "X-Road: the answer is not ours", is_alarming=True)
_badly_signed = partial(ServiceUnintelligible, "X-Road: the signature is wrong", is_alarming=True)
_outdated = partial(ServiceRefused, "X-Road: our security server is out of date")

_MEANINGS: dict[str, Callable[[], ServiceError]] = {
    "client": partial(ServiceRefused, "X-Road: the request is malformed"),
    "maintenance_mode": _maintained,
    "inconsistent_response": _not_ours,
    "invalid_signature_value": _badly_signed,
    "signature_verification": _badly_signed,
    "server.clientproxy": partial(ServiceUnavailable, "X-Road: our security server failed"),
    "server.clientproxy.invalid_client_identifier": partial(
        ServiceRefused, "X-Road: the client identifier is missing or wrong"
    ),
    "server.clientproxy.unknown_member": partial(ServiceRefused, "X-Road: an identifier is not registered"),
    "server.clientproxy.global_conf_outdated": _outdated,
    "server.clientproxy.outdated_global_conf": _outdated,
    "server.clientproxy.ssl_authentication_failed": partial(ServiceRefused, "X-Road: our certificate was not accepted"),
    "server.clientproxy.maintenance_mode": partial(_maintained, may_have_acted=False),
    "server.clientproxy.inconsistent_response": _not_ours,
    "server.clientproxy.invalid_signature_value": _badly_signed,
    "server.clientproxy.signature_verification": _badly_signed,
    "server.serverproxy": partial(ServiceUnavailable, "X-Road: the provider's security server failed"),
    "server.serverproxy.access_denied": partial(ServiceRefused, "X-Road: the service is not open to us"),
    "server.serverproxy.unknown_service": partial(ServiceRefused, "X-Road: there is no such service"),
    "server.serverproxy.service_disabled": partial(ServiceRefused, "X-Road: the provider closed the service"),
    "server.serverproxy.service_type": partial(ServiceRefused, "X-Road: the service does not speak REST"),
    "server.serverproxy.service_failed": partial(ServiceUnavailable, "X-Road: the provider failed"),
    "server.serverproxy.network_error": partial(ServiceUnavailable, "X-Road: the provider was not reached"),
    "server.serverproxy.http_error": partial(ServiceUnavailable, "X-Road: the provider failed"),
    "server.serverproxy.io_error": partial(ServiceUnavailable, "X-Road: the provider was not reached"),
    "server.serverproxy.maintenance_mode": _maintained,
    "server.serverproxy.inconsistent_response": _not_ours,
    "server.serverproxy.invalid_signature_value": _badly_signed,
    "server.serverproxy.signature_verification": _badly_signed,
}
"""Code, or the beginning of one, as of 7.8 -> what it means; the longest beginning counts."""


def classify(code: str) -> ServiceError:
    """The error for the value of an `X-Road-Error` header, in either spelling.

    Unless `may_have_acted`, it is proof that the provider did nothing. The message comes from our table, never from the
    wire.
    """
    segments = _segments(code)
    known = (segments[:length] for length in range(len(segments), 0, -1))
    meaning = next((_BY_SEGMENTS[start] for start in known if start in _BY_SEGMENTS), None)
    return meaning() if meaning else ServiceUnavailable("X-Road: an error that we do not know")


def _segments(code: str) -> tuple[str, ...]:
    return tuple(code.casefold().replace("_", "").split(".", _MOST_SEGMENTS))


_MOST_SEGMENTS = 10
_BY_SEGMENTS = {_segments(code): meaning for code, meaning in _MEANINGS.items()}
