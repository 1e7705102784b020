"""Telephone calls that are served at this moment, so that each is served once: at one place in one gateway."""

from dataclasses import dataclass, field
from typing import Protocol

CLAIM_SECONDS = 60.0
"""How long a claim stands that nobody renews: its gateway has gone."""


class Calls(Protocol):
    """Knows who serves which call; `call` and `holder` are names that nobody can tell who was not told them."""

    async def claim(self, call: str, holder: str) -> bool:
        """Serve a call, or go on to, for CLAIM_SECONDS; false while somebody else does.

        Raises:
            ServiceUnavailable: nobody can tell.
        """

    async def release(self, call: str, holder: str) -> None:
        """Serve it no more; raises as `claim`."""


@dataclass(frozen=True)
class CallsHere:
    """The calls of one gateway that stands alone."""

    _holders: dict[str, str] = field(default_factory=dict)

    async def claim(self, call: str, holder: str) -> bool:
        """As `Calls`."""
        return self._holders.setdefault(call, holder) == holder

    async def release(self, call: str, holder: str) -> None:
        """As `Calls`."""
        if self._holders.get(call) == holder:
            del self._holders[call]
