"""From whom the gateway takes requests of browsers: from our own page, or from no page at all."""

import re
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from assistant.core.errors import NotAllowed
from assistant.gateway.parts import Parts

_FIXED_HOST = re.compile(r"(localhost|[\d.]+|\[[\da-f:.]+\])(:\d+)?", re.ASCII)


async def check_origin(connection: HTTPConnection, parts: Parts) -> None:
    """Let a browser in from our own page only: its cookie comes along whoever wrote the page.

    Raises:
        NotAllowed: a page of another origin asks.
    """
    origin = connection.headers.get("origin")
    if origin is None:
        return
    public, host = urlsplit(parts.public_url), connection.headers.get("host", "")
    # Another address of ours, localhost above all, but no name: whoever owns one can point it at us (DNS rebinding).
    is_ours = origin == f"{public.scheme}://{public.netloc}" or (
        origin == f"{public.scheme}://{host}" and _FIXED_HOST.fullmatch(host)
    )
    if not is_ours:
        raise NotAllowed("a page of another origin asks")
