"""Trains the network until the time is over; whenever it is stopped, it goes on from its last checkpoint.

What a network has learned is kept beside its model, too, so that others can go on from there with speech of their own.
"""

import itertools
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from assistant.core.errors import SettingsError
from assistant.speech_model.acoustic.examples import Batch, Examples
from assistant.speech_model.acoustic.features import FRAMES_PER_SECOND
from assistant.speech_model.acoustic.flat_start import Gaussians
from assistant.speech_model.acoustic.network import AcousticNetwork, Shape
from assistant.speech_model.acoustic.objective import mutual_information
from assistant.speech_model.acoustic.parameters import AdamW, Floats
from assistant.speech_model.acoustic.phone_model import PhoneModel


@dataclass
class Progress:
    """What has been done so far, in all runs."""

    pool: int = 0
    steps: int = 0
    seconds: float = 0.0
    hours: float = 0.0
    """Of augmented speech that was learned from."""
    is_further: bool = False
    """Whether it began with what another training had learned."""


@dataclass(frozen=True)
class Plan:
    """How long and how fast to learn. The rate falls exponentially with the share of it that is over."""

    minutes: float
    hours: float = math.inf
    """Of augmented speech; whichever of the two is over first ends it."""
    first_rate: float = 2e-3
    further_rate: float = 1e-3
    """Instead of the first one, for a network that has learned before: a faster one would undo that."""
    last_rate: float = 5e-5
    warm_up_steps: int = 100
    batch_seconds: float = 30.0
    pool: int = 600
    """Utterances that are sorted by length, so that those of a batch are about as long."""
    flat_steps: int = 600
    """Steps in which the network learns where Gaussians have put the phones."""
    decay: float = 1e-3
    steepest: float = 5.0
    """Longest gradient; a longer one is cut."""
    calm: float = 1e-3
    """Weight of the scores' mean square, which keeps them from drifting away."""
    checkpoint_seconds: float = 120.0

    def share(self, progress: Progress) -> float:
        """How much of it is over; 1 is all."""
        return max(progress.seconds / (60 * self.minutes), progress.hours / self.hours)

    def rate(self, progress: Progress) -> float:
        """How fast to learn now."""
        first = self.further_rate if progress.is_further else self.first_rate
        falling: float = first * (self.last_rate / first) ** min(self.share(progress), 1.0)
        return falling * min(1.0, (progress.steps + 1) / self.warm_up_steps)


class Training:
    """A network that learns; `folder` keeps its checkpoint."""

    def __init__(self, folder: Path, shape: Shape, phones: PhoneModel, plan: Plan, learned: Path) -> None:
        """Take up the checkpoint, if there is one, else what `learned` has of an earlier training, if anything.

        Raises:
            SettingsError: that is of another network.
        """
        self._file, self._phones, self._plan = folder / "checkpoint.npz", phones, plan
        self.network = AcousticNetwork(shape)
        self.progress = Progress()
        self._optimiser = AdamW(self.network.parameters, plan.decay, plan.steepest)
        if self._file.is_file():
            self._restore()
        elif learned.is_file():
            self._take_from(learned, self._learned())
            self.progress.is_further = True

    def __call__(self, examples: Examples, report: Callable[[Progress, float], None]) -> None:
        """Learn until the plan is over; `report` is told the objective per frame of each pool."""
        begun = time.monotonic() - self.progress.seconds
        saved = time.monotonic()
        if not self.progress.is_further and self.progress.steps < self._plan.flat_steps:
            self._start_flat(examples.clean())
        while self._plan.share(self.progress) < 1:
            values: list[float] = []
            for batch in examples.batches(self.progress.pool):
                values.append(self._learn(batch))
                self.progress.seconds = time.monotonic() - begun
                if self._plan.share(self.progress) >= 1:
                    break
            self.progress.pool += 1
            report(self.progress, float(np.mean(values)))
            if time.monotonic() - saved > self._plan.checkpoint_seconds:
                self._save()
                saved = time.monotonic()
        self._save()

    def _start_flat(self, clean: Examples) -> None:
        """Learn from quiet speech where the phones lie, as far as Gaussians know it."""
        fitted = list(clean.batches(0))
        self.network.listen_to(np.concatenate([batch.features[0] for batch in fitted]))
        gaussians = Gaussians(self.network.shape.pdfs)
        gaussians.fit(fitted)
        pools = (batch for pool in itertools.count(1) for batch in clean.batches(pool))
        for batch in itertools.islice(pools, self._plan.flat_steps - self.progress.steps):
            scores = self.network.forward(batch.features)
            visits = gaussians.visits(batch)
            likely = np.exp(scores - scores.max(axis=2, keepdims=True))
            likely *= visits.sum(axis=2, keepdims=True) / likely.sum(axis=2, keepdims=True)
            self._climb(scores, visits - likely, float(visits.sum()))

    def _learn(self, batch: Batch) -> float:
        """One step; the objective per frame."""
        scores = self.network.forward(batch.features)
        objective = mutual_information(scores, batch.lengths, batch.spoken, self._phones)
        is_heard = np.isfinite(objective.values)
        frames = max(int(batch.lengths[is_heard].sum()), 1)
        self._climb(scores, objective.gradient, frames)
        self.progress.hours += batch.features.shape[0] * batch.features.shape[1] / FRAMES_PER_SECOND / 3600
        return float(objective.values[is_heard].sum() / frames)

    def _climb(self, scores: Floats, gradient: Floats, frames: float) -> None:
        """A step along the gradient of an objective, summed over so many frames, by the scores."""
        calm = np.float32(2 * self._plan.calm / scores.size)
        self.network.backward(calm * scores - gradient / np.float32(frames))
        self._optimiser.step(self._plan.rate(self.progress))
        self.progress.steps += 1

    def _save(self) -> None:
        fresh = self._file.with_suffix(".new.npz")
        progress = {name: np.array(value) for name, value in asdict(self.progress).items()}
        np.savez(fresh, allow_pickle=False, **self._state(), **progress)
        fresh.replace(self._file)

    def keep(self, file: Path) -> None:
        """Write what the network has learned, in 16 bits, to go on from."""
        fresh = file.with_suffix(".new.npz")
        np.savez(fresh, allow_pickle=False, **{name: part.astype(np.float16) for name, part in self._learned().items()})
        fresh.replace(file)

    def _restore(self) -> None:
        self._take_from(self._file, self._state())
        with np.load(self._file) as kept:
            self.progress = Progress(**{each.name: kept[each.name].item() for each in fields(Progress)})
        self._optimiser.steps = self.progress.steps

    def _take_from(self, file: Path, parts: Mapping[str, Floats]) -> None:
        with np.load(file) as kept:
            for name, array in parts.items():
                if array.shape != kept[name].shape:
                    raise SettingsError(f"{file} is of another network: move it away to begin anew")
                array[:] = kept[name]

    def _state(self) -> dict[str, Floats]:
        """Everything that changes in training, as views."""
        return self._learned() | {"mean": self._optimiser.mean, "square": self._optimiser.square}

    def _learned(self) -> dict[str, Floats]:
        """What makes the network what it is, as views."""
        network = self.network
        parts = {"values": network.parameters.vector, "centre": network.centre, "scale": network.scale}
        parts |= {f"{name}.mean": mean for name, mean in network.means.items()}
        return parts | {f"{name}.variance": variance for name, variance in network.variances.items()}
