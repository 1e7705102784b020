"""How well a classifier does, from what it said about examples whose intent is known."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10
"""Of the reliability plot, each as wide as the others."""


@dataclass(frozen=True)
class Judged:
    """One example: the intent that is right, the one that came first, and the confidence in it, 0-1."""

    text: str
    right: str
    said: str
    confidence: float

    @property
    def is_right(self) -> bool:
        """Whether the first intent is the right one."""
        return self.said == self.right


@dataclass(frozen=True)
class Bin:
    """A bar of the reliability plot: examples of like confidence, their mean confidence, the share that is right."""

    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Tally:
    """Values: how many were named, how many found, and how many of these are right."""

    wanted: int = 0
    found: int = 0
    right: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(self.wanted + other.wanted, self.found + other.found, self.right + other.right)

    @property
    def precision(self) -> float | None:
        """The share of what was found that is right; None if nothing was found."""
        return share(self.right, self.found)

    @property
    def recall(self) -> float | None:
        """The share of what was named that was found; None if nothing was named."""
        return share(self.right, self.wanted)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None if nothing was named or found."""
        return share(2 * self.right, self.wanted + self.found)


def share(part: float, whole: float) -> float | None:
    """Part of a whole; None of nothing."""
    return part / whole if whole else None


def word_errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """How many words must be put in, taken out or replaced to get one from the other (Levenshtein's distance)."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, start=1):
        before, row[0] = row[0], number
        for place, other in enumerate(heard, start=1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (word != other))
    return row[-1]


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest of the values that so many percent do not exceed (nearest rank); 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)] if ordered else 0.0


def accuracy(judged: Sequence[Judged]) -> float:
    """The share whose first intent is right; 0 of none."""
    return sum(each.is_right for each in judged) / len(judged) if judged else 0.0


def accepted(judged: Sequence[Judged], threshold: float, rejections: frozenset[str]) -> list[Judged]:
    """Those that would be acted upon: sure enough, and no intent that stands for "none of them"."""
    return [each for each in judged if each.said not in rejections and each.confidence >= threshold]


def macro_f1(judged: Sequence[Judged]) -> float:
    """The mean of the F1 of each intent that occurs as the right one."""
    by_intent = f1_by_intent(judged)
    return sum(by_intent.values()) / len(by_intent) if by_intent else 0.0


def f1_by_intent(judged: Sequence[Judged]) -> dict[str, float]:
    """The harmonic mean of precision and recall of each intent that occurs as the right one."""
    hits = Counter(each.right for each in judged if each.is_right)
    wanted, said = Counter(each.right for each in judged), Counter(each.said for each in judged)
    return {intent: 2 * hits[intent] / (wanted[intent] + said[intent]) for intent in sorted(wanted)}


def confusions(judged: Sequence[Judged]) -> list[tuple[tuple[str, str], int]]:
    """Pairs of the right intent and the wrong one that was said, with their number, the most frequent first."""
    return Counter((each.right, each.said) for each in judged if not each.is_right).most_common()


def reliability(judged: Sequence[Judged]) -> list[Bin]:
    """The bars of the reliability plot from 0 to 1, empty ones included."""
    bars: list[list[Judged]] = [[] for _ in range(BINS)]
    for each in judged:
        bars[min(BINS - 1, int(each.confidence * BINS))].append(each)
    return [
        Bin(len(bar), sum(each.confidence for each in bar) / len(bar), accuracy(bar)) if bar else Bin(0, 0.0, 0.0)
        for bar in bars
    ]


def expected_calibration_error(judged: Sequence[Judged]) -> float:
    """The mean distance between confidence and accuracy over the bars, by their size (Guo et al. 2017, equation 3)."""
    bars = reliability(judged)
    return sum(bar.count * abs(bar.confidence - bar.accuracy) for bar in bars) / max(1, len(judged))
