"""Brings notices from the outbox to the state's mailbox: each once, and asking before sending again."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from actions.writing.confirmed_write import XRoad
from actions.writing.notices import NoticeState, Outbox, WaitingNotice
from actions.writing.rounds import next_try
from actions.xroad.identifiers import ServiceId, build_path
from actions.xroad.question import Question
from assistant.core.errors import ServiceError, ServiceRefused

_log = logging.getLogger("kratt.actions")

AT_ONCE = 8
SEND_SECONDS = 10.0
UNKNOWN_KEY = "unknown_key"
_HOUR_SECONDS = 3600
_SEND = "/v1/persons/{subject}/messages"
_STATUS = "/v1/persons/{subject}/messages/{key}"


@dataclass(frozen=True)
class SendNotices:
    """Tries for `hours`; `mailbox` is the X-Road service."""

    outbox: Outbox
    xroad: XRoad
    mailbox: ServiceId
    hours: float
    now: Callable[[], float] = time.time
    next_try: Callable[[int], float] = next_try

    async def take_round(self) -> None:
        """Send some of the notices whose time has come.

        Raises:
            ServiceUnavailable: the database does not answer.
        """
        due = await self.outbox.claim_due(AT_ONCE, self.next_try)
        await asyncio.gather(*map(self._bring, due))

    async def _bring(self, notice: WaitingNotice) -> None:
        state = await self._ask(notice) if notice.state is NoticeState.SENDING else NoticeState.WAITING
        if state is NoticeState.WAITING:
            state = await self._send(notice)
        is_too_late = self.now() - notice.created > self.hours * _HOUR_SECONDS
        if state in {NoticeState.WAITING, NoticeState.SENDING} and is_too_late:
            state = NoticeState.FAILED
        if state is NoticeState.FAILED:
            _log.error("notice not brought to the mailbox", extra={"facts": {"key": notice.key}})
        await self.outbox.change(notice.key, state)

    async def _send(self, notice: WaitingNotice) -> NoticeState:
        try:
            await self.xroad.post(self._question(notice, _SEND), notice.body, notice.key, SEND_SECONDS)
        except ServiceError as error:
            if error.may_have_acted:
                return NoticeState.SENDING
            return NoticeState.FAILED if isinstance(error, ServiceRefused) else NoticeState.WAITING
        return NoticeState.SENT

    async def _ask(self, notice: WaitingNotice) -> NoticeState:
        try:
            await self.xroad.get(self._question(notice, _STATUS), SEND_SECONDS)
        except ServiceRefused as error:
            # The last try is at least half a minute ago, and the mailbox keeps the key: once more does not make two.
            return NoticeState.WAITING if error.problem == UNKNOWN_KEY else NoticeState.SENDING
        except ServiceError:
            return NoticeState.SENDING
        return NoticeState.SENT

    def _question(self, notice: WaitingNotice, path: str) -> Question:
        values = {"subject": notice.subject, "key": notice.key}
        return Question(self.mailbox, build_path(path, values), subject=notice.subject, issue=notice.key)
