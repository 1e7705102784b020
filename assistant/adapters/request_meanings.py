"""What requests mean, as rows of numbers, so that those of like meaning are found together, in whatever language.

From the word vectors that the classifier starts from (models/words/README.md); the engine's own reading of a request
would not do, for these are the requests that it does not understand.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

from assistant.core.errors import SettingsError

LIKE = 0.65
"""Requests whose rows have this product mean the same (benchmarks/inbox.py prints what that finds)."""
SHORTEST_STEM = 4
BLOCK = 512

Floats = npt.NDArray[np.float32]
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


@dataclass(frozen=True)
class RequestMeanings:
    """The mean of a request's word vectors, rare words counting more; `weights` has those of frequent words."""

    rows: dict[str, int]
    matrix: npt.NDArray[np.int8]
    weights: dict[str, float]
    rarest: float

    def __call__(self, texts: Sequence[str]) -> Floats:
        """A row of length 1 for each text."""
        return np.stack([self._row(text) for text in texts]).astype(np.float32)

    def _row(self, text: str) -> Floats:
        total = np.zeros(self.matrix.shape[1], np.float32)
        for word in _WORD.findall(text.lower()) or [text]:
            total += self.weights.get(word, self.rarest) * self._vector(word)
        length = float(np.linalg.norm(total))
        return np.asarray(total / length if length else total, np.float32)

    def _vector(self, word: str) -> Floats:
        for end in range(len(word), min(SHORTEST_STEM, len(word)) - 1, -1):  # endings tell little: "autoga", "машину"
            if (row := self.rows.get(word[:end])) is not None:
                vector = self.matrix[row].astype(np.float32)
                return np.asarray(vector / max(float(np.linalg.norm(vector)), 1.0), np.float32)
        # A word that nobody knows is like itself alone.
        random = np.random.default_rng(crc32(word.encode()))
        unknown: Floats = random.standard_normal((1, self.matrix.shape[1]))[0].astype(np.float32)
        return np.asarray(unknown / np.linalg.norm(unknown), np.float32)


def read_meanings(file: Path, examples: Iterable[str]) -> RequestMeanings:
    """The meanings of a words.npz, weighed by how often words are used in `examples`.

    Raises:
        SettingsError: the file is missing or is none.
    """
    try:
        with np.load(file, allow_pickle=False) as stored:
            words, matrix = stored["words"].tobytes().decode().split("\n"), stored["vectors"]
    except (OSError, EOFError, KeyError, ValueError):
        raise SettingsError(f"KRATT_MODELS: {file} holds no word vectors") from None
    said = [set(_WORD.findall(example.lower())) for example in examples]
    counts = Counter(chain.from_iterable(said))
    weights = {word: math.log((len(said) + 1) / (count + 1)) for word, count in counts.items()}
    return RequestMeanings({word: row for row, word in enumerate(words)}, matrix, weights, math.log(len(said) + 1))


def assign(new: Floats, old: Floats) -> tuple[list[int], list[int]]:
    """Put each new row to the group that it is most like, or let it begin one.

    Returns:
        The number of each row's group, and the rows that begin groups, which are numbered on after the old ones.
    """
    leaders = np.zeros((len(old) + len(new), new.shape[1]), np.float32)
    leaders[: len(old)] = old
    numbers: list[int] = []
    founders: list[int] = []
    for begin in range(0, len(new), BLOCK):
        block = new[begin : begin + BLOCK]
        known = len(old) + len(founders)
        nearest = (block @ leaders[:known].T) if known else np.zeros((len(block), 0), np.float32)
        for place, row in enumerate(block):
            likes = np.concatenate([nearest[place], leaders[known : len(old) + len(founders)] @ row])
            best = int(likes.argmax()) if likes.size else -1
            if best < 0 or likes[best] < LIKE:
                best = len(old) + len(founders)
                leaders[best] = row
                founders.append(begin + place)
            numbers.append(best)
    return numbers, founders
