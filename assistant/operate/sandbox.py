"""The sandbox from a terminal."""

import shlex

import httpx

from assistant.core.errors import OperationFailed
from assistant.sandbox.tls import CERTIFICATES, keep_certificates
from assistant.settings import Settings

_USUAL_PORT = 8443  # X-Road's own


def reset_sandbox(http: httpx.Client) -> None:
    """Let the registers hold again what they held at first; `http` has the sandbox's address as its base.

    Raises:
        OperationFailed: the sandbox is not running.
    """
    try:
        http.post("/sandbox/reset").raise_for_status()
    except httpx.HTTPError:
        raise OperationFailed(f"no sandbox answers at {http.base_url.host}:{http.base_url.port}") from None


def make_certificates(settings: Settings) -> list[str]:
    """Make what X-Road over TLS needs, unless it is there; the shell's lines that switch it on.

    Raises:
        SettingsError: the state folder cannot be written to.
    """
    certificates = keep_certificates(settings.state / CERTIFICATES, settings.host)
    port = settings.sandbox_tls_port or _USUAL_PORT
    values = {
        "SANDBOX_TLS_PORT": port,
        "XROAD_URL": str(httpx.URL(settings.process_url("sandbox")).copy_with(scheme="https", port=port)),
        "XROAD_CERTIFICATE": certificates.client.certificate,
        "XROAD_KEY": certificates.client.key,
        "XROAD_CA": certificates.server.certificate,
    }
    return [f"export KRATT_{name}={shlex.quote(str(value))}" for name, value in values.items()]
