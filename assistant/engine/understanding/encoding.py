"""From a text to the rows that the network adds up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.engine.understanding.lemmas import lemmatiser
from assistant.engine.understanding.words import bucket, pairs_of, pieces_of, words_of


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
        lemmas = lemmatiser(language)
        forms = [(word, *lemmas(word)) for word in words]
        found = [(row, weight) for each, weight in zip(forms, weights) for row in self._rows(each)]
        pieces = [(bucket(p), weight) for word, weight in zip(words, weights) for p in pieces_of(word)]
        pieces += [(bucket(p), min(pair)) for p, pair in zip(pairs_of(words), zip(weights, weights[1:]))]
        pieces += _of_lemmas(forms, weights)
        return Encoded(
            tuple(row for row, _ in found),
            tuple(piece for piece, _ in pieces),
            tuple(weight for _, weight in found),
            tuple(weight for _, weight in pieces),
        )

    def _rows(self, forms: tuple[str, ...]) -> tuple[int, ...]:
        for form in forms[:2]:  # the word, its lemma
            if form in self.rows:
                return (self.rows[form],)
        return tuple(self.rows[part] for part in forms[2:] if part in self.rows)


def _of_lemmas(forms: Sequence[tuple[str, ...]], weights: Sequence[float]) -> list[tuple[int, float]]:
    """Lemmas, parts of compounds, and pairs of lemmas, as pieces of their own."""
    if not any(len(each) > 1 for each in forms):
        return []
    single = [(bucket(f"lemma {part}"), weight) for each, weight in zip(forms, weights) for part in each[1:]]
    lemmas = [each[1] if len(each) > 1 else each[0] for each in forms]
    pairs = zip(pairs_of(lemmas), zip(weights, weights[1:]))
    return single + [(bucket(f"lemmas {pair}"), min(both)) for pair, both in pairs]


LanguageOf = Callable[[str], str]
"""Names the language of a text."""
