"""Several requests in one sentence: "renew my passport and tell me about my fines"."""

import itertools
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

MOST_REQUESTS = 3
FEWEST_WORDS = 2
"""Of a request; "and driving licence" belongs to what stands before it."""
SURE = 0.8
"""Confidence that each part must reach: a sentence is split only where both halves are requests beyond doubt."""

_BETWEEN = re.compile(
    r"\s*[,;.]?\s+(?:and(?:\s+(?:also|then))?|also|then|plus|ja(?:\s+(?:siis|ka))?|ning|samuti|lisaks|siis|"
    r"и(?:\s+(?:ещё|еще|также))?|а\s+(?:также|ещё|еще|потом)|потом|затем|ещё|еще)\s+|\s*[,;.?!]\s+",
    re.IGNORECASE,
)

Ranked = Callable[[Sequence[str]], Sequence[tuple[str, float]]]
"""The best intent of each text, with its confidence."""


@dataclass(frozen=True)
class Request:
    """One of several requests: its intent, how sure that is, and where it stands in the text."""

    intent: str
    confidence: float
    start: int
    end: int


def requests_in(text: str, services: Collection[str], rank: Ranked) -> tuple[Request, ...]:
    """The requests of a text, in order, if they are two or more for different services; else none."""
    for parts in _partings(text):
        ranked = rank([text[start:end] for start, end in parts])
        intents = [intent for intent, _ in ranked]
        is_clear = all(intent in services and confidence >= SURE for intent, confidence in ranked)
        if is_clear and len(set(intents)) == len(intents):
            return tuple(Request(*best, *part) for best, part in zip(ranked, parts, strict=True))
    return ()


def _partings(text: str) -> Iterator[list[tuple[int, int]]]:
    """Ways to cut the text at words or marks that join requests: into many parts first."""
    cuts = [match.span() for match in _BETWEEN.finditer(text)][: 2 * MOST_REQUESTS]
    for number in range(min(MOST_REQUESTS - 1, len(cuts)), 0, -1):
        for chosen in itertools.combinations(cuts, number):
            starts = [0, *(end for _, end in chosen)]
            ends = [*(start for start, _ in chosen), len(text)]
            parts = list(zip(starts, ends, strict=True))
            if all(len(text[start:end].split()) >= FEWEST_WORDS for start, end in parts):
                yield parts
