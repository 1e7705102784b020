"""What can be said at all: a trigram of phones. Training lowers the likelihood of what it allows and nobody said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SILENCE, NOISE = 0, 1
"""Numbers of the two units that are no phones; phones follow."""

Units = Sequence[int]
Spoken = Sequence[Units]
"""A sentence: for each word, its units."""

_SILENCE_AT_EDGES = 0.9
_SILENCE_BETWEEN_WORDS = 0.12


@dataclass(frozen=True)
class PhoneModel:
    """Probabilities of the first unit, shape (units,), and of a unit after two others, (units, units, units)."""

    first: npt.NDArray[np.float32]
    following: npt.NDArray[np.float32]


def phone_model(sentences: Iterable[Spoken], count: int, random: np.random.Generator) -> PhoneModel:
    """Count sentences, with silences put in at random; smoothed by Witten and Bell, so that everything is possible."""
    ones, twos, threes = np.ones(count), np.zeros((count,) * 2), np.zeros((count,) * 3)
    for sentence in sentences:
        units = _with_silences(sentence, random)
        np.add.at(ones, units, 1)
        np.add.at(twos, (units[:-1], units[1:]), 1)
        np.add.at(threes, (units[:-2], units[1:-1], units[2:]), 1)
    following = _interpolated(threes, _interpolated(twos, ones / ones.sum()))
    first = np.full(count, (1 - _SILENCE_AT_EDGES) / (count - 1), np.float32)
    first[SILENCE] = _SILENCE_AT_EDGES
    return PhoneModel(first, following.astype(np.float32))


def _with_silences(sentence: Spoken, random: np.random.Generator) -> npt.NDArray[np.intp]:
    units = [SILENCE] if random.random() < _SILENCE_AT_EDGES else []
    for number, word in enumerate(sentence, start=1):
        units += word
        if random.random() < (_SILENCE_BETWEEN_WORDS if number < len(sentence) else _SILENCE_AT_EDGES):
            units.append(SILENCE)
    return np.asarray(units, np.intp)


def _interpolated(counts: npt.NDArray[np.float64], shorter: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    kinds = (counts > 0).sum(-1, keepdims=True) + 1
    return np.asarray((counts + kinds * shorter) / (counts.sum(-1, keepdims=True) + kinds))
