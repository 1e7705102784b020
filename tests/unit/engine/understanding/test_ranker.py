"""The logistic regression, and its mean with the network."""

from pathlib import Path

import numpy as np
import pytest

from assistant.engine.understanding.encoding import Encoded
from assistant.engine.understanding.linear import Linear
from assistant.engine.understanding.network import Network, probabilities
from assistant.engine.understanding.ranker import Earlier, Ranker, Trained, train_ranker
from assistant.engine.understanding.train_linear import LinearPlan, train_linear
from assistant.engine.understanding.train_network import Plan
from assistant.engine.understanding.word_vectors import WordVectors
from assistant.engine.understanding.words import BUCKETS

pytestmark = pytest.mark.unit

CAR, DOCTOR, MY, PLEASE, NEW = 11, 12, 13, 14, 15
LABELS = np.repeat([0, 1], 20)


def said(*pieces: int, certainty: tuple[float, ...] = ()) -> Encoded:
    return Encoded((), pieces, (), certainty or (1.0,) * len(pieces))


EXAMPLES = [said(kind, MY, PLEASE) for kind in (CAR, DOCTOR) for _ in range(20)]


@pytest.fixture
def linear() -> Linear:
    pieces = np.zeros((BUCKETS, 2), np.float32)
    pieces[CAR], pieces[DOCTOR] = (2.0, 0.0), (0.0, 3.0)
    return Linear(pieces, np.array([0.5, 0.0], np.float32))


def test_logits_when_pieces_speak_for_intents_add_up_with_the_bias(linear: Linear) -> None:
    assert linear.logits([said(CAR, DOCTOR), said()]).tolist() == [[2.5, 3.0], [0.5, 0.0]]


def test_logits_when_a_piece_stands_twice_count_it_once(linear: Linear) -> None:
    assert linear.logits([said(CAR, CAR)]).tolist() == [[2.5, 0.0]]


def test_logits_when_a_piece_was_hardly_heard_count_it_less(linear: Linear) -> None:
    assert linear.logits([said(CAR, certainty=(0.25,))]).tolist() == [[1.0, 0.0]]


def test_training_when_examples_differ_by_a_piece_learns_it_and_ignores_the_others() -> None:
    learned = train_linear(EXAMPLES, LABELS, 2, LinearPlan(batch=8))
    assert (learned.logits(EXAMPLES).argmax(axis=1) == LABELS).all()
    assert abs(np.diff(learned.pieces[MY])) < abs(np.diff(learned.pieces[CAR])) / 4


def test_ranker_when_both_have_learned_is_their_mean_and_can_be_kept(tmp_path: Path) -> None:
    vectors = WordVectors({"car": 0}, np.array([[127, 0]], np.int8), 1 / 127)
    trained = train_ranker(EXAMPLES, LABELS, 2, vectors, Plan(hidden=8, piece_dimensions=4, epochs=20, batch=8))
    trained.save(tmp_path)
    ranked = Ranker(Trained.load(tmp_path), vectors).probabilities(EXAMPLES)
    assert (ranked.argmax(axis=1) == LABELS).all()
    both = (Network(trained.network, vectors).logits(EXAMPLES) + trained.linear.logits(EXAMPLES)) / 2
    assert ranked == pytest.approx(probabilities(both), abs=0.01)


def test_training_when_it_goes_on_from_an_earlier_model_then_it_keeps_that_and_learns_what_is_new() -> None:
    vectors = WordVectors({"car": 0}, np.array([[127, 0]], np.int8), 1 / 127)
    plan = Plan(hidden=8, piece_dimensions=4, epochs=20, batch=8, more_epochs=20)
    earlier = train_ranker(EXAMPLES, LABELS, 2, vectors, plan)
    examples, labels = [*EXAMPLES, *[said(NEW, MY)] * 4], np.append(LABELS, [1] * 4)
    trained = train_ranker(examples, labels, 2, vectors, plan, Earlier(earlier, np.arange(40, 44)))
    assert (Ranker(trained, vectors).probabilities(examples).argmax(axis=1) == labels).all()
    assert trained.network.temperature == earlier.network.temperature
    assert not (Ranker(earlier, vectors).probabilities([said(NEW)]).max() > 0.99)
