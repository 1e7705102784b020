"""Who is at work, and whether they may."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from assistant.console.parts import Parts
from assistant.core.editors import Editor, Role
from assistant.core.errors import NotAllowed
from assistant.intake import is_own_page

COOKIE = "kratt_editor"


class SignInFirst(Exception):  # no error: the way in
    """Nobody is signed in."""


async def signed_in(connection: HTTPConnection, parts: Parts) -> Editor:
    """The editor who is at work.

    Raises:
        SignInFirst: nobody is, or not any more.
        NotAllowed: a page of another origin asks for a change.
    """
    if connection.scope.get("method") != "GET" and not is_own_page(connection, parts.public_url):
        raise NotAllowed("a page of another origin asks")
    subject = parts.sessions.subject_of(connection.cookies.get(COOKIE, ""))
    editor = parts.editors().of(subject) if subject else None
    if editor is None:
        raise SignInFirst
    return editor


Me = Annotated[Editor, Depends(signed_in)]
"""The parameter of a route that wants to know who asks."""


def needs(*roles: Role) -> Callable[[Editor], Awaitable[Editor]]:
    """A dependency that lets in only who has one of these roles."""

    async def check(me: Me) -> Editor:
        if not me.may(*roles):
            raise NotAllowed(f"this needs the role {' or '.join(role.value for role in roles)}")
        return me

    return check


Teacher = Annotated[Editor, Depends(needs(Role.EDITOR))]
Reviewer = Annotated[Editor, Depends(needs(Role.REVIEWER))]
Reader = Annotated[Editor, Depends(needs(*Role))]
Publisher = Annotated[Editor, Depends(needs(Role.PUBLISHER))]
