"""Ranks intents by the mean of two that are wrong about different requests.

The network knows what words mean, whether any example has them or not; the logistic regression holds on to which words
were said. Their logits are averaged: of two that disagree, the surer one counts more. `benchmarks/features.py` prints
what each of them reaches alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from assistant.engine.understanding.encoding import Encoded
from assistant.engine.understanding.linear import Linear
from assistant.engine.understanding.network import Network, Weights, probabilities
from assistant.engine.understanding.train_linear import train_linear
from assistant.engine.understanding.train_network import Labels, Plan, train_network
from assistant.engine.understanding.word_vectors import Floats, WordVectors

NETWORK, LINEAR = "network.npz", "linear.npz"


@dataclass(frozen=True)
class Trained:
    """What training finds."""

    network: Weights
    linear: Linear

    def save(self, folder: Path) -> None:
        """Write both."""
        self.network.save(folder / NETWORK)
        self.linear.save(folder / LINEAR)

    @classmethod
    def load(cls, folder: Path) -> Trained:
        """Read both again."""
        return cls(Weights.load(folder / NETWORK), Linear.load(folder / LINEAR))


LOOKS_AT_NEW = 15
"""How much more often than others an example is looked at that an earlier model has not learned."""


@dataclass(frozen=True)
class Earlier:
    """What to go on from: what an earlier model with the same intents has learned; `new` are examples it has not."""

    trained: Trained
    new: Labels


class Ranker:
    """Both, as they are used."""

    def __init__(self, trained: Trained, vectors: WordVectors) -> None:
        self._network = Network(trained.network, vectors)
        self._linear = trained.linear

    def probabilities(self, encoded: list[Encoded]) -> Floats:
        """One row per text, one column per intent; each row sums to 1."""
        summed: Floats = self._network.logits(encoded) + self._linear.logits(encoded)
        return probabilities(summed / np.float32(2))


def train_ranker(
    encoded: Sequence[Encoded],
    labels: Labels,
    intents: int,
    vectors: WordVectors,
    plan: Plan,
    earlier: Earlier | None = None,
) -> Trained:
    """What ranks `intents` intents as the labels say; both learn at the same time, on a core each.

    From what an earlier model has learned it takes a fraction of the time.
    """
    begin = earlier.trained if earlier else None
    if earlier:
        encoded = [*encoded, *(encoded[at] for at in earlier.new for _ in range(LOOKS_AT_NEW))]
        labels = np.concatenate([labels, np.repeat(labels[earlier.new], LOOKS_AT_NEW)])
    # A fresh process: a fork would copy Rasa's threads' locks without the threads.
    with ProcessPoolExecutor(1, get_context("spawn")) as beside:
        linear = beside.submit(train_linear, encoded, labels, intents, begin=begin.linear if begin else None)
        network = train_network(encoded, labels, intents, vectors, plan, begin.network if begin else None)
        return Trained(network, linear.result())
