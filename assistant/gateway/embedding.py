"""Pages of other origins that carry the chat widget: what they may send and read (docs/adr/0027).

Nothing that belongs to our own page goes to or comes from them: a cookie would make them speak for whoever is logged in
here. What they may ask for is what their routes let in (`check_page`).
"""

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.gateway.conversations import HEADER

PREFLIGHT_SECONDS = 600
OUR_PATHS = ("/v1/", "/widget.", "/page/")


class WithoutCookies:
    """ASGI layer: requests of these origins bring no cookie, and their answers set none."""

    def __init__(self, app: ASGIApp, origins: frozenset[str]) -> None:
        """Put the layer around `app`."""
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "lifespan" or Headers(scope=scope).get("origin") not in self._origins:
            await self._app(scope, receive, send)
            return

        async def send_without(message: Message) -> None:
            if message["type"] in {"http.response.start", "websocket.accept"}:
                message.setdefault("headers", [])  # ASGI lets an application leave them out
                headers = MutableHeaders(scope=message)
                while "set-cookie" in headers:
                    del headers["set-cookie"]
            await send(message)

        headers = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
        await self._app({**scope, "headers": headers}, receive, send_without)


class OurCors(CORSMiddleware):
    """Cross-origin rules of what is ours; connectors say for themselves who may ask, once in an answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        is_ours = scope["type"] != "http" or scope["path"].startswith(OUR_PATHS)
        await (super().__call__ if is_ours else self.app)(scope, receive, send)


def let_embed(app: FastAPI, origins: frozenset[str]) -> None:
    """Let pages of these origins send requests to us, and read the answers."""
    app.add_middleware(WithoutCookies, origins=origins)
    app.add_middleware(
        OurCors,
        allow_origins=sorted(origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Content-Type", "Idempotency-Key", HEADER],
        max_age=PREFLIGHT_SECONDS,
    )
