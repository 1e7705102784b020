"""A confirmed write, sent at most once."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from weakref import WeakValueDictionary

from actions.writing.confirmed_write import ConfirmedWrite, Receipt, WriteResult, WriteState, XRoad
from actions.writing.journal import WriteJournal
from actions.writing.status_question import ask_status, done
from assistant.core.deadline import Deadline
from assistant.core.errors import OutcomeUnknown, ServiceError, ServiceRefused, ServiceUnavailable

_log = logging.getLogger("kratt.actions")

FIRST_FOLLOW_UP_SECONDS = 5.0
_KEPT_FOR_ASKING = 0.25
"""The part of the time that is left for the question what became of it."""


@dataclass(frozen=True)
class SubmitOnce:
    """Writes down, sends, asks: whatever fails, and however often it is called, the register gets one message.

    A second message with the same key goes out only when the first is known to have done nothing.
    """

    journal: WriteJournal
    xroad: XRoad
    now: Callable[[], float] = time.time
    _one_by_key: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary, init=False)
    _telling: set[asyncio.Future[None]] = field(default_factory=set, init=False)

    async def __call__(self, write: ConfirmedWrite, timeout_seconds: float) -> WriteResult:
        """What became of it, as far as it is known in time: unsent, done, refused or unknown.

        An unknown one is followed up. A second yes to the same question waits for the first.

        Raises:
            ServiceUnavailable: the write could not be written down, so nothing was sent.
        """
        deadline = Deadline.after(timeout_seconds)
        async with self._one_by_key.setdefault(write.key, asyncio.Lock()):
            known = await self.journal.begin(write)
            if known is None:
                result = await self._send(write, deadline)
            elif known.result.state is WriteState.DONE:
                result = known.result
            else:
                result = await self._ask(write, deadline)
            self._tell(result)
            return result

    async def finish(self) -> None:
        """Wait until it is noted what citizens were told."""
        await asyncio.gather(*self._telling)

    def _tell(self, result: WriteResult) -> None:
        """Note that the citizen is being told, without waiting: a turn that is cut off before is told the next time."""
        if result.state in {WriteState.DONE, WriteState.REFUSED}:
            task = asyncio.ensure_future(self._note(self.journal.mark_told([result.key])))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _send(self, write: ConfirmedWrite, deadline: Deadline) -> WriteResult:
        seconds = deadline.remaining_seconds * (1 - _KEPT_FOR_ASKING)
        try:
            answer = await self.xroad.post(write.question, write.body, write.key, seconds)
        except ServiceError as error:
            return await self._fail(write, error, deadline)
        return await self._settle(done(write.result(WriteState.DONE), answer, write.kept), answer.receipt)

    async def _fail(self, write: ConfirmedWrite, error: ServiceError, deadline: Deadline) -> WriteResult:
        if error.may_have_acted:
            return await self._ask(write, deadline, error.message_id if isinstance(error, OutcomeUnknown) else None)
        if isinstance(error, ServiceRefused):
            return await self._settle(replace(write.result(WriteState.REFUSED), problem=error.problem))
        await self._note(self.journal.not_sent(write.key))
        return write.result(WriteState.UNSENT)

    async def _ask(self, write: ConfirmedWrite, deadline: Deadline, message_id: str | None = None) -> WriteResult:
        unknown = write.result(WriteState.UNKNOWN)
        # First: if the turn ends while we ask, a follow-up takes over.
        await self._note(self.journal.unknown(write.key, self.now() + FIRST_FOLLOW_UP_SECONDS, message_id))
        known = await ask_status(self.xroad, write.status_question, unknown, write.kept, deadline.remaining_seconds)
        return await self._settle(known) if known else unknown

    async def _settle(self, result: WriteResult, receipt: Receipt | None = None) -> WriteResult:
        await self._note(self.journal.settle(result, receipt))
        return result

    async def _note(self, noted: Awaitable[None]) -> None:
        # What happened has happened and is told, noted or not: the journal still says "sending", and a follow-up asks.
        try:
            await noted
        except ServiceUnavailable as error:
            _log.error("write not noted", extra={"facts": {"code": error.code, "detail": error.detail}})
