"""What a person at the desk says, told as it comes where a channel stays open (docs/guides/desk.md)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from assistant.core.channels import DESK, MATRIX, Way
from assistant.core.desk import Case, CaseState, Desk
from assistant.core.errors import ServiceUnavailable, UnknownCase, UnknownDevice
from assistant.core.languages import Language
from assistant.pipeline.present import Responses
from assistant.pipeline.take_turn import Caller
from assistant.pipeline.with_desk import DESERTED, ENDED, JOINED, WAITING

LOOK_SECONDS = 2.5

_NOTICES = {CaseState.WAITING: WAITING, CaseState.CLAIMED: JOINED, CaseState.CLOSED: ENDED}

_log = logging.getLogger("kratt.desk")


@dataclass(frozen=True)
class News:
    """One thing to be told: the person's words with their `number`, or how the case stands, by the response's name."""

    text: str
    language: Language
    number: int = 0
    standing: str = ""


@dataclass
class DeskNews:
    """The case of one conversation, as far as it was told there.

    A case that was opened elsewhere, be it the same citizen's, is none of this conversation's.
    """

    desk: Desk
    responses: Responses
    _case_id: str | None = None
    _after: int = 0
    _standing: str = ""

    @property
    def is_open(self) -> bool:
        """Whether there is a case by which something may come."""
        return self._case_id is not None

    async def begin(self, caller: Caller) -> None:
        """Note the case that the conversation's words go to, if there is one; what was said in it before was told."""
        case = await self.desk.open_case(caller.session)
        if case and case.case_id != self._case_id:
            self._case_id, self._after = case.case_id, case.last_words
            self._standing = await _standing(case, self.desk)  # the reply that called a person told it

    async def look(self, caller: Caller) -> tuple[News, ...]:
        """What has come since, in order; nothing where it may not be said. Looking tells nothing: `note` that.

        Raises:
            ServiceUnavailable: nobody can tell.
        """
        case = await self.desk.latest_case(caller.session)
        if (
            case is None or case.case_id != self._case_id or _is_left(case)
        ):  # locked, forgotten, or ended by its citizen
            self._case_id = None
            return ()
        news = [*await self._words(case, caller)]
        if (standing := await _standing(case, self.desk)) != self._standing:  # another place in the queue is no news
            # That somebody has come is told before what they say, that they have gone after it.
            told = News(_words_of(standing, case, self.responses), case.language, standing=standing)
            news.insert(len(news) if case.state is CaseState.CLOSED else 0, told)
        if not news and case.state is CaseState.CLOSED:
            self._case_id = None
        return tuple(news)

    def note(self, news: News) -> None:
        """This was told."""
        self._standing = news.standing or self._standing
        self._after = news.number or self._after

    async def follow(self, caller: Callable[[], Awaitable[Caller]], tell: Callable[[News], Awaitable[bool]]) -> None:
        """Look every few seconds, and let be told what has come, until the case is over.

        What `tell` has not told to its end is told again; where the database is away, it is asked again.
        """
        while self.is_open:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                for news in await self.look(await caller()):
                    if not await tell(news):
                        break
                    self.note(news)
            except UnknownDevice:
                return
            except ServiceUnavailable:
                _log.warning("the desk cannot be asked")

    async def _words(self, case: Case, caller: Caller) -> tuple[News, ...]:
        if MATRIX[caller.channel][DESK] is not Way.SAY:
            return ()
        try:
            words = await self.desk.words_of_citizen(caller.session, case.case_id, self._after)
        except UnknownCase:  # destroyed in this very moment
            return ()
        return tuple(News(each.text, case.language, each.number) for each in words if each.is_agents)


async def standing(case: Case, desk: Desk, responses: Responses) -> str:
    """How a case stands, in words; empty if its citizen has ended it, who was told so."""
    return "" if _is_left(case) else _words_of(await _standing(case, desk), case, responses)


async def _standing(case: Case, desk: Desk) -> str:
    if case.state is CaseState.WAITING and await desk.waiting() is None:
        return DESERTED
    return _NOTICES[case.state]


def _words_of(standing: str, case: Case, responses: Responses) -> str:
    return responses[standing][case.language].format(place=case.place)


def _is_left(case: Case) -> bool:
    return case.state is CaseState.CLOSED and case.agent is None
