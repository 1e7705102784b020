"""Turns that are sent again, since nobody knows whether they have arrived: taken once, answered as often as asked."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from assistant.core.errors import MalformedTurn
from assistant.core.secret_ids import hashed
from assistant.pipeline.answer_turn import Answer
from assistant.pipeline.take_turn import Caller

KEPT_SECONDS = 600.0
MOST_TURNS = 2000
"""Turns remembered in one gateway, without their sound: about ten megabytes."""


@dataclass(frozen=True)
class Taken:
    """What has come of a turn."""

    answer: Answer
    caller: Caller


@dataclass(frozen=True)
class _Sent:
    said: str
    until: float
    taken: asyncio.Future[Taken]


class Repeats:
    """Remembers turns by their keys, in memory alone: answers hold what registers said. `now` gives seconds."""

    def __init__(self, most: int = MOST_TURNS, now: Callable[[], float] = time.monotonic) -> None:
        """Remember the latest `most` turns."""
        self._most = most
        self._now = now
        self._sent: OrderedDict[str, _Sent] = OrderedDict()

    async def once(self, key: str, said: str, take: Callable[[], Awaitable[Taken]]) -> Taken:
        """What comes of `take` the first time; of the same key again, the same, without its sound.

        A turn goes on when the client that sent it is gone, and whoever sends it again waits for it. One that failed is
        forgotten: it may be sent anew.

        Raises:
            MalformedTurn: the key was another turn's.
        """
        self._forget_old()
        name = hashed(key)
        if sent := self._sent.get(name):
            if sent.said != hashed(said):
                raise MalformedTurn("the key of another turn")
            taken = await asyncio.shield(sent.taken)
            return replace(taken, answer=replace(taken.answer, speech=None))
        first = asyncio.ensure_future(take())
        self._keep(name, _Sent(hashed(said), self._now() + KEPT_SECONDS, first))
        first.add_done_callback(lambda _: self._settle(name))
        return await asyncio.shield(first)

    def forget(self) -> None:
        """Keep nothing of anybody."""
        self._sent.clear()

    def _keep(self, name: str, sent: _Sent) -> None:
        self._sent[name] = sent
        if len(self._sent) > self._most:
            self._sent.popitem(last=False)

    def _settle(self, name: str) -> None:
        sent = self._sent.get(name)
        if sent is None:
            return
        if sent.taken.cancelled() or sent.taken.exception():
            del self._sent[name]
            return
        silent: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        taken = sent.taken.result()
        silent.set_result(replace(taken, answer=replace(taken.answer, speech=None)))
        self._sent[name] = replace(sent, taken=silent)

    def _forget_old(self) -> None:
        while self._sent and next(iter(self._sent.values())).until <= self._now():
            self._sent.popitem(last=False)
