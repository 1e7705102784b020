"""What a recogniser may have heard: the transcript, how sure each word of it is, and other readings of the sound."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Hypothesis:
    """A text that may have been said, how likely that is against the others, and how surely each word was heard."""

    text: str
    weight: float = 1.0
    certainty: tuple[float, ...] | None = None


def hypotheses(text: str, heard: object) -> list[Hypothesis]:
    """What to understand for a text: itself if it was typed; `heard` is what the gateway says of a spoken one.

    `heard` has `confidences`, one per word of the text, and `alternatives`, the recogniser's other readings, best first.
    The n-th reading counts 1/n: recognisers give their readings scores, but not in a unit that their makers define.
    """
    if not isinstance(heard, Mapping):
        return [Hypothesis(text)]
    others = [other for other in _list(heard, "alternatives") if isinstance(other, str) and other.strip()]
    shares = [1 / rank for rank in range(1, len(others) + 2)]
    certainty = tuple(float(each) for each in _list(heard, "confidences") if isinstance(each, int | float))
    first = Hypothesis(text, shares[0] / sum(shares), certainty or None)
    return [first, *(Hypothesis(other, share / sum(shares)) for other, share in zip(others, shares[1:]))]


def _list(heard: Mapping[Any, Any], key: str) -> Sequence[object]:
    value = heard.get(key)
    return value if isinstance(value, list) else ()
