"""A confirmed write, sent at most once."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from weakref import WeakValueDictionary

from actions.writing.confirmed_write import (
    ConfirmedWrite,
    Question,
    WriteResult,
    WriteState,
    XRoad,
)
from actions.writing.journal import WriteJournal
from actions.writing.status_question import done
from assistant.core.deadline import Deadline
from assistant.core.errors import ServiceError, ServiceRefused, ServiceUnavailable

_log = logging.getLogger("kratt.actions")

FIRST_FOLLOW_UP_SECONDS = 5.0
_KEPT_FOR_ASKING = 0.25
"""The part of the time that is left for the question what became of it."""


@dataclass(frozen=True)
class SubmitOnce:
    """Writes down, sends, asks: whatever fails, and however often it is called, the register gets one message.

    A second message for the same key goes out only when the first is known to have done nothing.
    """

    journal: WriteJournal
    xroad: XRoad
    now: Callable[[], float] = time.time
    _one_by_key: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary, init=False)

    async def __call__(self, write: ConfirmedWrite, timeout_seconds: float) -> WriteResult:
        """What became of it, as far as it is known in time: unsent, done, refused or unknown.

        An unknown one is followed up. A second yes to the same question waits for the first.

        Raises:
            ServiceUnavailable: the write could not be written down, so nothing was sent.
        """
        deadline = Deadline.after(timeout_seconds)
        asked = WriteResult(write.key, write.subject, write.service, write.write_id, write.language, WriteState.UNKNOWN)
        async with self._one_by_key.setdefault(write.key, asyncio.Lock()):
            known = await self.journal.begin(write)
            if known is None:
                return await self._send(write, asked, deadline)
            if known.result.state is WriteState.DONE:
                await self.journal.mark_told([write.key])
                return known.result
            return await self._ask(write, asked, deadline)

    async def _send(self, write: ConfirmedWrite, asked: WriteResult, deadline: Deadline) -> WriteResult:
        question = Question(write.register, write.path, write.subject, write.key, write.represented)
        seconds = deadline.remaining_seconds * (1 - _KEPT_FOR_ASKING)
        try:
            answer = await self.xroad.post(question, write.body, idempotency_key=write.key, timeout_seconds=seconds)
        except ServiceUnavailable:
            await self._note(self.journal.not_sent(write.key))
            return replace(asked, state=WriteState.UNSENT)
        except ServiceRefused as error:
            return await self._settle(replace(asked, state=WriteState.REFUSED, problem=error.problem))
        except ServiceError:  # whatever it is, it is no proof that nothing was done
            return await self._ask(write, asked, deadline)
        return await self._settle(done(asked, answer, write.kept), answer.receipt)
