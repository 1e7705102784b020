"""The network that ranks intents, as it is used: a few small matrices."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.engine.understanding.encoding import Encoded
from assistant.engine.understanding.word_vectors import Floats, WordVectors

SENTENCE_LENGTH = 4.0
"""The length that the sum of word vectors is brought to, so that long and short requests weigh the same."""
SHORTEST = 1e-3
"""Added to a length before it divides."""


def probabilities(logits: Floats) -> Floats:
    """Each row's share of every column; a row sums to 1."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True)
class Weights:
    """What training finds; everything is kept in the model.

    `tuned_rows`: rows of the word vectors that training saw, with their new vectors in `tuned`; `attention` says how
    much each of these counts, and last how much any other word does. `pieces`: a vector per bucket. `hidden` and
    `output`: the two layers with their biases. `temperature`: what makes confidences mean probabilities.
    """

    tuned_rows: npt.NDArray[np.int32]
    tuned: Floats
    attention: Floats
    pieces: Floats
    hidden: Floats
    hidden_bias: Floats
    output: Floats
    output_bias: Floats
    temperature: Floats

    def save(self, file: Path) -> None:
        """Write them all; the large tables with half the digits."""
        halves = {"tuned": self.tuned.astype(np.float16), "pieces": self.pieces.astype(np.float16)}
        np.savez(file, **{each.name: getattr(self, each.name) for each in fields(self)} | halves)

    @classmethod
    def load(cls, file: Path) -> Weights:
        """Read them again."""
        with np.load(file, allow_pickle=False) as stored:
            read = {each.name: stored[each.name] for each in fields(cls)}
        return cls(**{name: each if name == "tuned_rows" else each.astype(np.float32) for name, each in read.items()})


class Network:
    """Ranks intents by the words of a text and by its pieces."""

    def __init__(self, weights: Weights, vectors: WordVectors) -> None:
        """Put the tuned vectors beside the others."""
        self._weights = weights
        self._vectors = vectors
        self._place = {int(row): place for place, row in enumerate(weights.tuned_rows)}

    def logits(self, encoded: list[Encoded]) -> Floats:
        """One row per text, one column per intent; `probabilities` of them are calibrated."""
        weights = self._weights
        summed = np.stack([self._summed(each) for each in encoded])
        hidden = np.maximum(summed @ weights.hidden + weights.hidden_bias, 0.0)
        scaled: Floats = (hidden @ weights.output + weights.output_bias) / weights.temperature
        return scaled

    def _summed(self, encoded: Encoded) -> Floats:
        pieces = np.array(encoded.piece_weights, np.float32) @ self._weights.pieces[list(encoded.pieces)]
        mean_piece = pieces / np.sqrt(len(encoded.pieces) + 1.0)
        return np.concatenate([*self._of_words(encoded), mean_piece]).astype(np.float32)

    def _of_words(self, encoded: Encoded) -> tuple[Floats, Floats]:
        """The words' vectors added up as they count, and the largest number in each dimension."""
        if not encoded.words:
            nothing = np.zeros(self._vectors.dimensions, np.float32)
            return nothing, nothing
        places = [self._place.get(row, -1) for row in encoded.words]
        vectors = self._vectors[list(encoded.words)]
        known = [at for at, place in enumerate(places) if place >= 0]
        if known:
            vectors[known] = self._weights.tuned[[places[at] for at in known]]
        certainty = np.array(encoded.word_weights, np.float32)
        total: Floats = ((self._weights.attention[places] * certainty) @ vectors).astype(np.float32)
        largest = (vectors * certainty[:, None]).max(axis=0)
        return total * (SENTENCE_LENGTH / (np.linalg.norm(total) + SHORTEST)), largest
