"""How fast and loud each dialogue is spoken to: a citizen may ask for slower, faster, louder and quieter speech."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

from assistant.core.audio import ORDINARY, Manner

MOST_DIALOGUES = 10_000
"""Dialogues remembered in one gateway; one that is forgotten is spoken to in the ordinary manner."""
SPEEDS = (0.6, 0.8, 1.0, 1.25, 1.5)
VOLUMES = (0.4, 0.65, 1.0, 1.4, 1.9)
FASTER: Mapping[str, int] = {"utter_speak_slower": -1, "utter_speak_faster": 1}
LOUDER: Mapping[str, int] = {"utter_speak_quieter": -1, "utter_speak_louder": 1}
"""By how many steps a response changes the manner; it sounds so itself already."""


class Manners:
    """Remembers in memory alone."""

    def __init__(self, most: int = MOST_DIALOGUES) -> None:
        """Remember the latest `most` dialogues whose manner is not the ordinary one."""
        self._most = most
        self._by_dialogue: OrderedDict[str, Manner] = OrderedDict()

    def note(self, dialogue_id: str, responses: Iterable[str]) -> None:
        """Take notice of what a dialogue was answered."""
        said, manner = set(responses), self.of(dialogue_id)
        if not said & (FASTER.keys() | LOUDER.keys()):
            return
        speed = _stepped(SPEEDS, manner.speed, sum(FASTER.get(name, 0) for name in said))
        volume = _stepped(VOLUMES, manner.volume, sum(LOUDER.get(name, 0) for name in said))
        self._by_dialogue.pop(dialogue_id, None)
        self._by_dialogue[dialogue_id] = Manner(speed, volume)
        if len(self._by_dialogue) > self._most:
            self._by_dialogue.popitem(last=False)

    def of(self, dialogue_id: str) -> Manner:
        """How a dialogue is spoken to."""
        return self._by_dialogue.get(dialogue_id, ORDINARY)


def _stepped(steps: Sequence[float], now: float, by: int) -> float:
    at = steps.index(now) + by
    return steps[min(max(at, 0), len(steps) - 1)]
