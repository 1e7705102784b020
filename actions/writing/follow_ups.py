"""Writes whose outcome is unknown: their registers are asked until it is known, and then the citizen is told."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from actions.writing.confirmed_write import WriteResult, WriteState, XRoad
from actions.writing.journal import Entry, WriteJournal
from actions.writing.rounds import next_try
from actions.writing.status_question import ask_status

_log = logging.getLogger("kratt.actions")

AT_ONCE = 8
QUESTION_SECONDS = 10.0
_HOUR_SECONDS = 3600


@dataclass(frozen=True)
class FollowUps:
    """Asks for `hours`, then leaves it to the operators."""

    journal: WriteJournal
    xroad: XRoad
    hours: float
    now: Callable[[], float] = time.time
    next_try: Callable[[int], float] = next_try

    async def take_round(self) -> None:
        """Ask about some of the writes whose time has come.

        Raises:
            ServiceUnavailable: the database does not answer.
        """
        due = await self.journal.claim_due(AT_ONCE, self.next_try)
        await asyncio.gather(*map(self._follow_up, due))

    async def untold(self, subject: str) -> tuple[WriteResult, ...]:
        """What has become known since the citizen was told that it is not: done, refused or given up.

        Raises:
            ServiceUnavailable: the database does not answer.
        """
        return await self.journal.untold(subject)

    async def mark_told(self, keys: Sequence[str]) -> None:
        """The citizen was told these.

        Raises:
            ServiceUnavailable: the database does not answer.
        """
        await self.journal.mark_told(keys)

    async def _follow_up(self, entry: Entry) -> None:
        known = await ask_status(self.xroad, entry.status, entry.result, entry.kept, QUESTION_SECONDS)
        if known is None and self.now() - entry.created > self.hours * _HOUR_SECONDS:
            known = replace(entry.result, state=WriteState.GIVEN_UP)
            facts = {"service": known.service, "write": known.write_id, "register": str(entry.status.service)}
            _log.error("write given up: nobody knows if it was done", extra={"facts": {**facts, "key": known.key}})
        if known:
            await self.journal.settle(known)
