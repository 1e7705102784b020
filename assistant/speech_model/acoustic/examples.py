"""Batches to learn from: recordings and synthetic speech, each time otherwise augmented."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.speech_model.acoustic.augmentation import UNCHANGED, Augmentation, Random
from assistant.speech_model.acoustic.features import FRAMES_PER_SECOND, RATE_HERTZ, SIZE, Features, mfcc
from assistant.speech_model.acoustic.network import SUBSAMPLING
from assistant.speech_model.acoustic.phone_model import NOISE, Spoken, Units
from assistant.speech_model.acoustic.store import SpeechStore, Utterance

_OTHERS = 40
"""Utterances that babble is made of, per pool."""
_SHORTEST, _LONGEST = RATE_HERTZ // 5, 15 * RATE_HERTZ


class Batch(NamedTuple):
    """Features (utterances, frames, SIZE), how many frames of scores count, and what is said."""

    features: npt.NDArray[np.float32]
    lengths: npt.NDArray[np.intp]
    spoken: list[Spoken]


@dataclass(frozen=True)
class Pronouncing:
    """Sentences to units, as one could say them."""

    ways: Mapping[str, Sequence[Units]]
    usual: float = 0.75
    """How often a word is said in the first way of the lexicon."""
    unknown: float = 0.04
    """How often a word is one that the lexicon does not have: the network learns what `[unk]` sounds like."""

    def __call__(self, words: Sequence[str], random: Random) -> Spoken:
        """One way to say the words. Not every word is unknown where there are several."""
        spoken = [self._said(word, random) for word in words]
        if len(words) > 1:
            spoken = [(NOISE,) if random.random() < self.unknown else units for units in spoken]
        return spoken

    def _said(self, word: str, random: Random) -> Units:
        ways = self.ways[word]
        return ways[0] if random.random() < self.usual else ways[int(random.integers(len(ways)))]


@dataclass(frozen=True)
class Examples:
    """All there is to learn from."""

    stores: Sequence[tuple[SpeechStore, float]]
    """Each with the share of the utterances that come from it."""
    pronouncing: Pronouncing
    seconds: float
    """Sound per batch, at most."""
    at_once: int
    """Utterances per pool."""
    augmentation: Augmentation = field(default_factory=Augmentation)

    def clean(self) -> "Examples":
        """The same without any change, and without unknown words."""
        return replace(self, augmentation=UNCHANGED, pronouncing=replace(self.pronouncing, unknown=0.0))

    def batches(self, pool: int) -> Iterator[Batch]:
        """Those of the pool of that number: the same each time, but for floating point."""
        random = np.random.default_rng([0, pool])
        chosen = [
            (store, each) for store, share in self.stores for each in _drawn(store, round(share * self.at_once), random)
        ]
        others = [
            store.sound(each) for store, each in (chosen[at] for at in random.integers(len(chosen), size=_OTHERS))
        ]
        heard = [
            (mfcc(self.augmentation(store.sound(each), random, others)), self.pronouncing(each.text.split(), random))
            for store, each in chosen
        ]
        heard.sort(key=lambda each: len(each[0]))
        groups = list(_grouped([len(features) for features, _ in heard], int(self.seconds * FRAMES_PER_SECOND)))
        random.shuffle(groups)
        for group in groups:
            yield batch_of([heard[at] for at in range(*group)])


def batch_of(heard: Sequence[tuple[Features, Spoken]]) -> Batch:
    """Put utterances side by side; what is too short goes on with its last frame."""
    lengths = np.array([len(features) for features, _ in heard])
    padded = np.empty((len(heard), lengths.max(), SIZE), np.float32)
    for number, (features, _) in enumerate(heard):
        padded[number, : len(features)], padded[number, len(features) :] = features, features[-1]
    return Batch(padded, -(-lengths // SUBSAMPLING), [spoken for _, spoken in heard])


def _drawn(store: SpeechStore, count: int, random: Random) -> list[Utterance]:
    usable = [each for each in store.utterances if _SHORTEST <= each.length <= _LONGEST]
    return [usable[at] for at in random.integers(len(usable), size=count)]


def _grouped(lengths: Sequence[int], frames: int) -> Iterator[tuple[int, int]]:
    """Ranges of ascending lengths whose longest times their number is at most so many frames."""
    begin = 0
    for end in range(1, len(lengths) + 1):
        if end == len(lengths) or lengths[end] * (end + 1 - begin) > frames:
            yield begin, end
            begin = end
