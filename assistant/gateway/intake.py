"""From whom the gateway takes requests of browsers: from our own page, or from no page at all."""

from starlette.requests import HTTPConnection

from assistant.core.errors import NotAllowed
from assistant.gateway.parts import GatewayParts, Parts
from assistant.intake import is_own_page


async def check_page(connection: HTTPConnection, parts: Parts) -> None:
    """Let a browser in from our own page, and from those that carry the chat widget (assistant/gateway/embedding.py).

    Raises:
        NotAllowed: a page of another origin asks.
    """
    if not is_embedded(connection, parts):
        await check_origin(connection, parts)


def is_embedded(connection: HTTPConnection, parts: GatewayParts) -> bool:
    """Whether a page of another origin asks that may carry the chat widget: none of our cookies comes along."""
    return connection.headers.get("origin") in parts.embedders


async def check_origin(connection: HTTPConnection, parts: Parts) -> None:
    """Let a browser in from our own page only: its cookie comes along whoever wrote the page.

    Raises:
        NotAllowed: a page of another origin asks.
    """
    if not is_own_page(connection, parts.public_url):
        raise NotAllowed("a page of another origin asks")
