"""A small n-gram model, mixed from several collections of sentences, with back-off as Kaldi's decoder wants it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from assistant.speech_model.counted_words import BEGIN, END, ORDER, CountedWords, History
from assistant.speech_model.sentences import Sentence

# A collection that makes the history likely counts more for what follows it: dates and codes stand in one of them only.
# The power of that likelihood; with 0 and 0.5 the perplexity of spoken values was 52 and 39, that of requests in free
# words 109 and 110.
LIKELIHOOD_POWER = 0.5
_TINY = 1e-8


class Part(NamedTuple):
    """Sentences of one kind, and the share that they have where nothing speaks for any other."""

    share: float
    sentences: Sequence[Sentence]


class Step(NamedTuple):
    """From a history by a word to the next one; without a word, by backing off. The next of an end is `None`."""

    history: History
    word: str | None
    following: History | None
    probability: float


class LanguageModel:
    """Probabilities of words after up to two others."""

    def __init__(self, parts: Iterable[Part], vocabulary: Iterable[str]) -> None:
        """Count the sentences; every word of the vocabulary is possible everywhere, no other ever."""
        words = frozenset((*vocabulary, END))
        self._even = 1 / len(words)
        self._parts = [(share, CountedWords(sentences, words)) for share, sentences in parts if sentences]
        self._levels: list[dict[History, dict[str, float]]] = [{(): self._mixed((), sorted(words))}]
        self._back_off: dict[History, float] = {}
        for length in range(1, ORDER):
            self._levels.append(self._seen(length))
            self._back_off |= {history: self._left_over(history, length) for history in self._levels[length]}

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

    def _seen(self, length: int) -> dict[History, dict[str, float]]:
        """What was seen after histories of this length in any part, as likely as all parts make it."""
        words: dict[History, set[str]] = {}
        for _, part in self._parts:
            for history, after in part.words_after(length):
                words.setdefault(history, set()).update(after)
        return {
            history: self._mixed(history, sorted(after))
            for history, after in sorted(words.items())
            if history[1:] in self._levels[length - 1]
        }

    def _mixed(self, history: History, words: Iterable[str]) -> dict[str, float]:
        likely = [share * part.likelihood(history, self._even) ** LIKELIHOOD_POWER for share, part in self._parts]
        mixed = [(each / sum(likely), part) for each, (_, part) in zip(likely, self._parts, strict=True)]
        if not mixed:
            return dict.fromkeys(words, self._even)
        return {
            word: sum(share * part.probability(history, word, self._even) for share, part in mixed) for word in words
        }

    def _left_over(self, history: History, length: int) -> float:
        own = self._levels[length][history]
        shorter = sum(self.probability(history[1:], word) for word in own)
        return max(_TINY, 1 - sum(own.values())) / max(_TINY, 1 - shorter)

    def _known(self, history: History) -> History:
        while history not in self._levels[len(history)]:
            history = history[1:]
        return history
