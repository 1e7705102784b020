"""Ranks intents by what each piece of a text speaks for: logistic regression, which the network is averaged with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.engine.understanding.encoding import Encoded
from assistant.engine.understanding.word_vectors import Floats


@dataclass(frozen=True)
class Linear:
    """How much each piece speaks for each intent, a row per bucket; and how likely each is without any."""

    pieces: Floats
    bias: Floats

    def logits(self, encoded: list[Encoded]) -> Floats:
        """One row per text, one column per intent."""
        return np.stack([self._sum(each) for each in encoded])

    def save(self, file: Path) -> None:
        """Write them, with half the digits."""
        np.savez(file, pieces=self.pieces.astype(np.float16), bias=self.bias)

    @classmethod
    def load(cls, file: Path) -> Linear:
        """Read them again."""
        with np.load(file, allow_pickle=False) as stored:
            return cls(stored["pieces"].astype(np.float32), stored["bias"])

    def _sum(self, encoded: Encoded) -> Floats:
        weights = dict(zip(encoded.pieces, encoded.piece_weights, strict=True))  # a piece counts once
        rows = self.pieces[list(weights)]
        summed: Floats = np.array(list(weights.values()), np.float32) @ rows + self.bias
        return summed
