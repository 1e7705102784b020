"""What an X-Road error means for us.

Sources: X-Road `ErrorCodes.java`, both spellings: up to 7.7 `Server.ServerProxy.AccessDenied`, from 7.8.0
`server.serverproxy.access_denied`. The status code says nothing (access denied comes as 500), so only the code of the
`X-Road-Error` header counts. Which codes prove that the provider was never reached follows from the order of checks in
`ClientRestMessageProcessor.java` and `ServerRestMessageProcessor.java`.
"""

from assistant.core.errors import ServiceError, ServiceRefused, ServiceUnavailable, ServiceUnintelligible

_MEANINGS: dict[tuple[str, ...], tuple[type[ServiceError], str]] = {
    ("client",): (ServiceRefused, "X-Road: the request is malformed"),
    ("server", "clientproxy"): (ServiceUnavailable, "X-Road: our security server failed"),
    ("server", "clientproxy", "invalidclientidentifier"): (ServiceRefused, "X-Road: the client identifier is wrong"),
    ("server", "clientproxy", "unknownmember"): (ServiceRefused, "X-Road: an identifier is not registered"),
    ("server", "clientproxy", "globalconfoutdated"): (ServiceRefused, "X-Road: our security server is out of date"),
    ("server", "clientproxy", "outdatedglobalconf"): (ServiceRefused, "X-Road: our security server is out of date"),
    ("server", "clientproxy", "sslauthenticationfailed"): (ServiceRefused, "X-Road: our certificate was not accepted"),
    ("server", "clientproxy", "inconsistentresponse"): (ServiceUnintelligible, "X-Road: the answer is not ours"),
    ("server", "clientproxy", "invalidsignaturevalue"): (ServiceUnintelligible, "X-Road: the signature is wrong"),
    ("server", "clientproxy", "signatureverification"): (ServiceUnintelligible, "X-Road: the signature is wrong"),
    ("server", "serverproxy"): (ServiceUnavailable, "X-Road: the provider, or its security server, failed"),
    ("server", "serverproxy", "accessdenied"): (ServiceRefused, "X-Road: the service is not open to us"),
    ("server", "serverproxy", "unknownservice"): (ServiceRefused, "X-Road: there is no such service"),
    ("server", "serverproxy", "servicedisabled"): (ServiceRefused, "X-Road: the provider closed the service"),
    ("server", "serverproxy", "servicetype"): (ServiceRefused, "X-Road: the service does not speak REST"),
}
"""Code, or the beginning of one -> what it means; the longest beginning counts."""

_ANYTHING_ELSE = (ServiceUnavailable, "X-Road: an error that we do not know")


def classify(code: str) -> ServiceError:
    """The error for the value of an `X-Road-Error` header, in either spelling.

    `ServiceRefused` is proof that the provider did nothing. The message comes from our table, never from the wire.
    """
    segments = tuple(code.casefold().replace("_", "").split("."))
    known = (segments[:length] for length in range(len(segments), 0, -1))
    error, reason = next((_MEANINGS[start] for start in known if start in _MEANINGS), _ANYTHING_ELSE)
    return error(reason)
