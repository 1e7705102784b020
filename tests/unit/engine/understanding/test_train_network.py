"""Learning: sums over texts and their gradients, and what small networks make of a few examples."""

from dataclasses import replace

import numpy as np
import pytest

from assistant.engine.understanding.descent import Bag, Table
from assistant.engine.understanding.encoding import Encoded
from assistant.engine.understanding.network import Network, probabilities
from assistant.engine.understanding.train_network import Plan, _WordSums, train_network
from assistant.engine.understanding.word_vectors import WordVectors

pytestmark = pytest.mark.unit

WORDS = {word: at for at, word in enumerate(["car", "tax", "doctor", "my", "the", "please"])}
PLAN = Plan(hidden=8, piece_dimensions=4, epochs=20, batch=8)


@pytest.fixture
def vectors() -> WordVectors:
    numbers = np.random.default_rng(1).integers(-127, 127, (len(WORDS), 6)).astype(np.int8)
    return WordVectors(WORDS, numbers, 1 / 127)


@pytest.fixture
def examples() -> list[Encoded]:
    """Twenty requests about cars, then twenty about doctors; "my" and the like in both."""
    random = np.random.default_rng(2)
    texts = [(kind, *random.integers(3, 6, 2).tolist()) for kind in (WORDS["car"], WORDS["doctor"]) for _ in range(20)]
    return [Encoded(words, words, (1.0,) * 3, (1.0,) * 3) for words in texts]


LABELS = np.repeat([0, 1], 20)


def test_bag_when_texts_are_summed_then_each_has_its_own_entries() -> None:
    bag = Bag([np.array([4, 4, 1], np.int32), np.array([], np.int32), np.array([2], np.int32)], 5)
    entries = np.array([[1.0, -1.0], [2.0, -2.0], [3.0, -3.0], [4.0, -4.0]], np.float32)
    assert bag.rows.tolist() == [1, 2, 4]
    assert bag.sums(entries).tolist() == [[6, -6], [0, 0], [4, -4]]
    assert bag.largest(entries).tolist() == [[3, -1], [0, 0], [4, -4]]
    assert bag.by_row(entries).tolist() == [[3, -3], [4, -4], [3, -3]]


def test_word_sums_when_they_follow_then_the_step_is_along_the_measured_gradient() -> None:
    random = np.random.default_rng(3)
    bag = Bag([np.array([0, 1, 2], np.int32), np.array([1, 3], np.int32)], 4)
    start = random.normal(size=(4, 5)).astype(np.float32).astype(np.float64)  # sums are kept with fewer digits
    weights = random.uniform(0.5, 2.0, 4)
    by_total, by_largest = random.normal(size=(2, 2, 5))
    kept = np.array([1, 1, 0, 1, 1])

    def loss(values: np.ndarray, attention: np.ndarray) -> float:
        sums = _WordSums(bag, Table(values), Table(attention), kept)
        return float((by_total * sums.total).sum() + (by_largest * sums.largest).sum())

    tuned, attention = Table(start.copy()), Table(weights.copy())
    _WordSums(bag, tuned, attention, kept).follow(by_total, by_largest, 1.0)
    for table, begin, changed in (
        (tuned, start, lambda values: loss(values, weights)),
        (attention, weights, lambda values: loss(start, values)),
    ):
        measured = np.zeros_like(begin)
        for at in np.ndindex(begin.shape):
            step = np.zeros_like(begin)
            step[at] = 1e-3
            measured[at] = (changed(begin + step) - changed(begin - step)) / 2e-3
        # Adagrad's first step of gradient g is g over the root of what its squares begin with and g's own.
        assert begin - table.values == pytest.approx(measured / np.sqrt(Table.FIRST + measured**2), abs=2e-3)


def test_training_when_examples_differ_by_a_word_learns_it(vectors: WordVectors, examples: list[Encoded]) -> None:
    ranked = probabilities(Network(train_network(examples, LABELS, 2, vectors, PLAN), vectors).logits(examples))
    assert (ranked.argmax(axis=1) == LABELS).all()
    assert ranked.max(axis=1).min() > 0.8


def test_training_when_it_goes_on_then_words_keep_what_they_learned_wherever_their_rows_are_now(
    vectors: WordVectors, examples: list[Encoded]
) -> None:
    earlier = train_network(examples, LABELS, 2, vectors, PLAN)
    still = replace(PLAN, more_epochs=0)
    fewer = [each for each, label in zip(examples, LABELS, strict=True) if label]  # no car any longer
    later = train_network(fewer, LABELS[20:], 2, vectors, still, earlier)
    known = {int(row): at for at, row in enumerate(earlier.tuned_rows)}
    for at, row in enumerate(later.tuned_rows):
        assert (later.tuned[at] == earlier.tuned[known[int(row)]]).all()
    assert WORDS["car"] not in later.tuned_rows
    assert (later.output == earlier.output).all()
