"""What words mean, as vectors of one space for three languages (models/words/README.md says where they come from)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class WordVectors:
    """The row of each word in a matrix of 8-bit integers; `scale` makes them numbers of about unit length."""

    rows: dict[str, int]
    matrix: npt.NDArray[np.int8]
    scale: float
    added: tuple[str, ...] = ()
    """Words that have their rows behind those of the file."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return int(self.matrix.shape[1])

    def extended(self, words: Sequence[str]) -> WordVectors:
        """The same with rows of zeros for words that have none yet, for training to fill."""
        rows = self.rows | {word: len(self.rows) + number for number, word in enumerate(words)}
        nothing = np.zeros((len(words), self.dimensions), np.int8)
        return WordVectors(rows, np.vstack([self.matrix, nothing]), self.scale, (*self.added, *words))

    def __getitem__(self, rows: list[int]) -> Floats:
        """The vectors of rows, one below the other."""
        return self.matrix[rows].astype(np.float32) * np.float32(self.scale)


def read_word_vectors(file: Path) -> WordVectors:
    """The vectors of a words.npz.

    Raises:
        ValueError: the file is missing or is no such file; the message names it.
    """
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
            words = stored["words"].tobytes().decode().split("\n")
            matrix = stored["vectors"]
    except (OSError, EOFError, KeyError, ValueError, BadZipFile) as error:
        raise ValueError(f"{file} holds no word vectors: {error}") from None
    lengths = np.linalg.norm(matrix.astype(np.float32), axis=1)
    return WordVectors({word: row for row, word in enumerate(words)}, matrix, 1.0 / float(lengths.mean()))
