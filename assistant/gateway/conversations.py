"""Which conversation a request belongs to, and how a browser remembers it."""

import contextlib

from starlette.requests import HTTPConnection
from starlette.responses import Response

from assistant.core.errors import UnknownConversation
from assistant.core.ports import Session, Sessions

COOKIE = "kratt_conversation"


async def resume(connection: HTTPConnection, sessions: Sessions) -> Session | None:
    """The live session of the browser's cookie, if there is one."""
    conversation_id = connection.cookies.get(COOKIE)
    if not conversation_id:
        return None
    with contextlib.suppress(UnknownConversation):  # a stale cookie is nobody's fault
        return await sessions.find(conversation_id)
    return None


async def resume_or_start(connection: HTTPConnection, named: str | None, sessions: Sessions) -> Session:
    """The session that a request names, else the one of its cookie, else a new one.

    Raises:
        UnknownConversation: the named one does not live.
    """
    if named is not None:
        return await sessions.find(named)
    return await resume(connection, sessions) or await sessions.start()


def remember(response: Response, session: Session, *, is_https: bool) -> None:
    """Have the browser keep the conversation until it closes.

    Strict, as nobody else's page or link ever has to bring it: the way back from the login brings a cookie of its own.
    """
    response.set_cookie(COOKIE, session.conversation_id, httponly=True, samesite="strict", secure=is_https, path="/")


def remembering_headers(session: Session, *, is_https: bool) -> list[tuple[bytes, bytes]]:
    """The same for a WebSocket's handshake."""
    carrier = Response()
    remember(carrier, session, is_https=is_https)
    return [(name, value) for name, value in carrier.raw_headers if name == b"set-cookie"]
