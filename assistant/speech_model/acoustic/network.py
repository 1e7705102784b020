"""The acoustic network: a factored time-delay network (TDNN-F), from cepstra to scores of pdfs every 30 ms.

Povey et al. 2018, "Semi-orthogonal low-rank matrix factorization for deep neural networks", without the
orthogonality, which batch normalisation makes dispensable in networks as small as these. Almost all the time goes into
products of matrices, so numpy learns as fast as PyTorch on a processor (docs/adr/0022).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from assistant.speech_model.acoustic.features import SIZE
from assistant.speech_model.acoustic.nnet3 import Affine, Component, Rectifier, Sum
from assistant.speech_model.acoustic.parameters import Floats, Parameters

SUBSAMPLING = 3
"""Frames of cepstra for each frame of scores; Vosk 0.3.45 counts times in 30 ms."""
_KEPT = 0.66
"""Share of a layer's input that goes past it."""
_LEAST_VARIANCE = 1e-5
_FRESH = 0.1
"""Weight of a batch in the running means and variances."""


@dataclass(frozen=True)
class Shape:
    """How large a network is."""

    pdfs: int
    width: int = 512
    bottleneck: int = 128
    layers: int = 7
    spliced: int = 4
    last: int = 192

    @property
    def context(self) -> int:
        """Frames of cepstra before and after the one in question that are looked at."""
        return self.spliced + SUBSAMPLING * self.layers

    def parameters(self) -> dict[str, tuple[int, ...]]:
        """Shapes of what is learned; a matrix is (outputs, inputs)."""
        shapes: dict[str, tuple[int, ...]] = {"first": (self.width, (2 * self.spliced + 1) * SIZE)}
        for layer in range(1, self.layers + 1):
            shapes[f"layer{layer}.narrow"] = (2 * self.bottleneck, self.width)
            shapes[f"layer{layer}"] = (self.width, 2 * self.bottleneck)
        shapes |= {"last": (self.last, self.width), "scores": (self.pdfs, self.last)}
        normalised = {name: shape[:1] for name, shape in shapes.items() if name in self.normalised()}
        gains = {f"{name}.{part}": shape for name, shape in normalised.items() for part in ("gain", "shift")}
        return {**shapes, **gains, "scores.shift": (self.pdfs,)}

    def normalised(self) -> tuple[str, ...]:
        """Affine parts that are followed by a normalisation and a rectifier."""
        return ("first", *(f"layer{layer}" for layer in range(1, self.layers + 1)), "last")


class _Passed(NamedTuple):
    """What a part has seen, to go back by: input, normalised sums, what they were multiplied by, output, row by row."""

    heard: Floats
    sums: Floats
    spread: Floats
    out: Floats


class AcousticNetwork:
    """Scores of pdfs, (utterances, frames / 3, pdfs), from cepstra (utterances, frames, SIZE)."""

    def __init__(self, shape: Shape, seed: int = 0) -> None:
        """Matrices begin evenly spread over 1 / sqrt(inputs), gains at one, shifts at zero."""
        random = np.random.default_rng(seed)
        self.shape = shape
        self.parameters = Parameters(shape.parameters())
        for name, values in self.parameters.values.items():
            if values.ndim > 1:
                values[:] = random.uniform(-1, 1, values.shape) / np.sqrt(values.shape[1])
            elif name.endswith("gain"):
                values[:] = 1.0
        widths = {name: self.parameters.values[name].shape[0] for name in shape.normalised()}
        self.means = {name: np.zeros(width, np.float32) for name, width in widths.items()}
        """Running means before normalisation, and variances: what a network that no longer learns goes by."""
        self.variances = {name: np.ones(width, np.float32) for name, width in widths.items()}
        self.centre, self.scale = np.zeros(SIZE, np.float32), np.ones(SIZE, np.float32)
        self._passed: dict[str, _Passed] = {}
        self._heard: dict[str, Floats] = {}

    def listen_to(self, features: Floats) -> None:
        """Take mean and spread of cepstra, (frames, SIZE), from what will be heard."""
        self.centre[:] = features.mean(axis=0)
        self.scale[:] = 1 / features.std(axis=0)

    def forward(self, features: Floats, *, is_learning: bool = True) -> Floats:
        """Scores. As Kaldi does, the first and the last frame go on for ever."""
        heard = self._normalised("first", self._windows(features), is_learning=is_learning)
        for layer in range(1, self.shape.layers + 1):
            heard = self._layer(f"layer{layer}", heard, is_learning=is_learning)
        heard = self._normalised("last", heard, is_learning=is_learning)
        values = self.parameters.values
        return heard @ values["scores"].T + values["scores.shift"]

    def backward(self, slopes: Floats) -> None:
        """Write the gradient of what falls by `slopes`, (utterances, frames / 3, pdfs), in the last scores."""
        values, gradients = self.parameters.values, self.parameters.gradients
        flat = slopes.reshape(-1, slopes.shape[2])
        gradients["scores"][:] = flat.T @ self._passed["last"].out
        gradients["scores.shift"][:] = flat.sum(axis=0)
        slopes = self._normalised_back("last", slopes @ values["scores"])
        for layer in range(self.shape.layers, 0, -1):
            slopes = self._layer_back(f"layer{layer}", slopes)
        self._normalised_back("first", slopes, is_input=True)

    def _windows(self, features: Floats) -> Floats:
        """(utterances, frames of scores and the context of the layers, values of a window)."""
        frames = features.shape[1]
        count = -(-frames // SUBSAMPLING)
        context = self.shape.context
        after = context + SUBSAMPLING * count - frames
        padded = np.pad((features - self.centre) * self.scale, ((0, 0), (context, after), (0, 0)), mode="edge")
        width = 2 * self.shape.spliced + 1
        windows = np.lib.stride_tricks.sliding_window_view(padded, width, axis=1)[:, ::SUBSAMPLING]
        windows = windows[:, : count + 2 * self.shape.layers].transpose(0, 1, 3, 2)
        return windows.reshape(*windows.shape[:2], -1)

    def _layer(self, name: str, heard: Floats, *, is_learning: bool) -> Floats:
        """(utterances, frames + 2, width) to (utterances, frames, width): a bottleneck over two frames, and back."""
        both = heard @ self.parameters.values[f"{name}.narrow"].T
        half = self.shape.bottleneck
        narrow = both[:, :-1, :half] + both[:, 1:, half:]
        out = self._normalised(name, np.concatenate([narrow[:, :-1], narrow[:, 1:]], axis=2), is_learning=is_learning)
        self._heard[name] = heard
        return out + np.float32(_KEPT) * heard[:, 1:-1]

    def _layer_back(self, name: str, slopes: Floats) -> Floats:
        half, heard = self.shape.bottleneck, self._heard[name]
        spliced = self._normalised_back(name, slopes)
        narrow = np.zeros((len(slopes), slopes.shape[1] + 1, half), np.float32)
        narrow[:, :-1] = spliced[..., :half]
        narrow[:, 1:] += spliced[..., half:]
        both = np.zeros((*heard.shape[:2], 2 * half), np.float32)
        both[:, :-1, :half] = both[:, 1:, half:] = narrow
        flat = both.reshape(-1, 2 * half)
        np.matmul(flat.T, heard.reshape(-1, heard.shape[2]), out=self.parameters.gradients[f"{name}.narrow"])
        before = both @ self.parameters.values[f"{name}.narrow"]
        before[:, 1:-1] += np.float32(_KEPT) * slopes
        return before

    def _normalised(self, name: str, heard: Floats, *, is_learning: bool) -> Floats:
        """An affine part, normalised over all rows, without what is below zero."""
        values = self.parameters.values
        flat = heard.reshape(-1, heard.shape[2])
        sums = flat @ values[name].T
        mean, variance = self.means[name], self.variances[name]
        if is_learning:
            mean = sums.mean(axis=0)
            self.means[name] += np.float32(_FRESH) * (mean - self.means[name])
        sums -= mean
        if is_learning:
            variance = np.einsum("ij,ij->j", sums, sums) / len(sums)
            self.variances[name] += np.float32(_FRESH) * (variance - self.variances[name])
        spread = 1 / np.sqrt(variance + np.float32(_LEAST_VARIANCE))
        sums *= spread
        out = sums * values[f"{name}.gain"]
        out += values[f"{name}.shift"]
        np.maximum(out, 0.0, out=out)
        self._passed[name] = _Passed(flat, sums, spread, out)
        return out.reshape(*heard.shape[:2], -1)

    def _normalised_back(self, name: str, slopes: Floats, *, is_input: bool = False) -> Floats:
        values, gradients, passed = self.parameters.values, self.parameters.gradients, self._passed[name]
        flat = slopes.reshape(passed.out.shape) * (passed.out > 0)
        shift, gain = flat.sum(axis=0), np.einsum("ij,ij->j", flat, passed.sums)
        gradients[f"{name}.shift"][:], gradients[f"{name}.gain"][:] = shift, gain
        flat -= shift / len(flat)
        flat -= passed.sums * (gain / len(flat))
        flat *= values[f"{name}.gain"] * passed.spread
        np.matmul(flat.T, passed.heard, out=gradients[name])
        return flat if is_input else (flat @ values[name]).reshape(*slopes.shape[:2], -1)

    def components(self) -> list[Component]:
        """The network as Kaldi's components, with normalisations folded into what they follow."""
        shape = self.shape
        scale = np.tile(self.scale, 2 * shape.spliced + 1)
        weights, bias = self._folded("first")
        bias = bias - weights @ (scale * np.tile(self.centre, 2 * shape.spliced + 1))
        spliced = ", ".join(f"Offset(input, {at})" for at in range(-shape.spliced, shape.spliced + 1))
        parts: list[Component] = [
            Affine("first.affine", f"Append({spliced})", weights * scale, bias),
            Rectifier("first", "first.affine", shape.width),
        ]
        for layer in range(1, shape.layers + 1):
            parts += self._layer_components(f"layer{layer}", parts[-1].name)
        values = self.parameters.values
        return [
            *parts,
            Affine("last.affine", parts[-1].name, *self._folded("last")),
            Rectifier("last", "last.affine", shape.last),
            Affine("scores", "last", values["scores"], values["scores.shift"]),
        ]

    def _layer_components(self, name: str, heard: str) -> list[Component]:
        earlier, now = np.split(self.parameters.values[f"{name}.narrow"], 2)
        narrow = np.concatenate([earlier, now], axis=1)
        before, after = f"Offset({heard}, {-SUBSAMPLING})", f"Offset({name}.narrow, {SUBSAMPLING})"
        return [
            Affine(f"{name}.narrow", f"Append({before}, {heard})", narrow, np.zeros(len(narrow), np.float32)),
            Affine(f"{name}.affine", f"Append({name}.narrow, {after})", *self._folded(name)),
            Rectifier(f"{name}.rectified", f"{name}.affine", self.shape.width),
            Sum(name, f"Sum(Scale({_KEPT}, {heard}), {name}.rectified)", self.shape.width),
        ]

    def _folded(self, name: str) -> tuple[Floats, Floats]:
        values = self.parameters.values
        gain = values[f"{name}.gain"] / np.sqrt(self.variances[name] + np.float32(_LEAST_VARIANCE))
        return values[name] * gain[:, None], values[f"{name}.shift"] - self.means[name] * gain
