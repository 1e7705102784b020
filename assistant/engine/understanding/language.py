"""Which language a text is in, by its words: three words are enough, and a borrowed one does not change it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from assistant.engine.understanding.words import words_of

LENGTHS = (1, 2, 3)
SMOOTHING = 0.1
MOST_OF_A_WORD = 3.0
"""Log odds that one word can give at most: a long foreign word must not outweigh three short ones."""

Learned = dict[str, dict[str, int]]
"""By language: how often each run of characters, and each whole word, occurs in its examples."""


def learn_languages(examples: Iterable[tuple[str, str]]) -> Learned:
    """What tells languages apart, from texts with their languages."""
    counts: dict[str, Counter[str]] = {}
    for text, language in examples:
        counts.setdefault(language, Counter()).update(run for word in set(words_of(text)) for run in _runs(word))
    return {language: dict(sorted(known.items())) for language, known in sorted(counts.items())}


class Languages:
    """Names the languages that it has learned."""

    def __init__(self, learned: Mapping[str, Mapping[str, int]]) -> None:
        """Take over the counts of `learn_languages`."""
        kinds = len({run for counts in learned.values() for run in counts}) or 1
        self._logs = {language: _logs(counts, kinds) for language, counts in learned.items()}
        self._of_word = lru_cache(20_000)(self._log_odds)

    def probabilities(self, text: str) -> dict[str, float]:
        """How likely each language is; all the same for a text without words, empty when none was learned."""
        words = [word for word in words_of(text) if word.strip("0_")]
        sums = [sum(odds) for odds in zip(*map(self._of_word, words), strict=True)] or [0.0] * len(self._logs)
        highest = max(sums, default=0.0)
        raised = [math.exp(each - highest) for each in sums]
        return {language: each / sum(raised) for language, each in zip(self._logs, raised, strict=True)}

    def _log_odds(self, word: str) -> tuple[float, ...]:
        """What the word says for each language, against the one that it says most for."""
        runs = list(_runs(word))
        logs = [sum(of_run.get(run, of_others) for run in runs) for of_run, of_others in self._logs.values()]
        highest = max(logs, default=0.0)
        return tuple(max(each - highest, -MOST_OF_A_WORD) for each in logs)


def _logs(counts: Mapping[str, int], kinds: int) -> tuple[dict[str, float], float]:
    """The logarithm of how likely each run is in a language, and that of any other."""
    total = sum(counts.values()) + SMOOTHING * kinds
    return {run: math.log((count + SMOOTHING) / total) for run, count in counts.items()}, math.log(SMOOTHING / total)


def _runs(word: str) -> Iterable[str]:
    yield f"word {word}"
    marked = f"<{word}>"
    for length in LENGTHS:
        for start in range(len(marked) - length + 1):
            yield marked[start : start + length]
