"""How the network learns: once per `kratt train`, with the TensorFlow that Rasa brings."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from assistant.engine.understanding.encoding import Encoded
from assistant.engine.understanding.network import SENTENCE_LENGTH, Network, Weights
from assistant.engine.understanding.word_vectors import WordVectors
from assistant.engine.understanding.words import BUCKETS

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Plan:
    """How to learn. Chosen on CLINC150's validation part and on a tenth of BANKING77's training part (docs/adr/0012)."""

    hidden: int = 512
    piece_dimensions: int = 64
    epochs: int = 12
    last_epochs: int = 2
    batch: int = 64
    dense_rate: float = 2e-3
    table_rate: float = 0.05
    left_out: float = 0.15  # of words and pieces at each look: a request must be understood without any one of them
    smoothing: float = 0.1
    held_back: float = 0.1
    seed: int = 7


def train_network(
    encoded: Sequence[Encoded], labels: Labels, intents: int, vectors: WordVectors, plan: Plan = Plan()
) -> Weights:
    """Weights that rank `intents` intents as the labels say.

    A tenth of the examples is held back at first: on it the temperature is set. At the end they are learned, too.
    """
    learner = _Learner(encoded, labels, intents, vectors, plan)
    order = np.random.default_rng(plan.seed).permutation(len(encoded))
    held, seen = np.split(order, [int(len(order) * plan.held_back)])
    learner.learn(seen, plan.epochs, is_last=False)
    temperature = _temperature(learner.weights(1.0), vectors, [encoded[at] for at in held], labels[held])
    learner.learn(order, plan.last_epochs, is_last=True)
    return learner.weights(temperature)


class _Learner:
    """The variables, and steps that change them."""

    def __init__(
        self, encoded: Sequence[Encoded], labels: Labels, intents: int, vectors: WordVectors, plan: Plan
    ) -> None:
        tf.random.set_seed(plan.seed)
        self._random = np.random.default_rng(plan.seed)
        self._plan = plan
        self._rows = np.array(sorted({row for each in encoded for row in each.words} or {0}), np.int32)
        place = {int(row): at for at, row in enumerate(self._rows)}
        self._words = [np.array([place[row] for row in each.words], np.int32) for each in encoded]
        self._pieces = [np.array(each.pieces, np.int32) for each in encoded]
        self._targets = np.eye(intents, dtype=np.float32)[labels] * (1 - plan.smoothing) + plan.smoothing / intents
        self._tuned = tf.Variable(vectors[list(self._rows)])
        rarity = _rarity(self._words, len(self._rows))
        self._attention = tf.Variable(rarity[:-1])
        self._rarest = float(rarity[-1])
        pieces = self._random.normal(0.0, 0.05, (BUCKETS, plan.piece_dimensions))
        self._piece_table = tf.Variable(pieces.astype(np.float32))
        width = 2 * vectors.dimensions + plan.piece_dimensions
        self._layers = [*_layer(width, plan.hidden, self._random), *_layer(plan.hidden, intents, self._random)]
        self._dense = tf.keras.optimizers.Adam()
        self._dense.build(self._layers)
        self._tables = tf.keras.optimizers.legacy.Adagrad()  # touches the rows of a batch alone
        ragged = tf.TensorSpec([None], tf.int32)
        signature = [ragged, ragged, ragged, ragged, tf.TensorSpec([None, intents], tf.float32)]
        self._step = tf.function(self._one_step, input_signature=signature)

    def learn(self, examples: npt.NDArray[np.int64], epochs: int, *, is_last: bool) -> None:
        """Go over the examples; the rates fall along a cosine, the last time they stay small."""
        steps = epochs * math.ceil(len(examples) / self._plan.batch)
        for step, batch in enumerate(self._batches(examples, epochs)):
            share = 0.1 if is_last else 0.5 * (1 + math.cos(math.pi * step / steps))
            self._dense.learning_rate.assign(self._plan.dense_rate * share)
            self._tables.learning_rate = self._plan.table_rate * share
            words, word_of = _flat([self._words[at] for at in batch])
            pieces, piece_of = _flat([self._pieces[at] for at in batch])
            self._step(words, word_of, pieces, piece_of, self._targets[batch])

    def weights(self, temperature: float) -> Weights:
        """What was learned so far."""
        hidden, hidden_bias, output, output_bias = (each.numpy() for each in self._layers)
        attention = np.append(self._attention.numpy(), np.float32(self._rarest))
        return Weights(
            self._rows,
            self._tuned.numpy(),
            attention,
            self._piece_table.numpy(),
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

    def _one_step(self, words: Any, word_of: Any, pieces: Any, piece_of: Any, targets: Any) -> None:
        tables = [self._tuned, self._attention, self._piece_table]
        with tf.GradientTape() as tape:
            logits = self._logits(words, word_of, pieces, piece_of, tf.shape(targets)[0])
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(targets, logits))
        gradients = tape.gradient(loss, [*self._layers, *tables])
        self._dense.apply_gradients(zip(gradients[: len(self._layers)], self._layers))
        self._tables.apply_gradients(zip(gradients[len(self._layers) :], tables))

    def _logits(self, words: Any, word_of: Any, pieces: Any, piece_of: Any, count: Any) -> Any:
        """As `Network`, with words, pieces and numbers left out by chance."""
        kept = _chance(words, self._plan.left_out)
        vectors = tf.gather(self._tuned, words) * kept
        attended = vectors * tf.gather(self._attention, words)[:, None]
        total = tf.math.unsorted_segment_sum(attended, word_of, count)
        total = total / (tf.norm(total, axis=1, keepdims=True) + 1e-3) * SENTENCE_LENGTH
        # An empty segment's maximum is the lowest number there is.
        largest = tf.maximum(tf.math.unsorted_segment_max(vectors, word_of, count), -1e3)
        piece = tf.gather(self._piece_table, pieces) * _chance(pieces, self._plan.left_out)
        number = tf.math.unsorted_segment_sum(tf.ones_like(pieces, tf.float32), piece_of, count)
        mean_piece = tf.math.unsorted_segment_sum(piece, piece_of, count) / tf.sqrt(number + 1.0)[:, None]
        summed = tf.nn.dropout(tf.concat([total, largest, mean_piece], axis=1), 0.2)
        hidden, hidden_bias, output, output_bias = self._layers
        return tf.nn.dropout(tf.nn.relu(summed @ hidden + hidden_bias), 0.5) @ output + output_bias


def _layer(inputs: int, outputs: int, random: np.random.Generator) -> tuple[Any, Any]:
    """Weights after Glorot and Bengio (2010), and a bias of zeros."""
    limit = math.sqrt(6 / (inputs + outputs))
    weights = random.uniform(-limit, limit, (inputs, outputs)).astype(np.float32)
    return tf.Variable(weights), tf.Variable(np.zeros(outputs, np.float32))


def _rarity(texts: Sequence[npt.NDArray[np.int32]], words: int) -> npt.NDArray[np.float32]:
    """The inverse document frequency of each word, 1 on average; last that of a word in no text."""
    counts = Counter(int(word) for text in texts for word in set(text.tolist()))
    found = np.log(len(texts) / np.array([*(counts[word] or 1 for word in range(words)), 1.0]))
    return (found / max(found[:-1].mean(), 1e-6)).astype(np.float32)


def _flat(rows: Sequence[npt.NDArray[np.int32]]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """All rows in one, and which one each number belongs to."""
    return np.concatenate(rows), np.repeat(np.arange(len(rows), dtype=np.int32), [len(row) for row in rows])


def _chance(of: Any, left_out: float) -> Any:
    return tf.cast(tf.random.uniform(tf.shape(of)) > left_out, tf.float32)[:, None]


def _temperature(weights: Weights, vectors: WordVectors, encoded: list[Encoded], labels: Labels) -> float:
    """What the logits are divided by for the held-back examples to be likeliest (Guo et al. 2017, section 4.2)."""
    if not encoded:
        return 1.0
    logs = np.log(Network(weights, vectors).probabilities(encoded) + 1e-12)

    def loss(temperature: float) -> float:
        scaled = logs / temperature
        right = scaled[np.arange(len(labels)), labels]
        return float((np.log(np.exp(scaled).sum(axis=1)) - right).mean())

    return min(np.geomspace(0.2, 5.0, 100).tolist(), key=loss)
