"""How far a share can be trusted: intervals of shares and of their differences, and how many one has to look at.

Method and formulas: D. G. Altman, D. Machin, T. N. Bryant, M. J. Gardner, "Statistics with Confidence", 2nd edition
(2000), chapter 6: Wilson's interval of a proportion, Newcombe's of the difference of two (his method 10, of Wilson's).
Sample sizes: J. L. Fleiss, "Statistical Methods for Rates and Proportions", 2nd edition (1981), section 3.2.
"""

from dataclasses import dataclass
from math import ceil, hypot, sqrt
from statistics import NormalDist

SURE = 0.95
"""Of a hundred such intervals so many have the true value in them."""
VERY_SURE = 0.999
"""For whoever looks again and again, and would stop at the first difference (Haybittle and Peto's boundary)."""
POWER = 0.8
"""How probably a difference that is there is seen."""


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """0-1; None of nothing."""
        return self.hits / self.of if self.of else None

    def interval(self, confidence: float = SURE) -> tuple[float, float]:
        """Where the true share lies; of nothing it may be any."""
        if not self.of:
            return 0.0, 1.0
        z, share = _z(confidence), self.hits / self.of
        middle = (share + z * z / (2 * self.of)) / (1 + z * z / self.of)
        half = z * sqrt(share * (1 - share) / self.of + z * z / (4 * self.of**2)) / (1 + z * z / self.of)
        return max(0.0, middle - half), min(1.0, middle + half)


def difference_interval(first: Share, second: Share, confidence: float = SURE) -> tuple[float, float]:
    """Where the true difference lies, the second share less the first, -1 to 1."""
    if first.value is None or second.value is None:
        return -1.0, 1.0
    (low_1, high_1), (low_2, high_2) = first.interval(confidence), second.interval(confidence)
    difference = second.value - first.value
    below = hypot(second.value - low_2, high_1 - first.value)
    above = hypot(high_2 - second.value, first.value - low_1)
    return difference - below, difference + above


def needed(share: float, difference: float) -> int:
    """How many there must be in each of two equal groups to see a difference from a share, if there is one."""
    other = share + difference if share + difference <= 1 else share - difference
    mean = (share + other) / 2
    expected = _z(SURE) * sqrt(2 * mean * (1 - mean))
    seen = NormalDist().inv_cdf(POWER) * sqrt(share * (1 - share) + other * (1 - other))
    return ceil((expected + seen) ** 2 / difference**2)


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)
