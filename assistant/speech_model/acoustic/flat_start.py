"""Where phones lie, before anything is known of them: one Gaussian per pdf, fitted by expectation and maximisation.

From utterances that are cut into equal parts, as the first pass of every recogniser since the 1980s. A network that
begins without it learns for hours that there is speech and silence before it tells phones apart.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from assistant.speech_model.acoustic.examples import Batch
from assistant.speech_model.acoustic.network import SUBSAMPLING
from assistant.speech_model.acoustic.objective import transcript_visits
from assistant.speech_model.acoustic.phone_model import SILENCE, Spoken

_CEPSTRA = 13
_ROUNDS = 12
_SHARPNESS = 0.3
"""Weight of what is heard: neighbouring frames are alike, so a Gaussian is too sure of itself."""
_SILENT_PARTS = 3
"""Parts of the first cut that are silence, on either side."""
_LEAST_VARIANCE = 0.02
_LEAST_FRAMES = 10
_Visits = npt.NDArray[np.float32]


class Gaussians:
    """Means and variances of pdfs over cepstra and their slopes; all zero before they are fitted."""

    def __init__(self, pdfs: int) -> None:
        """Know nothing."""
        self._pdfs = pdfs
        self._means = np.zeros((pdfs, 3 * _CEPSTRA), np.float32)
        self._variances = np.ones_like(self._means)

    def fit(self, batches: Sequence[Batch]) -> None:
        """Twelve rounds over batches without noise."""
        heard = [_observed(batch.features) for batch in batches]
        visits = [_equal_parts(batch, self._pdfs) for batch in batches]
        for _ in range(_ROUNDS):
            self._maximise(heard, visits)
            visits = [self._visits(seen, batch) for seen, batch in zip(heard, batches, strict=True)]

    def visits(self, batch: Batch) -> _Visits:
        """How likely each frame is of each pdf, (utterances, frames, pdfs), zero where an utterance has ended."""
        return self._visits(_observed(batch.features), batch)

    def _visits(self, heard: npt.NDArray[np.float32], batch: Batch) -> _Visits:
        weights = 1 / self._variances
        scores = heard @ (weights * self._means).T - 0.5 * np.square(heard) @ weights.T
        scores -= 0.5 * (weights * np.square(self._means) + np.log(self._variances)).sum(axis=1)
        return transcript_visits(np.asarray(_SHARPNESS * scores, np.float32), batch.lengths, batch.spoken)

    def _maximise(self, heard: Sequence[npt.NDArray[np.float32]], visits: Sequence[_Visits]) -> None:
        counts = np.full((self._pdfs, 1), 1e-9, np.float32)
        sums, squares = np.zeros_like(self._means), np.zeros_like(self._means)
        for values, each in zip(heard, visits, strict=True):
            flat, weights = values.reshape(-1, values.shape[2]), each.reshape(-1, self._pdfs).T
            counts += weights.sum(axis=1, keepdims=True)
            sums += weights @ flat
            squares += weights @ np.square(flat)
        means = sums / counts
        is_seen = counts[:, 0] > _LEAST_FRAMES
        self._means[is_seen] = means[is_seen]
        self._variances[is_seen] = np.maximum(squares / counts - np.square(means), _LEAST_VARIANCE)[is_seen]


def _observed(features: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Cepstra without what is always there, their slopes over 100 ms and the slopes of these; one frame in three."""
    cepstra = features[:, :, :_CEPSTRA] - features[:, :, :_CEPSTRA].mean(axis=1, keepdims=True)
    cepstra /= cepstra.std(axis=(0, 1))
    slopes = _slopes(cepstra)
    both = np.concatenate([cepstra, 2 * slopes, 4 * _slopes(slopes)], axis=2)
    return both[:, ::SUBSAMPLING].astype(np.float32, copy=False)


def _slopes(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    padded = np.pad(values, ((0, 0), (4, 4), (0, 0)), mode="edge")
    return np.asarray((padded[:, 8:] + padded[:, 6:-2] - padded[:, 2:-6] - padded[:, :-8]) / 4, np.float32)


def _equal_parts(batch: Batch, pdfs: int) -> _Visits:
    visits = np.zeros((len(batch.spoken), -(-batch.features.shape[1] // SUBSAMPLING), pdfs), np.float32)
    for number, (spoken, length) in enumerate(zip(batch.spoken, batch.lengths, strict=True)):
        visits[number, np.arange(length), _cut(spoken, int(length))] = 1.0
    return visits


def _cut(spoken: Spoken, length: int) -> npt.NDArray[np.intp]:
    silence = [SILENCE] * _SILENT_PARTS
    units = np.array([*silence, *(unit for word in spoken for unit in word), *silence])
    parts = np.arange(length) * len(units) // length
    is_later = np.append([False], parts[1:] == parts[:-1])
    return np.asarray(2 * units[parts] + is_later, np.intp)
