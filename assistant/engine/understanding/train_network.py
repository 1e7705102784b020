"""How the network learns: once per `kratt train`."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.engine.understanding.descent import Bag, Dense, Table, cross_entropy_gradient
from assistant.engine.understanding.encoding import Encoded
from assistant.engine.understanding.network import SENTENCE_LENGTH, SHORTEST, Network, Weights, probabilities
from assistant.engine.understanding.word_vectors import Floats, WordVectors
from assistant.engine.understanding.words import BUCKETS

Labels = npt.NDArray[np.int64]
IN_DROPPED, HIDDEN_DROPPED = 0.2, 0.5
"""Shares of the numbers that go into the layers, left out at each look."""


@dataclass(frozen=True)
class Plan:
    """How to learn; chosen on CLINC150's validation part and a tenth of BANKING77's training part (docs/adr/0014)."""

    hidden: int = 512
    piece_dimensions: int = 64
    epochs: int = 12
    last_epochs: int = 2
    more_epochs: int = 3  # from what an earlier model has learned
    batch: int = 128
    dense_rate: float = 3e-3
    table_rate: float = 0.07
    left_out: float = 0.15  # of words and pieces at each look: a request must be understood without any one of them
    smoothing: float = 0.1
    held_back: float = 0.1
    seed: int = 7


def train_network(
    encoded: Sequence[Encoded],
    labels: Labels,
    intents: int,
    vectors: WordVectors,
    plan: Plan = Plan(),
    begin: Weights | None = None,
) -> Weights:
    """Weights that rank `intents` intents as the labels say.

    A tenth of the examples is held back at first: on it the temperature is set. At the end they are learned, too. What
    goes on from the weights of an earlier model, with the same vectors and intents, keeps its temperature.
    """
    learner = _Learner(encoded, labels, intents, vectors, plan)
    order = np.random.default_rng(plan.seed).permutation(len(encoded))
    if begin is not None:
        learner.go_on_from(begin)
        learner.learn(order, plan.more_epochs, is_last=True)
        return learner.weights(float(begin.temperature))
    held, seen = np.split(order, [int(len(order) * plan.held_back)])
    learner.learn(seen, plan.epochs, is_last=False)
    temperature = _temperature(learner.weights(1.0), vectors, [encoded[at] for at in held], labels[held])
    learner.learn(order, plan.last_epochs, is_last=True)
    return learner.weights(temperature)


class _Learner:
    """The weights, and steps that change them.

    The gradients are written out: a network of two layers needs no framework, whose import alone takes longer than the
    training (docs/adr/0015).
    """

    def __init__(
        self, encoded: Sequence[Encoded], labels: Labels, intents: int, vectors: WordVectors, plan: Plan
    ) -> None:
        self._random = np.random.default_rng(plan.seed)
        self._plan = plan
        self._rows = np.array(sorted({row for each in encoded for row in each.words} or {0}), np.int32)
        place = {int(row): at for at, row in enumerate(self._rows)}
        self._words = [np.array([place[row] for row in each.words], np.int32) for each in encoded]
        self._pieces = [np.array(each.pieces, np.int32) for each in encoded]
        self._labels = labels
        self._tuned = Table(vectors[self._rows.tolist()])
        rarity = _rarity(self._words, len(self._rows))
        self._attention = Table(rarity[:-1].copy())
        self._rarest = rarity[-1:]
        pieces = self._random.normal(0.0, 0.05, (BUCKETS, plan.piece_dimensions))
        self._piece_table = Table(pieces.astype(np.float32))
        self._dimensions = vectors.dimensions
        width = 2 * vectors.dimensions + plan.piece_dimensions
        self._layers = [*_layer(width, plan.hidden, self._random), *_layer(plan.hidden, intents, self._random)]

    def go_on_from(self, begin: Weights) -> None:
        """Take over what was learned before; words that are new since keep what they are given at first."""
        _, mine, theirs = np.intersect1d(self._rows, begin.tuned_rows, return_indices=True)
        self._tuned.values[mine] = begin.tuned[theirs]
        self._attention.values[mine] = begin.attention[theirs]
        self._rarest = begin.attention[-1:]
        self._piece_table.values[:] = begin.pieces
        layers = (begin.hidden, begin.hidden_bias, begin.output, begin.output_bias)
        for layer, values in zip(self._layers, layers, strict=True):
            layer.values[:] = values

    def learn(self, examples: npt.NDArray[np.int64], epochs: int, *, is_last: bool) -> None:
        """Go over the examples; the rates fall along a cosine, the last time they stay small."""
        steps = epochs * math.ceil(len(examples) / self._plan.batch)
        for step, batch in enumerate(self._batches(examples, epochs)):
            share = 0.1 if is_last else 0.5 * (1 + math.cos(math.pi * step / steps))
            self._step(batch, self._plan.dense_rate * share, self._plan.table_rate * share)

    def weights(self, temperature: float) -> Weights:
        """What was learned so far."""
        hidden, hidden_bias, output, output_bias = (each.values for each in self._layers)
        return Weights(
            self._rows,
            self._tuned.values,
            np.append(self._attention.values, self._rarest),
            self._piece_table.values,
            hidden,
            hidden_bias,
            output,
            output_bias,
            np.array(temperature, np.float32),
        )

    def _batches(self, examples: npt.NDArray[np.int64], epochs: int) -> Iterator[npt.NDArray[np.int64]]:
        for _ in range(epochs):
            mixed = self._random.permutation(examples)
            yield from np.array_split(mixed, math.ceil(len(mixed) / self._plan.batch))

    def _step(self, batch: npt.NDArray[np.int64], dense_rate: float, table_rate: float) -> None:
        """Look at a batch, with words, pieces and numbers left out by chance, and follow the loss down."""
        words = Bag([self._words[at] for at in batch], len(self._rows))
        pieces = Bag([self._pieces[at] for at in batch], BUCKETS)
        of_words = _WordSums(words, self._tuned, self._attention, self._chance(len(words.at), self._plan.left_out))
        shares = pieces.shares(self._chance(len(pieces.at), self._plan.left_out))
        of_pieces = (1.0 / np.sqrt(pieces.sizes + 1.0)).astype(np.float32)[:, None]
        mean_piece = (shares @ self._piece_table.values[pieces.rows]) * of_pieces
        summed = np.concatenate([of_words.total, of_words.largest, mean_piece], axis=1)
        gradient = self._through_layers(summed, self._labels[batch], dense_rate)
        by_total, by_largest, by_piece = np.split(gradient, [self._dimensions, 2 * self._dimensions], axis=1)
        of_words.follow(by_total, by_largest, table_rate)
        self._piece_table.follow(pieces.rows, shares.T @ (by_piece * of_pieces), table_rate)

    def _through_layers(self, summed: Floats, labels: Labels, rate: float) -> Floats:
        """One step of both layers; the gradient of what went in."""
        hidden, hidden_bias, output, output_bias = self._layers
        kept = self._dropout(summed.shape, IN_DROPPED)
        summed = summed * kept
        active = np.maximum(summed @ hidden.values + hidden_bias.values, 0.0)
        is_active = (active > 0) * self._dropout(active.shape, HIDDEN_DROPPED)
        active = active * is_active
        logits = active @ output.values + output_bias.values
        error = cross_entropy_gradient(logits, labels, self._plan.smoothing)
        by_active = (error @ output.values.T) * is_active
        gradient: Floats = (by_active @ hidden.values.T) * kept
        output.follow(active.T @ error, rate)
        output_bias.follow(error.sum(axis=0), rate)
        hidden.follow(summed.T @ by_active, rate)
        hidden_bias.follow(by_active.sum(axis=0), rate)
        return gradient

    def _chance(self, shape: int | tuple[int, ...], left_out: float) -> Floats:
        return (self._random.random(shape, np.float32) >= left_out).astype(np.float32)

    def _dropout(self, shape: tuple[int, ...], left_out: float) -> Floats:
        return self._chance(shape, left_out) / np.float32(1 - left_out)


class _WordSums:
    """What a batch's word vectors add up to, and their largest numbers, as `Network` takes them."""

    def __init__(self, words: Bag, tuned: Table, attention: Table, kept: Floats) -> None:
        self._words, self._tuned, self._attention = words, tuned, attention
        self._kept = kept[:, None]
        self._vectors = tuned.values[words.rows][words.at] * self._kept
        self._weights = attention.values[words.rows][words.at][:, None]
        self._added = words.sums(self._vectors * self._weights)
        self._length = np.linalg.norm(self._added, axis=1, keepdims=True)
        self.total: Floats = self._added / (self._length + SHORTEST) * SENTENCE_LENGTH
        self.largest = words.largest(self._vectors)

    def follow(self, by_total: Floats, by_largest: Floats, rate: float) -> None:
        """One step of both tables."""
        text_of = self._words.text_of
        along = (by_total * self._added).sum(axis=1, keepdims=True)
        along = along / ((self._length + SHORTEST) * np.maximum(self._length, SHORTEST))
        by_added = (by_total - self._added * along) / (self._length + SHORTEST) * SENTENCE_LENGTH
        by_entry = by_added.astype(np.float32)[text_of]
        by_attention = (by_entry * self._vectors).sum(axis=1)
        is_largest = (self._vectors == self.largest[text_of]).astype(np.float32)
        winners = np.maximum(self._words.sums(is_largest), 1.0)
        by_vector = (by_entry * self._weights + is_largest * (by_largest / winners)[text_of]) * self._kept
        self._tuned.follow(self._words.rows, self._words.by_row(by_vector), rate)
        self._attention.follow(self._words.rows, self._words.by_row(by_attention), rate)


def _layer(inputs: int, outputs: int, random: np.random.Generator) -> tuple[Dense, Dense]:
    """Weights after Glorot and Bengio (2010), and a bias of zeros."""
    limit = math.sqrt(6 / (inputs + outputs))
    weights = random.uniform(-limit, limit, (inputs, outputs)).astype(np.float32)
    return Dense(weights), Dense(np.zeros(outputs, np.float32))


def _rarity(texts: Sequence[npt.NDArray[np.int32]], words: int) -> npt.NDArray[np.float32]:
    """The inverse document frequency of each word, 1 on average; last that of a word in no text."""
    counts = Counter(int(word) for text in texts for word in set(text.tolist()))
    found = np.log(len(texts) / np.array([*(counts[word] or 1 for word in range(words)), 1.0]))
    return np.asarray(found / max(found[:-1].mean(), 1e-6), np.float32)


def _temperature(weights: Weights, vectors: WordVectors, encoded: list[Encoded], labels: Labels) -> float:
    """What the logits are divided by for the held-back examples to be likeliest (Guo et al. 2017, section 4.2)."""
    if not encoded:
        return 1.0
    logits = Network(weights, vectors).logits(encoded)

    def loss(temperature: float) -> float:
        likely = probabilities(logits / np.float32(temperature))
        return -float(np.log(likely[np.arange(len(labels)), labels] + 1e-12).mean())

    tried: list[float] = np.geomspace(0.2, 5.0, 100).tolist()
    return min(tried, key=loss)
