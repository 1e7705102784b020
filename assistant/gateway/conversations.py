"""Which conversation a request belongs to, and how a browser remembers it."""

import contextlib

from starlette.requests import HTTPConnection
from starlette.responses import Response

from assistant.core.errors import UnknownConversation
from assistant.core.ports import Person, Session, Sessions

COOKIE = "kratt_conversation"
HEADER = "Kratt-Conversation"
"""Names the conversation where there is no cookie: on a page of another origin.

Only a script can send it, and a browser asks us before it lets one (CORS).
"""


async def resume(connection: HTTPConnection, sessions: Sessions) -> Session | None:
    """The live session of the browser's cookie, or of the header in its place, if there is one."""
    conversation_id = connection.headers.get(HEADER) or connection.cookies.get(COOKIE)
    if not conversation_id:
        return None
    with contextlib.suppress(UnknownConversation):  # a stale one is nobody's fault
        return await sessions.find(conversation_id)
    return None


async def resume_or_start(connection: HTTPConnection, named: str | None, sessions: Sessions) -> Session:
    """The session that a request names, else the one of its header or cookie, else a new one.

    Raises:
        UnknownConversation: the named one does not live.
    """
    if named is not None:
        return await sessions.find(named)
    return await resume(connection, sessions) or await sessions.start()


async def log_in(conversation_id: str, person: Person, sessions: Sessions) -> Session:
    """Bind a person to a conversation, which goes on under a new id; to a new one if it does not live."""
    try:
        return await sessions.log_in(conversation_id, person.subject, person.given_name, person.assurance)
    except UnknownConversation:  # the login was the beginning, or took longer than the conversation lived
        new = await sessions.start()
        return await sessions.log_in(new.conversation_id, person.subject, person.given_name, person.assurance)


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
