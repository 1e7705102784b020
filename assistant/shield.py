"""What every response of a process with pages gets, and what happens when nothing else caught an error."""

import contextlib
import logging
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.core.redaction import places_of

Apologise = Callable[[HTTPConnection], Response]
"""What is answered, with status 500, to a request that failed on the way."""


class Shield:
    """ASGI layer around a whole process: `headers` on everything, no traceback to anybody; `log` gets its places."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str], apologise: Apologise, log: logging.Logger) -> None:
        """Put the layer around `app`."""
        self._app = app
        self._headers = {**headers, "Cache-Control": "no-store"}
        self._apologise = apologise
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def guarded_send(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if _has_two_lengths(scope):
                    headers["Connection"] = "close"
            await send(message)

        try:
            await self._app(scope, receive, guarded_send)
        except Exception as error:  # noqa: BLE001  # the ASGI error handler
            # No traceback and no re-raise, for the server would log one: its text may hold what was said.
            self._log.error("unexpected", extra={"facts": {"error": type(error).__name__, "at": places_of(error)}})
            if not has_begun or scope["type"] == "websocket":
                await self._end(scope, receive, guarded_send)

    async def _end(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._apologise(HTTPConnection(scope))(scope, receive, send)
            return
        with contextlib.suppress(RuntimeError, OSError):  # it may be closed already
            await send({"type": "websocket.close", "code": 1011})


def _has_two_lengths(scope: Scope) -> bool:
    # A proxy may have read the other one: what it took for the body's rest must not be answered as the next request
    # (RFC 9112, section 6.1).
    return {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}


def security_headers(public_url: str, plays: str = "'none'") -> dict[str, str]:
    """Headers of every response: the page uses nothing from elsewhere, and nobody may frame it.

    `plays` is where the files come from that players (`<audio>`) play.
    """
    # Older Safari does not count a WebSocket of the same host as 'self'.
    address = urlsplit(public_url)
    socket = f"{'wss' if address.scheme == 'https' else 'ws'}://{address.netloc}"
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": f"'self' {socket}",
        "media-src": plays,
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    # For a year, so that nobody on the way can hand out a page of ours over plain HTTP.
    transport = {"Strict-Transport-Security": "max-age=31536000"} if address.scheme == "https" else {}
    return {
        **transport,
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
