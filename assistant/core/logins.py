"""Logins, and the browsers that they come from: who comes with another one is told of it, and so is the citizen.

A browser is known by a random id that it keeps for us, and by nothing else: no property of it is looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.core.ports import Person

BROWSER_SECONDS = 400 * 86400.0
"""How long a browser is known after a login; browsers keep no cookie longer (RFC 6265bis, section 5.5)."""


@dataclass(frozen=True)
class NotedLogin:
    """A login that was written down.

    `browser_id` is what the browser is known by from now on; `is_unfamiliar` says that the citizen has logged in
    before, and never with this browser.
    """

    browser_id: str
    is_unfamiliar: bool


@dataclass(frozen=True)
class UntoldLogin:
    """A login with an unfamiliar browser, which its citizen has to be told of; `at` is in epoch seconds.

    `subject` is None if nobody can tell any more whose it is: the operator's secret is another now.
    """

    login_id: str
    subject: str | None
    at: float


class Logins(Protocol):
    """Keeps logins."""

    async def note(self, person: Person, browser_ids: Sequence[str]) -> NotedLogin:
        """Write down that somebody has logged in with a browser that showed these ids, and that they are to be told.

        An id that is not known to be of a browser of theirs counts for nothing, and never will.

        Raises:
            ServiceUnavailable: the database is down.
        """


class UntoldLogins(Protocol):
    """Knows which logins citizens have to be told of; both methods raise `ServiceUnavailable` without a database."""

    async def untold(self, limit: int) -> Sequence[UntoldLogin]:
        """So many of them, the oldest first."""

    async def mark_told(self, login_id: str) -> None:
        """The citizen will be told, whatever happens now."""
