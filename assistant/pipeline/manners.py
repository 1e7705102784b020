"""How fast and loud each dialogue is spoken to: a citizen may ask for slower, faster, louder and quieter speech."""

from collections.abc import Iterable, Mapping, Sequence

from assistant.core.audio import ORDINARY, Manner
from assistant.pipeline.recent import MOST_DIALOGUES, Recent

SPEEDS = (0.6, 0.8, 1.0, 1.25, 1.5)
VOLUMES = (0.4, 0.65, 1.0, 1.4, 1.9)
FASTER: Mapping[str, int] = {"utter_speak_slower": -1, "utter_speak_faster": 1}
LOUDER: Mapping[str, int] = {"utter_speak_quieter": -1, "utter_speak_louder": 1}
"""By how many steps a response changes the manner; it sounds so itself already."""


class Manners:
    """Remembers in memory alone; a dialogue that is forgotten is spoken to in the ordinary manner."""

    def __init__(self, most: int = MOST_DIALOGUES) -> None:
        """Remember the latest `most` dialogues whose manner is not the ordinary one."""
        self._recent = Recent[Manner](most)

    def note(self, dialogue_id: str, responses: Iterable[str]) -> None:
        """Take notice of what a dialogue was answered."""
        said, manner = set(responses), self.of(dialogue_id)
        if not said & (FASTER.keys() | LOUDER.keys()):
            return
        speed = _stepped(SPEEDS, manner.speed, sum(FASTER.get(name, 0) for name in said))
        volume = _stepped(VOLUMES, manner.volume, sum(LOUDER.get(name, 0) for name in said))
        self._recent.note(dialogue_id, Manner(speed, volume))

    def of(self, dialogue_id: str) -> Manner:
        """How a dialogue is spoken to."""
        return self._recent.of(dialogue_id) or ORDINARY


def _stepped(steps: Sequence[float], now: float, by: int) -> float:
    at = steps.index(now) + by
    return steps[min(max(at, 0), len(steps) - 1)]
