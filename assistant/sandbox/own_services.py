"""What the assistant itself publishes on X-Road."""

import httpx

from assistant.sandbox.provider import Endpoint
from assistant.sandbox.remote import RemoteService

_PUBLISHED = {
    # Data tracker 2.1.0
    "findUsage": ("Data tracker", ("GET /v2/findUsage", "GET /v2/usagePeriod", "GET /v2/heartbeat")),
    "memory": (
        "What the assistant keeps",
        ("GET /v1/persons/*/memory", "POST /v1/persons/*/forgettings", "GET /v1/persons/*/forgettings/*"),
    ),
    "speakers": (
        "The citizen's speakers",
        (
            *("GET /v1/persons/*/speakers", "GET /v1/persons/*/speakers/*"),
            *("POST /v1/persons/*/changes", "GET /v1/persons/*/changes/*"),
        ),
    ),
    "restrictions": (
        "Restrictions of data use",
        ("GET /v1/persons/*/restrictions", "POST /v1/persons/*/restrictions", "GET /v1/persons/*/restrictions/*"),
    ),
}
"""By service code: title, and what can be called."""


def own_services(subsystem: str, base_url: str, http: httpx.AsyncClient) -> dict[str, RemoteService]:
    """The services by X-Road identifier; a call of `code` goes to `{base_url}/{code}{path}`."""
    if not base_url:
        return {}
    return {
        f"{subsystem}/{code}": RemoteService(
            title, f"{base_url}/{code}", [Endpoint(*each.split(" ")) for each in endpoints], http
        )
        for code, (title, endpoints) in _PUBLISHED.items()
    }
