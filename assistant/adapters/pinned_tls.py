"""TLS with services that ask their clients to believe a few authorities alone, and not the machine's own list."""

import ssl

from assistant.core.errors import SettingsError


def pinned_tls(authorities: str, setting: str) -> ssl.SSLContext:
    """A client's context that believes the authorities of a file in PEM, and without a file nobody.

    Raises:
        SettingsError: the file cannot be used; it names the `setting`.
    """
    # Loading the machine's authorities would take longer than a call, too.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if authorities:
        try:
            context.load_verify_locations(authorities)
        except OSError as error:
            raise SettingsError(f"{setting}: cannot be used ({error.strerror or 'no certificate'})") from None
    return context
