"""What pages of other origins get of an application, whoever wrote it."""

import pytest
from starlette.types import Message, Receive, Scope, Send

from assistant.gateway.embedding import WithoutCookies

SITE = "https://www.example.ee"


@pytest.mark.parametrize("accepted", [{}, {"headers": []}, {"headers": [(b"set-cookie", b"a=b")]}])
async def test_socket_when_a_page_opens_it_then_no_cookie_comes_or_goes(accepted: Message) -> None:
    seen: list[Scope] = []
    sent: list[Message] = []

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        seen.append(scope)
        await send({"type": "websocket.accept", **accepted})

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"origin", SITE.encode()), (b"cookie", b"c=d")]
    await WithoutCookies(app, frozenset({SITE}))({"type": "websocket", "headers": headers}, receive, send)
    assert sent == [{"type": "websocket.accept", "headers": []}]
    assert seen[0]["headers"] == headers[:1]
