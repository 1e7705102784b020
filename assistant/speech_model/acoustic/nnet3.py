r"""am/final.mdl, Kaldi's binary file of a transition model and a network, as far as Vosk 0.3.45 reads it.

    \0B <TransitionModel> ... </TransitionModel> <Nnet3> ... </Nnet3> <LeftContext> i <RightContext> i <Priors> v

Formats: Kaldi's base/io-funcs-inl.h, matrix/kaldi-matrix.cc, matrix/compressed-matrix.h, hmm/hmm-topology.cc,
hmm/transition-model.cc, nnet3/nnet-nnet.cc, nnet3/am-nnet-simple.cc. A matrix has 16 bits per number: half the size.
"""

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]
_EVEN = 0.5
"""Probability of staying in a phone, and of leaving it: the network alone decides."""
_MOST = 65_535


@dataclass(frozen=True)
class Affine:
    """A matrix, (outputs, inputs), and a bias, (outputs,)."""

    name: str
    heard: str
    """What goes in, as a descriptor of Kaldi's: `Append(Offset(x, -3), x)`."""
    weights: Matrix
    bias: Matrix

    @property
    def width(self) -> int:
        """How many numbers come out."""
        return len(self.bias)

    def packed(self) -> bytes:
        """The component."""
        inside = (_token("<LinearParams>"), _matrix(self.weights), _token("<BiasParams>"), _vector(self.bias))
        return b"".join((_token("<FixedAffineComponent>"), *inside, _token("</FixedAffineComponent>")))


@dataclass(frozen=True)
class Rectifier:
    """Nothing below zero."""

    name: str
    heard: str
    width: int

    def packed(self) -> bytes:
        """The component."""
        statistics = _token("<ValueAvg>") + _vector(()) + _token("<DerivAvg>") + _vector(())
        inside = (_token("<Dim>"), _int(self.width), statistics, _token("<Count>"), b"\x08", struct.pack("<d", 0.0))
        return b"".join((_token("<RectifiedLinearComponent>"), *inside, _token("</RectifiedLinearComponent>")))


@dataclass(frozen=True)
class Sum:
    """Whatever the descriptor adds up."""

    name: str
    heard: str
    width: int

    def packed(self) -> bytes:
        """The component."""
        inside = (_token("<Dim>"), _int(self.width), _token("<BackpropScale>"), _float(1.0))
        return b"".join((_token("<NoOpComponent>"), *inside, _token("</NoOpComponent>")))


Component = Affine | Rectifier | Sum


def write_acoustic_model(
    file: Path, components: Sequence[Component], features: int, context: int, pdfs: Sequence[tuple[int, int]]
) -> None:
    """Write the file.

    Args:
        file: Where to.
        components: The network in order; the last one's outputs are the scores.
        features: Numbers per frame of input.
        context: Frames that the network sees on either side.
        pdfs: For each phone number, from 1, the pdf of its first frame and that of later ones.
    """
    lines = [f"input-node name=input dim={features}"]
    lines += [f"component-node name={each.name} component={each.name} input={each.heard}" for each in components]
    lines += [f"output-node name=output input={components[-1].name} objective=linear", ""]
    packed = [_token("<ComponentName>") + _token(each.name) + each.packed() for each in components]
    parts = [b"\0B", _transitions(pdfs), _token("<Nnet3>"), b"\n", "".join(f"{line}\n" for line in lines).encode()]
    parts += [_token("<NumComponents>"), _int(len(packed)), *packed, _token("</Nnet3>")]
    parts += [_token("<LeftContext>"), _int(context), _token("<RightContext>"), _int(context)]
    # Without priors scores are taken as they are, which is right after training by mutual information.
    file.write_bytes(b"".join((*parts, _token("<Priors>"), _vector(()))))


def _transitions(pdfs: Sequence[tuple[int, int]]) -> bytes:
    """Kaldi's "chain" topology: one state per phone, with one pdf for its first frame and one for later frames."""
    count = len(pdfs)
    numbers = range(1, count + 1)
    state = _int(0) + _int(1) + _int(2) + _int(0) + _float(_EVEN) + _int(1) + _float(_EVEN)
    end = _int(-1) + _int(-1) + _int(0)
    phones = _ints(numbers) + _ints([-1, *(0 for _ in numbers)])
    # -1: states have a class for later frames, too; then one entry of two states.
    topology = _token("<Topology>") + phones + _int(-1) + _int(1) + _int(2) + state + end + _token("</Topology>")
    tuples = b"".join(_int(number) + _int(0) + _int(a) + _int(b) for number, (a, b) in enumerate(pdfs, start=1))
    costs = _vector((0.0, *(math.log(_EVEN) for _ in range(2 * count))))
    inside = (topology, _token("<Tuples>"), _int(count), tuples, _token("</Tuples>"), _token("<LogProbs>"), costs)
    return b"".join((_token("<TransitionModel>"), *inside, _token("</LogProbs>"), _token("</TransitionModel>")))


def _token(text: str) -> bytes:
    return text.encode() + b" "


def _int(value: int) -> bytes:
    return struct.pack("<bi", 4, value)


def _float(value: float) -> bytes:
    return struct.pack("<bf", 4, value)


def _ints(values: Sequence[int]) -> bytes:
    return _int(len(values)) + np.asarray(values, "<i4").tobytes()


def _vector(values: npt.ArrayLike) -> bytes:
    numbers = np.asarray(values, "<f4")
    return _token("FV") + _int(len(numbers)) + numbers.tobytes()


def _matrix(values: Matrix) -> bytes:
    lowest, highest = float(values.min()), float(values.max())
    spread = highest - lowest or 1.0
    steps: npt.NDArray[np.uint16] = np.rint((values - lowest) / spread * _MOST).astype("<u2")
    return _token("CM2") + struct.pack("<ffii", lowest, spread, *values.shape) + steps.tobytes()
