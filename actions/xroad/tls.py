"""Mutual TLS with our security server."""

import ssl

from assistant.core.errors import SettingsError


def no_certificates() -> ssl.SSLContext:
    """For plain HTTP: loading the certificates of the machine takes longer than a call."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def mutual_tls(certificate: str, key: str, authority: str) -> ssl.SSLContext:
    """Shows our certificate, and believes only who was certified by `authority`, under the host name that we call.

    The authority's file may also hold the server's own certificate, as a security server makes it for itself.

    Raises:
        SettingsError: a file cannot be used; the message names its setting.
    """
    context = no_certificates()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    try:
        context.load_verify_locations(authority)
    except OSError as error:  # ssl.SSLError is one, too
        raise SettingsError(f"KRATT_XROAD_CA: cannot be used ({_reason(error)})") from None
    try:
        # Without a password OpenSSL would ask at the terminal, and wait.
        context.load_cert_chain(certificate, key, password="")
    except OSError as error:
        raise SettingsError(
            f"KRATT_XROAD_CERTIFICATE: cannot be used with KRATT_XROAD_KEY ({_reason(error)})"
        ) from None
    return context


def tls_reason(error: BaseException) -> str:
    """Why TLS failed, as OpenSSL names it, if that is the cause of an error; nothing that the other side wrote."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError) and cause.reason:
            return cause.reason
        cause = cause.__cause__ or cause.__context__
    return ""


def _reason(error: OSError) -> str:
    return tls_reason(error) or error.strerror or type(error).__name__
