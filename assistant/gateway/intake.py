"""What is let in: bodies up to their limit, from our own page or from no page at all."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, HTTPConnection, Request

from assistant.core.errors import MalformedTurn, NotAllowed, TooMuch
from assistant.gateway.parts import Parts

BODY_SECONDS = 30.0
"""A body that takes longer to arrive is given up."""

_FIXED_HOST = re.compile(r"(localhost|[\d.]+|\[[\da-f:.]+\])(:\d+)?", re.ASCII)


async def read_body(request: Request, most_bytes: int) -> bytes:
    """The body, never holding more than `most_bytes` of it.

    Raises:
        TooMuch: the body is longer; the rest of it was not read.
        MalformedTurn: the body did not arrive in time, or the client hung up.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > most_bytes:
        raise TooMuch(f"a body has at most {most_bytes} bytes")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most_bytes:
                    raise TooMuch(f"a body has at most {most_bytes} bytes")
    except (TimeoutError, ClientDisconnect):
        raise MalformedTurn("the body did not arrive") from None
    return bytes(body)


def body_schema(schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """OpenAPI of a body that the route reads by hand, by media type: FastAPI would buffer it whatever its size."""
    content = {kind: {"schema": schema} for kind, schema in schemas.items()}
    return {"requestBody": {"content": content, "required": True}}


def media_type(request: Request) -> str:
    """The content type without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


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
