"""A small n-gram model, interpolated by Witten and Bell's method, with back-off as Kaldi's decoder wants it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from assistant.speech_model.sentences import Sentence

BEGIN, END = "<s>", "</s>"
ORDER = 3
# A trigram that counts no more is left out: with 8 per example 1.2 MB instead of 2.0, and 6.0 % words wrong, not 5.9.
LEAST_COUNT = 1.0
# Share of the probability that is spread evenly over all words.
EVEN_SHARE = 0.03
_TINY = 1e-8

History = tuple[str, ...]


class Step(NamedTuple):
    """From a history by a word to the next one; without a word, by backing off. The next of an end is `None`."""

    history: History
    word: str | None
    following: History | None
    probability: float


class LanguageModel:
    """Probabilities of words after up to two others; `histories` has those after which words have ones of their own."""

    def __init__(self, sentences: Iterable[Sentence], vocabulary: Iterable[str]) -> None:
        """Count the sentences; every word of the vocabulary is possible everywhere, no other ever."""
        self._vocabulary = frozenset((*vocabulary, END))
        self._counts: list[dict[History, dict[str, float]]] = [{} for _ in range(ORDER)]
        for sentence in sentences:
            self._count(sentence)
        self._levels: list[dict[History, dict[str, float]]] = [{(): self._single_words()}]
        self._back_off: dict[History, float] = {}
        for level in range(1, ORDER):
            self._levels.append(self._smoothed(level))
            self._back_off |= {history: self._left_over(history, level) for history in self._levels[level]}

    def probability(self, history: History, word: str) -> float:
        """How likely a word of the vocabulary is after a history of at most two words."""
        known = self._levels[len(history)].get(history, {})
        if word in known or not history:
            return known[word]
        return self._back_off.get(history, 1.0) * self.probability(history[1:], word)

    def steps(self) -> Iterator[Step]:
        """Everything the model says, the start's own steps first."""
        first = self._known((BEGIN,))
        histories = [history for level in self._levels for history in level]
        for history in sorted(histories, key=lambda each: (each != first, len(each), each)):
            for word, probability in sorted(self._levels[len(history)][history].items()):
                following = None if word == END else self._known((*history, word)[1 - ORDER :])
                yield Step(history, word, following, probability)
            if history:
                yield Step(history, None, self._known(history[1:]), self._back_off[history])

    def _count(self, sentence: Sentence) -> None:
        words = (BEGIN, *sentence.words, END)
        for at in range(1, len(words)):
            for length in range(min(ORDER, at + 1)):
                after = self._counts[length].setdefault(words[at - length : at], defaultdict(float))
                after[words[at]] += sentence.weight

    def _single_words(self) -> dict[str, float]:
        counts = self._counts[0].get((), {})
        total = sum(counts.values()) or 1.0
        even = EVEN_SHARE / len(self._vocabulary)
        return {word: (1 - EVEN_SHARE) * counts.get(word, 0.0) / total + even for word in sorted(self._vocabulary)}

    def _smoothed(self, length: int) -> dict[History, dict[str, float]]:
        smoothed = {}
        for history, counts in self._counts[length].items():
            if history[1:] not in self._levels[length - 1]:
                continue
            trust = sum(counts.values()) / (sum(counts.values()) + len(counts))
            kept = {
                word: trust * count / sum(counts.values()) + (1 - trust) * self.probability(history[1:], word)
                for word, count in counts.items()
                if word in self._vocabulary and (length < ORDER - 1 or count > LEAST_COUNT)
            }
            if kept:
                smoothed[history] = kept
        return smoothed

    def _left_over(self, history: History, length: int) -> float:
        own = self._levels[length][history]
        shorter = sum(self.probability(history[1:], word) for word in own)
        return max(_TINY, 1 - sum(own.values())) / max(_TINY, 1 - shorter)

    def _known(self, history: History) -> History:
        while history not in self._levels[len(history)]:
            history = history[1:]
        return history
