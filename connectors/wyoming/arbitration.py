"""Which of several satellites answers when all of them hear the same wake word: the one that hears it loudest."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field

WINDOW_SECONDS = 0.5
"""After the first satellite of an area has heard the wake word, the others may come so much later."""


@dataclass(frozen=True)
class Bid:
    """What one satellite has heard: `loudness` is the root mean square of its first samples."""

    satellite: str
    loudness: float


def loudest(bids: Collection[Bid]) -> Bid:
    """The one that answers; of two alike the first by name, so that there is always one."""
    return min(bids, key=lambda bid: (-bid.loudness, bid.satellite))


@dataclass
class _Round:
    bids: list[Bid] = field(default_factory=list)
    is_over: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Arbitration:
    """Rounds in which satellites bid, each for one wake word in one area."""

    window_seconds: float = WINDOW_SECONDS
    _rounds: dict[tuple[str, str], _Round] = field(default_factory=dict, init=False)

    async def is_won(self, bid: Bid, area: str, wake_word: str) -> bool:
        """Whether this satellite answers; told when the round is over, which the first bid begins."""
        key = (area, wake_word)
        if key not in self._rounds:
            self._rounds[key] = _Round()
            asyncio.get_running_loop().call_later(self.window_seconds, self._end, key)
        bidding = self._rounds[key]
        bidding.bids.append(bid)
        await bidding.is_over.wait()
        return loudest(bidding.bids) == bid

    def _end(self, key: tuple[str, str]) -> None:
        self._rounds.pop(key).is_over.set()
