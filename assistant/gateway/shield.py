"""What every response gets, and what happens when nothing else caught an error."""

import contextlib
import json
import logging

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.core.redaction import places_of
from assistant.gateway.errors import UNEXPECTED, error_body
from assistant.gateway.parts import GatewayParts
from assistant.intake import language_of
from assistant.page_headers import security_headers

_log = logging.getLogger("kratt.gateway")


class Shield:
    """ASGI layer around the whole gateway: security headers on everything, no traceback to anybody."""

    def __init__(self, app: ASGIApp, parts: GatewayParts) -> None:
        """Put the layer around `app`."""
        self._app = app
        self._parts = parts
        self._headers = security_headers(parts.public_url)

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
                headers.setdefault("Cache-Control", "no-store")
                if _has_two_lengths(scope):
                    headers["Connection"] = "close"
            await send(message)

        try:
            await self._app(scope, receive, guarded_send)
        except Exception as error:  # noqa: BLE001  # the ASGI error handler
            # No traceback and no re-raise, for the server would log one: its text may hold what was said.
            _log.error("unexpected", extra={"facts": {"error": type(error).__name__, "at": places_of(error)}})
            await self._apologise(scope, guarded_send, has_begun=has_begun)

    async def _apologise(self, scope: Scope, send: Send, *, has_begun: bool) -> None:
        if scope["type"] == "websocket":
            with contextlib.suppress(RuntimeError, OSError):  # it may be closed already
                await send({"type": "websocket.close", "code": 1011})
        elif not has_begun:
            language = language_of(HTTPConnection(scope), self._parts.default_language)
            body = json.dumps(error_body(UNEXPECTED, language, self._parts).model_dump()).encode()
            headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
            await send({"type": "http.response.start", "status": 500, "headers": headers})
            await send({"type": "http.response.body", "body": body})


def _has_two_lengths(scope: Scope) -> bool:
    # A proxy may have read the other one: what it took for the body's rest must not be answered as the next request
    # (RFC 9112, section 6.1).
    return {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}
