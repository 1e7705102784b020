"""Gradients, and how weights follow them: Adam for dense ones, Adagrad for tables of which a step touches few rows."""

import numpy as np
import numpy.typing as npt
from scipy import sparse

from assistant.engine.understanding.network import probabilities
from assistant.engine.understanding.word_vectors import Floats

Integers = npt.NDArray[np.int32]


def cross_entropy_gradient(logits: Floats, labels: npt.NDArray[np.int64], smoothing: float = 0.0) -> Floats:
    """By the logits, of the mean cross entropy with the labels; smoothed ones leave that share to all intents alike."""
    error = probabilities(logits) - smoothing / logits.shape[1]
    error[np.arange(len(labels)), labels] -= 1 - smoothing
    return np.asarray(error / len(labels), np.float32)


class Dense:
    """Weights that every step changes, by Adam (Kingma and Ba 2015, algorithm 1, in the order of its section 2)."""

    MEAN, SQUARE, LEAST = 0.9, 0.999, 1e-7

    def __init__(self, values: Floats) -> None:
        """Begin at these values; they are changed in place."""
        self.values = values
        self._mean = np.zeros_like(values)
        self._square = np.zeros_like(values)
        self._steps = 0

    def follow(self, gradient: Floats, rate: float) -> None:
        """One step; `gradient` is used up."""
        self._steps += 1
        self._mean += (1 - self.MEAN) * (gradient - self._mean)
        gradient *= gradient
        self._square += (1 - self.SQUARE) * (gradient - self._square)
        rate *= float(np.sqrt(1 - self.SQUARE**self._steps)) / (1 - self.MEAN**self._steps)
        np.sqrt(self._square, out=gradient)
        gradient += self.LEAST
        np.divide(self._mean, gradient, out=gradient)
        gradient *= rate
        self.values -= gradient


class Table:
    """A matrix, or a column of numbers, of which a step changes its batch's rows, by Adagrad (Duchi et al. 2011)."""

    FIRST = 0.1  # what the squares begin with, so that the first steps stay small

    def __init__(self, values: Floats) -> None:
        """Begin at these values; they are changed in place."""
        self.values = values
        self._squares = np.full_like(values, self.FIRST)

    def follow(self, rows: Integers, gradient: Floats, rate: float) -> None:
        """One step of `rows`, each of which is named once; `gradient` has a row for each."""
        squares = self._squares.take(rows, axis=0)
        squares += gradient * gradient
        self._squares[rows] = squares
        step = np.sqrt(squares, out=squares)
        np.divide(gradient, step, out=step)
        step *= rate
        values = self.values.take(rows, axis=0)
        values -= step
        self.values[rows] = values


class Bag:
    """Which rows of a table each text of a batch adds up: sums over them, and the gradients of such sums."""

    def __init__(self, texts: list[Integers], table_rows: int) -> None:
        """`rows` are the table's rows in use, each once; `at` is where among them each entry of the texts points."""
        flat = np.concatenate(texts)
        self.sizes = np.array([len(text) for text in texts])
        self.starts = np.concatenate([[0], np.cumsum(self.sizes)])
        is_used = np.zeros(table_rows, np.bool_)
        is_used[flat] = True
        self.rows: Integers = np.flatnonzero(is_used).astype(np.int32)
        place = np.zeros(table_rows, np.int32)
        place[self.rows] = np.arange(len(self.rows), dtype=np.int32)
        self.at = place[flat]
        self.text_of = np.repeat(np.arange(len(texts)), self.sizes)

    def shares(self, counts: Floats) -> sparse.csr_matrix:
        """A matrix of texts by rows, in which each entry counts as much as `counts` says."""
        return sparse.csr_matrix((counts, self.at, self.starts), shape=(len(self.sizes), len(self.rows)))

    def by_row(self, of_entries: Floats) -> Floats:
        """What belongs to each row, from what belongs to each entry."""
        ones = np.ones(len(self.at), np.float32)
        entries = sparse.csc_matrix((ones, self.at, np.arange(len(self.at) + 1)), shape=(len(self.rows), len(self.at)))
        summed: Floats = entries @ of_entries
        return summed

    def sums(self, of_entries: Floats) -> Floats:
        """What the entries of each text add up to."""
        ones, every = np.ones(len(self.at), np.float32), np.arange(len(self.at))
        summed: Floats = sparse.csr_matrix((ones, every, self.starts), (len(self.sizes), len(self.at))) @ of_entries
        return summed

    def largest(self, of_entries: Floats) -> Floats:
        """The largest number in each dimension of the entries of each text; 0 for a text without any."""
        # Spread to equal lengths: `reduceat` takes five times as long.
        spread = np.full((len(self.sizes), max(self.sizes.max(), 1), of_entries.shape[1]), -np.inf, np.float32)
        spread[self.text_of, np.arange(len(self.at)) - self.starts[self.text_of]] = of_entries
        spread[self.sizes == 0] = 0.0
        found: Floats = spread.max(axis=1)
        return found
