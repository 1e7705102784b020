"""Several requests in one sentence: "renew my passport and tell me about my fines"."""

import itertools
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

REQUESTS = "requests"
"""Attribute of a message: several requests in its text, in order, as the action server takes them."""
MOST_REQUESTS = 3
FEWEST_WORDS = 2
"""Of a request; "and driving licence" belongs to what stands before it."""
SURE = 0.9
"""Confidence that each part must reach: a sentence is split only where both halves are requests beyond doubt."""

_BETWEEN = re.compile(
    # Begins behind a word, with one choice where blanks are: a thousand of them must not take longer than words do.
    r"(?<=\S)(?:(?:\s*[,;.])?\s+(?:and(?:\s+(?:also|then))?|also|then|plus|ja(?:\s+(?:siis|ka))?|ning|samuti|lisaks|siis|"
    r"и(?:\s+(?:ещё|еще|также))?|а\s+(?:также|ещё|еще|потом)|потом|затем|ещё|еще)\s+|\s*[,;.?!]\s+)",
    re.IGNORECASE,
)

Part = tuple[int, int]
"""Start and end in the text."""

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
    partings = list(_partings(text))
    ranked: dict[Part, tuple[str, float]] = {}
    # Most texts fall at their first part: the others are ranked only where it is surely a request.
    for place in (0, -1, 1):
        new = sorted({parts[place] for parts in partings} - ranked.keys())
        if new:
            ranked.update(zip(new, rank([text[start:end] for start, end in new]), strict=True))
        partings = [parts for parts in partings if _is_sure(*ranked[parts[place]], services)]
    for parts in partings:
        intents = [ranked[part][0] for part in parts]
        if len(set(intents)) == len(intents):
            return tuple(Request(*ranked[part], *part) for part in parts)
    return ()


def _is_sure(intent: str, confidence: float, services: Collection[str]) -> bool:
    return intent in services and confidence >= SURE


def _partings(text: str) -> Iterator[list[Part]]:
    """Ways to cut the text at words or marks that join requests: into many parts first."""
    cuts = [match.span() for match in _BETWEEN.finditer(text)][: 2 * MOST_REQUESTS]
    for number in range(min(MOST_REQUESTS - 1, len(cuts)), 0, -1):
        for chosen in itertools.combinations(cuts, number):
            starts = [0, *(end for _, end in chosen)]
            ends = [*(start for start, _ in chosen), len(text)]
            parts = list(zip(starts, ends, strict=True))
            if all(len(text[start:end].split()) >= FEWEST_WORDS for start, end in parts):
                yield parts
