"""What is let through to Engine.IO, whose own reading of bodies has no end in time and which counts nobody."""

from starlette.datastructures import QueryParams
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from assistant.core.errors import TooOften
from assistant.intake import address_of, read_body
from assistant.pipeline.take_turn import TakeTurn
from connectors.rasa_channels import MOST_BYTES

_TRY_AGAIN_LATER = 1013


class Door:
    """ASGI layer that counts new connections by their address, and hands bodies on once they have arrived."""

    def __init__(self, app: ASGIApp, take_turn: TakeTurn) -> None:
        """Put the layer around `app`."""
        self._app = app
        self._take_turn = take_turn

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request or a socket on.

        Raises:
            CallerError: it is refused, and its sender is to be told so.
        """
        if "sid" not in QueryParams(scope["query_string"]):
            try:
                await self._take_turn.count_address(address_of(HTTPConnection(scope)))
            except TooOften:
                if scope["type"] != "websocket":
                    raise
                await WebSocket(scope, receive, send).close(_TRY_AGAIN_LATER)
                return
        if scope["type"] == "http" and scope["method"] == "POST":
            receive = _replayed(await read_body(Request(scope, receive), MOST_BYTES), receive)
        await self._app(scope, receive, send)


def _replayed(body: bytes, further: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else await further()

    return receive
