from pathlib import Path

import numpy as np
import pytest

from assistant.engine.understanding.encoding import Encoded, Encoder
from assistant.engine.understanding.network import Network, Weights, probabilities
from assistant.engine.understanding.word_vectors import WordVectors, read_word_vectors
from assistant.engine.understanding.words import BUCKETS

pytestmark = pytest.mark.unit

ROWS = {"car": 0, "tax": 1, "car's": 2}


@pytest.fixture
def vectors() -> WordVectors:
    return WordVectors(ROWS, np.array([[127, 0], [0, 127], [64, 64]], np.int8), 1 / 127)


@pytest.fixture
def weights() -> Weights:
    """Two intents: the first for what points along the first dimension, the second for the other one."""
    identity = np.zeros((5, 4), np.float32)
    identity[:4] = np.eye(4)
    return Weights(
        tuned_rows=np.array([1], np.int32),
        tuned=np.array([[0.0, 1.0]], np.float32),
        attention=np.array([1.0, 1.0], np.float32),
        pieces=np.zeros((BUCKETS, 1), np.float32),
        hidden=identity,
        hidden_bias=np.zeros(4, np.float32),
        output=np.array([[1, 0], [0, 1], [1, 0], [0, 1]], np.float32),
        output_bias=np.zeros(2, np.float32),
        temperature=np.array(1.0, np.float32),
    )


def encoded(*words: int, certainty: float = 1.0) -> Encoded:
    return Encoded(words, (5,), (certainty,) * len(words), (certainty,))


def test_network_when_words_point_to_an_intent_ranks_it_first(vectors, weights) -> None:
    car, tax = probabilities(Network(weights, vectors).logits([encoded(0), encoded(1)]))
    assert car.argmax() == 0
    assert tax.argmax() == 1
    assert car.sum() == pytest.approx(1)


def test_network_when_no_word_is_known_is_undecided(vectors, weights) -> None:
    assert probabilities(Network(weights, vectors).logits([encoded()]))[0] == pytest.approx([0.5, 0.5])


def test_network_when_a_word_was_hardly_heard_trusts_the_other(vectors, weights) -> None:
    both = Encoded((0, 1), (), (1.0, 0.1), ())
    assert probabilities(Network(weights, vectors).logits([both]))[0].argmax() == 0


def test_network_when_the_temperature_is_high_is_less_sure(vectors, weights) -> None:
    sure = probabilities(Network(weights, vectors).logits([encoded(0)]))[0].max()
    weights.temperature[...] = 3.0
    assert probabilities(Network(weights, vectors).logits([encoded(0)]))[0].max() < sure


def test_weights_when_kept_are_read_again(weights, tmp_path: Path) -> None:
    weights.save(tmp_path / "weights.npz")
    again = Weights.load(tmp_path / "weights.npz")
    assert (again.output == weights.output).all()
    assert again.tuned_rows.dtype == np.int32


def test_word_vectors_when_stored_are_read(tmp_path: Path) -> None:
    words = np.frombuffer(b"auto\npass", dtype=np.uint8)
    np.savez(tmp_path / "w.npz", words=words, vectors=np.array([[3, 4], [0, 5]], np.int8), scale=1.0)
    vectors = read_word_vectors(tmp_path / "w.npz")
    assert vectors.rows == {"auto": 0, "pass": 1}
    assert np.linalg.norm(vectors[[0]]) == pytest.approx(1)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 broken"])
def test_word_vectors_when_the_file_is_wrong_name_it(tmp_path: Path, content) -> None:
    file = tmp_path / "w.npz"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ValueError, match=r"w\.npz holds no word vectors"):
        read_word_vectors(file)


def test_encoder_when_a_word_has_a_vector_takes_its_row() -> None:
    found = Encoder(ROWS)("Car tax, please", "en")
    assert found.words == (0, 1)
    assert len(found.pieces) == len(found.piece_weights)


def test_encoder_when_words_were_unsurely_heard_weighs_them() -> None:
    found = Encoder(ROWS)("car tax", "en", (0.5, 1.0))
    assert found.word_weights == (0.5, 1.0)
    assert set(found.piece_weights) == {0.5, 1.0}
    assert Encoder(ROWS)("car tax", "en", (0.5,)).word_weights == (1.0, 1.0)  # of another text: no use


@pytest.mark.parametrize("language", ["et", "ru"])
def test_encoder_when_a_word_is_endless_asks_no_morphology(language: str) -> None:
    found = Encoder(ROWS)("не" * 500 + " " + "ma" * 500, language)
    assert found.words == ()
    assert found.pieces
