"""What can be said of a model that is tried beside the live one: by conversations, for their turns hang together."""

from dataclasses import dataclass
from enum import Enum
from math import ceil

from assistant.core.feedback import GRADES
from assistant.core.intervals import VERY_SURE, Share, difference_interval, needed
from assistant.core.publishing import Figures, grade

CONVERSATION = "conversation"
NOT_UNDERSTOOD = f"{CONVERSATION}_not_understood"
HANDED_OVER = f"{CONVERSATION}_handed_over"
FAILED = f"{CONVERSATION}_failed"
"""A conversation that has begun with a model, and one in which such a thing happened for the first time."""

LOOKED_FOR = 0.05
"""The difference, of shares, that a trial is to find: smaller ones are nothing to wait for."""
GOOD_GRADES = GRADES[3:]


class Verdict(str, Enum):
    """What the figures come to."""

    NOT_ENOUGH = "not enough yet"
    WORSE = "worse"
    BETTER = "better"
    ALIKE = "no difference to be seen"


@dataclass(frozen=True)
class Measured:
    """One measure of both models, and whether more of it is better."""

    name: str
    live: Share
    tried: Share
    is_good: bool = False

    @property
    def difference(self) -> tuple[float, float]:
        """Where the true difference lies: the tried model's share less the live one's."""
        return difference_interval(self.live, self.tried)

    @property
    def needed(self) -> int:
        """How many of the tried model's it takes, if the groups go on growing as they do."""
        each = needed(0.5 if self.live.value is None else self.live.value, LOOKED_FOR)
        if not self.live.of or not self.tried.of:
            return each
        return ceil(each * (self.live.of + self.tried.of) / (2 * self.live.of))

    @property
    def verdict(self) -> Verdict:
        """What may be said by now: before there is enough, only of a difference that hardly ever comes by chance."""
        is_enough = bool(self.live.of) and self.tried.of >= self.needed
        low, high = self.difference if is_enough else difference_interval(self.live, self.tried, VERY_SURE)
        if low <= 0 <= high:
            return Verdict.ALIKE if is_enough else Verdict.NOT_ENOUGH
        return Verdict.BETTER if (low > 0) is self.is_good else Verdict.WORSE


def compared(live: Figures, tried: Figures) -> tuple[Measured, ...]:
    """What came of the conversations with both models since the trial began."""
    names = {"not understood": NOT_UNDERSTOOD, "handed to a person": HANDED_OVER, "failed": FAILED}
    return (
        *(
            Measured(shown, _of_conversations(live, name), _of_conversations(tried, name))
            for shown, name in names.items()
        ),
        Measured("graded 4 or 5", _good_grades(live), _good_grades(tried), is_good=True),
    )


def _of_conversations(figures: Figures, name: str) -> Share:
    conversations = figures.counts.get(CONVERSATION, 0)
    return Share(
        min(figures.counts.get(name, 0), conversations), conversations
    )  # several gateways begin a trial in turn


def _good_grades(figures: Figures) -> Share:
    def number(grades: range) -> int:
        return sum(figures.counts.get(grade(each), 0) for each in grades)

    return Share(number(GOOD_GRADES), number(GRADES))
