"""What registers told in the open dialogues, for some minutes: a service of five questions reads its registers once.

Whom the citizen may act for is asked in each turn anew: a mandate may end at any moment.

It lives in the memory of the process and nowhere else. Without it, after a restart or in another replica, registers are
read again; before anything is written they are read again in any case.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from actions.asker import Asker
from actions.dialogue.filling import NO_FACTS, Facts

KEPT_SECONDS = 300.0
MOST_KEPT = 1000


@dataclass(frozen=True)
class FactCache:
    """Facts by frame; `now` gives seconds on a clock that never goes back."""

    now: Callable[[], float] = time.monotonic
    _kept: OrderedDict[str, tuple[float, Asker, Facts]] = field(default_factory=OrderedDict)

    def get(self, frame_id: str, asker: Asker, mandates: Collection[str]) -> Facts:
        """What was read for this frame and this citizen; nothing, if that is too long ago.

        `mandates` are the calls that tell whom the citizen may act for: what they told counts in its own turn only.
        """
        until, reader, facts = self._kept.get(frame_id, (0.0, None, NO_FACTS))
        if reader is None or until <= self.now() or reader.subject != asker.subject:
            return NO_FACTS
        if reader.turn_id == asker.turn_id:
            return facts
        return Facts({id_: pair for id_, pair in facts.readings.items() if id_ not in mandates})

    def put(self, frame_id: str, asker: Asker, facts: Facts) -> None:
        """Keep what was read in this turn; the oldest goes when there is too much."""
        # A reading that failed is not kept: the next turn may find the register up again.
        good = Facts({id_: pair for id_, pair in facts.readings.items() if pair[1].error is None})
        self._kept[frame_id] = (self.now() + KEPT_SECONDS, asker, good)
        self._kept.move_to_end(frame_id)
        while len(self._kept) > MOST_KEPT or next(iter(self._kept.values()))[0] <= self.now():
            self._kept.popitem(last=False)

    def forget_person(self, subject: str) -> None:
        """Nothing that was read for this citizen."""
        for frame_id in [frame_id for frame_id, (_, reader, _) in self._kept.items() if reader.subject == subject]:
            del self._kept[frame_id]

    def forget(self, frame_id: str) -> None:
        """The frame is done."""
        self._kept.pop(frame_id, None)
