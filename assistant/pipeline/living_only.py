"""Logins, but for those of people who have died."""

import logging
from dataclasses import dataclass
from typing import Protocol

from assistant.core.errors import KrattError, LoginRefused
from assistant.core.languages import Language
from assistant.core.ports import IdentityProvider, Login, Person

_log = logging.getLogger("kratt.gateway")


class Arrivals(Protocol):
    """Knows who may log in."""

    async def may_log_in(self, subject: str) -> bool:
        """Whether nothing speaks against it.

        Raises:
            KrattError: nobody can tell.
        """


@dataclass(frozen=True)
class LivingOnly:
    """An `IdentityProvider` whose people the population register does not know as deceased.

    Where nobody can tell, the login service is believed: whatever is asked for afterwards is checked again.
    """

    identity: IdentityProvider
    arrivals: Arrivals

    def begin(self, language: Language) -> Login:
        """As the identity provider's."""
        return self.identity.begin(language)

    async def finish(self, code: str, nonce: str) -> Person:
        """As the identity provider's.

        Raises:
            LoginRefused: the person has died.
            KrattError: as the identity provider's.
        """
        person = await self.identity.finish(code, nonce)
        try:
            may = await self.arrivals.may_log_in(person.subject)
        except KrattError as error:
            _log.warning("a login was not checked", extra={"facts": {"code": error.code, "detail": error.detail}})
            return person
        if not may:
            raise LoginRefused("the population register knows the person as deceased")
        return person
