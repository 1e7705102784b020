"""Lattice-free maximum mutual information, summed over all alignments, so that none is needed to start from.

    objective = log p(sound, transcript) - log p(sound, anything that the phone model allows)

and its gradient is how often a pdf is visited on the way through the transcript, less how often through anything.
Povey et al. 2016, "Purely sequence-trained neural networks for ASR based on lattice-free MMI"; from a flat start
Hadian et al. 2018, "End-to-end speech recognition using lattice-free MMI".

A unit has two pdfs: 2u for its first frame, 2u + 1 for all later ones. Both sums run forwards and backwards over the
frames with all utterances of a batch at once, in probabilities that are scaled frame by frame.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.speech_model.acoustic.phone_model import SILENCE, PhoneModel, Spoken

Floats = npt.NDArray[np.floating]
_TINY = 1e-30


class Objective(NamedTuple):
    """How much a batch tells."""

    values: Floats
    """Per utterance; minus infinity where the sound is too short for its transcript, or too unlike it."""
    gradient: npt.NDArray[np.float32]
    """By the network's outputs, (utterances, frames, pdfs); zero for such utterances."""


def transcript_visits(
    outputs: npt.NDArray[np.float32], lengths: npt.NDArray[np.intp], spoken: Sequence[Spoken]
) -> npt.NDArray[np.float32]:
    """How often each pdf is visited in each frame on the ways through the transcript; zero where there is none."""
    said = _through_transcripts(_likelihoods(outputs, lengths), lengths, spoken)
    visits = _by_pdf(said)
    visits[_is_over(outputs, lengths) | ~np.isfinite(said.likelihoods)[:, None]] = 0.0
    return visits


def _is_over(outputs: npt.NDArray[np.float32], lengths: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    return np.arange(outputs.shape[1])[None] >= lengths[:, None]


def _likelihoods(outputs: npt.NDArray[np.float32], lengths: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
    likelihoods = np.asarray(np.exp(outputs - outputs.max(axis=2, keepdims=True)))
    likelihoods[_is_over(outputs, lengths)] = 1.0
    return likelihoods


def _by_pdf(passage: "_Passage") -> npt.NDArray[np.float32]:
    """(utterances, frames, pdfs)."""
    visits = np.stack([passage.entered, passage.stayed], axis=-1).transpose(1, 0, 2, 3)
    return visits.reshape(*visits.shape[:2], -1).astype(np.float32)


class _Passage(NamedTuple):
    """Log likelihoods (utterances,), and how often units are entered and stayed in: (frames, utterances, units)."""

    likelihoods: Floats
    entered: Floats
    stayed: Floats


class _Chains(NamedTuple):
    """Transcripts as rows of positions, (utterances, positions); `is_unit` has the units as one more axis."""

    units: npt.NDArray[np.intp]
    is_over_silence: npt.NDArray[np.bool_]
    is_end: npt.NDArray[np.bool_]
    is_unit: npt.NDArray[np.bool_]


def mutual_information(
    outputs: npt.NDArray[np.float32], lengths: npt.NDArray[np.intp], spoken: Sequence[Spoken], phones: PhoneModel
) -> Objective:
    """Objective of a batch: outputs (utterances, frames, pdfs) of which the first `lengths` frames count."""
    likelihoods = _likelihoods(outputs, lengths)
    said = _through_transcripts(likelihoods, lengths, spoken)
    anything = _through_anything(likelihoods, lengths, phones)
    gradient = _by_pdf(said) - _by_pdf(anything)
    gradient[_is_over(outputs, lengths) | ~np.isfinite(said.likelihoods)[:, None]] = 0.0
    return Objective(said.likelihoods - anything.likelihoods, gradient)


def _split(likelihoods: Floats) -> tuple[Floats, Floats]:
    """Of first and of later frames, each with the frames in front: (frames, utterances, units)."""
    by_frame = likelihoods.transpose(1, 0, 2)
    return by_frame[:, :, 0::2], by_frame[:, :, 1::2]


def _chains(spoken: Sequence[Spoken], count: int) -> _Chains:
    """Words with a silence before, between and after them, each of which may be left out."""
    rows = [[SILENCE, *(unit for word in words for unit in (*word, SILENCE))] for words in spoken]
    lengths = np.array([len(row) for row in rows])[:, None]
    units = np.zeros((len(rows), lengths.max()), np.intp)
    is_over_silence = np.zeros(units.shape, np.bool_)
    for number, (row, words) in enumerate(zip(rows, spoken, strict=True)):
        units[number, : len(row)] = row
        beginnings = 1 + np.cumsum([0, *(len(word) + 1 for word in words[:-1])], dtype=np.intp)
        is_over_silence[number, beginnings] = True
    at = np.arange(units.shape[1])
    is_end = (at == lengths - 1) | (at == lengths - 2)
    return _Chains(units, is_over_silence, is_end, units[..., None] == np.arange(count))


def _through_anything(
    likelihoods: npt.NDArray[np.float32], lengths: npt.NDArray[np.intp], phones: PhoneModel
) -> _Passage:
    """A state is (unit, utterance, the unit before): so all of them go on by one product of matrices per unit."""
    first, later = (np.ascontiguousarray(each) for each in _split(likelihoods))
    later = np.ascontiguousarray(later.transpose(0, 2, 1))[..., None]
    count, utterances, units = first.shape
    after = np.ascontiguousarray(phones.following.transpose(1, 0, 2))  # (the last, the one before it, the next)
    states = np.zeros((count, units, utterances, units), np.float32)
    states[0, :, :, SILENCE] = (phones.first * first[0]).T
    scales = np.empty((count, utterances), np.float32)
    for frame in range(count):
        if frame:
            entered = np.matmul(states[frame - 1], after)
            entered *= first[frame]
            states[frame] = entered.transpose(2, 1, 0)
            states[frame] += states[frame - 1] * later[frame]
        scales[frame] = states[frame].sum(axis=(0, 2)) + _TINY
        states[frame] /= scales[frame][:, None]
    total, stayed = (np.empty((count, utterances, units), np.float32) for _ in range(2))
    before = np.ascontiguousarray(after.transpose(0, 2, 1))
    rest = np.ones((units, utterances, units), np.float32)
    for frame in range(count - 1, -1, -1):
        rest[:, frame >= lengths - 1] = 1.0  # an utterance may end anywhere
        total[frame] = np.einsum("ubp,ubp->bu", states[frame], rest)
        stayed[frame] = np.einsum("ubp,ubp->bu", states[frame - 1], rest) if frame else 0.0
        stayed[frame] *= later[frame, :, :, 0].T / scales[frame][:, None]
        entering = np.ascontiguousarray(rest.transpose(2, 1, 0))
        entering *= first[frame]
        rest *= later[frame]
        rest += np.matmul(entering, before)
        rest /= rest.sum(axis=(0, 2))[:, None] + _TINY
    ends = np.cumsum(np.log(scales, dtype=np.float64), axis=0)
    return _Passage(ends[lengths - 1, np.arange(utterances)], *_entered_and_stayed(total, stayed))


def _through_transcripts(
    likelihoods: npt.NDArray[np.float32], lengths: npt.NDArray[np.intp], spoken: Sequence[Spoken]
) -> _Passage:
    """A state is a position in the transcript; it follows the one before it, and a silence may be left out."""
    chains = _chains(spoken, likelihoods.shape[2] // 2)
    wanted = np.broadcast_to(chains.units, (likelihoods.shape[1], *chains.units.shape))
    first, later = (np.take_along_axis(each, wanted, axis=2).astype(np.float64) for each in _split(likelihoods))
    count, utterances, positions = first.shape
    states = np.zeros((count, utterances, positions + 2))  # two in front that are never reached
    states[0, :, 2] = first[0, :, 0]
    states[0, :, 3:4] = first[0, :, 1:2]
    scales = np.empty((count, utterances))
    for frame in range(count):
        now = states[frame, :, 2:]
        if frame:
            old = states[frame - 1]
            now[:] = (old[:, 1:-1] + old[:, :-2] * chains.is_over_silence) * first[frame] + old[:, 2:] * later[frame]
        scales[frame] = now.sum(axis=1) + _TINY
        now /= scales[frame][:, None]
    total, stayed = (np.empty(first.shape) for _ in range(2))
    rest = np.zeros((utterances, positions))
    entering = np.zeros((utterances, positions + 2))  # two behind that are never left
    over = np.pad(chains.is_over_silence, ((0, 0), (0, 2)))
    for frame in range(count - 1, -1, -1):
        rest = np.where((frame >= lengths - 1)[:, None], chains.is_end, rest)
        total[frame] = states[frame, :, 2:] * rest
        stayed[frame] = states[frame - 1, :, 2:] * later[frame] * rest / scales[frame][:, None] if frame else 0.0
        np.multiply(rest, first[frame], out=entering[:, :-2])
        rest = rest * later[frame] + entering[:, 1:-1] + entering[:, 2:] * over[:, 2:]
        rest /= rest.sum(axis=1, keepdims=True) + _TINY
    rows = np.arange(utterances)
    arrived = (states[lengths - 1, rows, 2:] * chains.is_end).sum(axis=1)
    with np.errstate(divide="ignore"):
        ends = np.cumsum(np.log(scales), axis=0)[lengths - 1, rows] + np.log(arrived)
    by_position = _entered_and_stayed(total, stayed)
    return _Passage(
        ends,
        *(
            np.matmul(each.transpose(1, 0, 2), chains.is_unit.astype(np.float64)).transpose(1, 0, 2)
            for each in by_position
        ),
    )


def _entered_and_stayed(total: Floats, stayed: Floats) -> tuple[Floats, Floats]:
    """Shares of first and of later frames, from what all and later ones weigh in each frame."""
    weight = total.sum(axis=2, keepdims=True) + _TINY
    return (total - stayed) / weight, stayed / weight
