"""How the logistic regression learns: in a few seconds, by Adagrad on batches, with pieces left out by chance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.engine.understanding.descent import Bag, Table, cross_entropy_gradient
from assistant.engine.understanding.encoding import Encoded
from assistant.engine.understanding.linear import Linear
from assistant.engine.understanding.words import BUCKETS


@dataclass(frozen=True)
class LinearPlan:
    """How to learn; accuracy hangs little on these, as long as the rate is not much smaller."""

    epochs: int = 12
    batch: int = 128
    rate: float = 2.0
    left_out: float = 0.15
    more_epochs: int = 3  # from what an earlier model has learned, at a smaller rate
    more_rate: float = 0.4
    seed: int = 7


def train_linear(
    encoded: Sequence[Encoded],
    labels: npt.NDArray[np.int64],
    intents: int,
    plan: LinearPlan = LinearPlan(),
    begin: Linear | None = None,
) -> Linear:
    """Weights that rank `intents` intents as the labels say; `begin` are an earlier model's with the same intents."""
    random = np.random.default_rng(plan.seed)
    texts = [np.unique(np.array(each.pieces, np.int32)) for each in encoded]
    pieces = Table(begin.pieces.copy() if begin else np.zeros((BUCKETS, intents), np.float32))
    bias = Table(begin.bias[None, :].copy() if begin else np.zeros((1, intents), np.float32))
    epochs, highest = (plan.more_epochs, plan.more_rate) if begin else (plan.epochs, plan.rate)
    batches = math.ceil(len(texts) / plan.batch)
    for step in range(epochs * batches):
        if step % batches == 0:
            order = np.array_split(random.permutation(len(texts)), batches)
        batch = order[step % batches]
        bag = Bag([texts[at] for at in batch], BUCKETS)
        shares = bag.shares((random.random(len(bag.at), np.float32) >= plan.left_out).astype(np.float32))
        error = cross_entropy_gradient(shares @ pieces.values[bag.rows] + bias.values, labels[batch])
        rate = highest * 0.5 * (1 + math.cos(math.pi * step / (epochs * batches)))
        pieces.follow(bag.rows, shares.T @ error, rate)
        bias.follow(np.zeros(1, np.int32), error.sum(axis=0, keepdims=True), rate)
    return Linear(pieces.values, bias.values[0])
