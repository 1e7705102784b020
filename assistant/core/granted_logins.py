"""Logins on their way to the page that asked for them: a page of another origin, which carries the chat widget."""

from dataclasses import dataclass
from typing import Protocol

from assistant.core.ports import Person

GRANT_SECONDS = 60.0
"""A page takes the token at once; the login window waits for it."""


@dataclass(frozen=True)
class GrantedLogin:
    """A person who has logged in, and the one origin whose page may speak for them."""

    person: Person
    origin: str


class GrantedLogins(Protocol):
    """Keeps logins for GRANT_SECONDS, by tokens of 128 random bits that work once."""

    async def grant(self, login: GrantedLogin) -> str:
        """A token for the login."""

    async def take(self, token: str, origin: str) -> Person:
        """Who has logged in; the token is dead, whichever page brought it.

        Raises:
            NotAllowed: there is no such token, not any more, or not for this origin.
        """
