"""From a text to the rows that the network adds up."""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.engine.understanding.lemmas import lemmatiser
from assistant.engine.understanding.words import bucket, buckets_of, pairs_of, words_of

FEWEST_EXAMPLES = 2
"""In which a word without a vector must stand to get one that is learned."""
LONGEST_WORD = 60
"""Characters of a word that is looked up for its lemma: nobody says longer ones, and pymorphy3 recurses on prefixes."""

Forms = tuple[str, ...]
"""A word, its lemma, and the parts of a compound, as far as they are known."""


@dataclass(frozen=True)
class Encoded:
    """The rows of a text's words and of its pieces, and how much each counts: 1, or how surely the word was heard."""

    words: tuple[int, ...]
    pieces: tuple[int, ...]
    word_weights: tuple[float, ...]
    piece_weights: tuple[float, ...]


@dataclass(frozen=True)
class Encoder:
    """Looks words up: as they are, else by their lemma, else by the parts of a compound."""

    rows: Mapping[str, int]

    def __call__(self, text: str, language: str, certainty: Sequence[float] | None = None) -> Encoded:
        """The rows of a text; `certainty` has one number, 0-1, for each of its words."""
        words = words_of(text)
        weights = list(certainty) if certainty is not None and len(certainty) == len(words) else [1.0] * len(words)
        forms = _forms(words, language)
        found = [(row, weight) for each, weight in zip(forms, weights, strict=True) for row in self._rows(each)]
        pieces = [(row, weight) for word, weight in zip(words, weights, strict=True) for row in buckets_of(word)]
        pieces += [(bucket(p), min(pair)) for p, pair in zip(pairs_of(words), itertools.pairwise(weights), strict=True)]
        pieces += _of_lemmas(forms, weights)
        return Encoded(
            tuple(row for row, _ in found),
            tuple(piece for piece, _ in pieces),
            tuple(weight for _, weight in found),
            tuple(weight for _, weight in pieces),
        )

    def unknown(self, text: str, language: str) -> list[str]:
        """The words of a text that have no row, nor has their lemma."""
        return [forms[0] for forms in _forms(words_of(text), language) if not self._rows(forms)]

    def _rows(self, forms: Forms) -> tuple[int, ...]:
        for form in forms[:2]:  # the word, its lemma
            if form in self.rows:
                return (self.rows[form],)
        return tuple(self.rows[part] for part in forms[2:] if part in self.rows)


def _forms(words: Sequence[str], language: str) -> list[Forms]:
    lemmas = lemmatiser(language)
    return [(word, *lemmas(word)) if len(word) <= LONGEST_WORD else (word,) for word in words]


def _of_lemmas(forms: Sequence[Forms], weights: Sequence[float]) -> list[tuple[int, float]]:
    """Lemmas, parts of compounds, and pairs of lemmas, as pieces of their own."""
    if not any(len(each) > 1 for each in forms):
        return []
    single = [
        (bucket(f"lemma {part}"), weight) for each, weight in zip(forms, weights, strict=True) for part in each[1:]
    ]
    lemmas = [each[1] if len(each) > 1 else each[0] for each in forms]
    pairs = zip(pairs_of(lemmas), itertools.pairwise(weights), strict=True)
    return single + [(bucket(f"lemmas {pair}"), min(both)) for pair, both in pairs]


def new_words(examples: Iterable[tuple[str, str]], encoder: Encoder) -> list[str]:
    """Words without a row that stand in two examples (text, language) at least: names, brands, words made up lately."""
    counts = Counter(word for text, language in examples for word in set(encoder.unknown(text, language)))
    return sorted(word for word, count in counts.items() if count >= FEWEST_EXAMPLES)
