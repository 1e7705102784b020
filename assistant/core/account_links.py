"""Accounts at a voice assistant of somebody else's that citizens linked to themselves (docs/adr/0039).

The names are those of OAuth 2.0 (RFC 6749) and PKCE (RFC 7636).
"""

from dataclasses import dataclass
from typing import Protocol

from assistant.core.ports import Person

CODE_SECONDS = 60.0
"""A code is changed for tokens by the next request; RFC 6749, section 4.1.2, has ten minutes at most."""
ACCESS_SECONDS = 3600.0
REFRESH_SECONDS = 180 * 24 * 3600.0
"""An account that has not asked for so long is linked no more."""
ROTATED_SECONDS = 60.0
"""So long a refresh token works on after it was changed: the answer with the next one may have been lost."""


@dataclass(frozen=True)
class Consent:
    """What a citizen has agreed to: their account is at `redirect_uri`, which has to prove `code_challenge` (S256)."""

    person: Person
    redirect_uri: str
    code_challenge: str


@dataclass(frozen=True)
class Tokens:
    """What an account speaks by."""

    access_token: str
    refresh_token: str


class AccountLinks(Protocol):
    """Keeps consents and linked accounts, by hashes of secrets of 128 random bits.

    An account speaks as a speaker of its citizen's: its `device_token` is kept sealed, and is known to nobody else.
    """

    async def note(self, consent: Consent) -> str:
        """The code of a consent."""

    async def take(self, code: str) -> Consent:
        """The consent of a code, which is dead afterwards; whoever brings it once more ends what came of it.

        Raises:
            WrongCode: there is none, or not any more.
        """

    async def add(self, code: str, device_token: str) -> Tokens:
        """Link an account by its code."""

    async def refresh(self, refresh_token: str) -> Tokens:
        """Other tokens in place of these; one that was changed long ago was stolen, and ends the link.

        Raises:
            WrongCode: no account has it.
        """

    async def device_of(self, access_token: str) -> str | None:
        """The device token of the account that speaks; None if none has this token, or not any more."""

    async def end(self, access_token: str) -> None:
        """The account is linked no more."""
