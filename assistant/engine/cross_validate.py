"""Cross-validation of the ranker of intents, by `python -m` with EXAMPLES, SAID, a number of folds, and `whole` or not.

EXAMPLES is a file with a JSON list of text, language and intent. SAID gets for each of them the intent that comes
first, told by a ranker that has learned all folds but its own, how likely that is, and how likely its own intent is.
`whole` learns the ranker as a training does; `quick` only its logistic regression, in seconds.
"""

import functools
import json
import sys
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from assistant.engine.understanding.encoding import Encoded, Encoder, new_words
from assistant.engine.understanding.network import probabilities
from assistant.engine.understanding.ranker import Ranker, train_ranker
from assistant.engine.understanding.train_linear import LinearPlan, train_linear
from assistant.engine.understanding.train_network import Labels, Plan
from assistant.engine.understanding.word_vectors import Floats, read_word_vectors

WORDS = Path(__file__).resolve().parents[2] / "models" / "words" / "words.npz"
PROCESSES = 2
PLAN = Plan()
QUICK = LinearPlan(epochs=3)
"""85 % of Kratt's own examples are told right; 6 epochs tell 87 %, and take twice as long."""

Text = tuple[str, str]
Learn = Callable[[Sequence[Text], Labels, int, Sequence[Text]], Floats]
"""Learns texts (text, language) with their labels of so many intents, and tells how likely each is for other texts."""
Said = tuple[str, float, float]
"""The intent that comes first, how likely it is, and how likely the right one is."""


class Folds:
    """Examples in folds, each of which is told by what has learned the others."""

    def __init__(self, examples: Sequence[tuple[str, str, str]], count: int, learn: Learn) -> None:
        """Deal the examples out, the same each time."""
        self._texts = [(text, language) for text, language, _ in examples]
        self._intents, self._labels = np.unique([intent for _, _, intent in examples], return_inverse=True)
        self._fold_of = np.random.default_rng(PLAN.seed).permutation(len(examples)) % count
        self._learn = learn

    def told(self, fold: int) -> list[tuple[int, Said]]:
        """The examples of a fold, by their places."""
        learned, asked = np.flatnonzero(self._fold_of != fold), np.flatnonzero(self._fold_of == fold)
        texts, others = ([self._texts[at] for at in some.tolist()] for some in (learned, asked))
        likely = self._learn(texts, self._labels[learned], len(self._intents), others)
        return [
            (at, (str(self._intents[row.argmax()]), float(row.max()), float(row[self._labels[at]])))
            for at, row in zip(asked.tolist(), likely, strict=True)
        ]


def learn_whole(texts: Sequence[Text], labels: Labels, intents: int, others: Sequence[Text]) -> Floats:
    """What the ranker says that a training makes."""
    known = read_word_vectors(WORDS)
    vectors = known.extended(new_words(texts, Encoder(known.rows)))
    encode = Encoder(vectors.rows)
    trained = train_ranker([encode(*text) for text in texts], labels, intents, vectors, PLAN)
    return Ranker(trained, vectors).probabilities([encode(*text) for text in others])


@functools.cache
def _pieces(text: str, language: str) -> Encoded:
    return Encoder({})(text, language)  # the regression goes by pieces alone: no word vectors are read


def learn_quickly(texts: Sequence[Text], labels: Labels, intents: int, others: Sequence[Text]) -> Floats:
    """What the regression says alone, after fewer looks."""
    linear = train_linear([_pieces(*text) for text in texts], labels, intents, QUICK)
    return probabilities(linear.logits([_pieces(*text) for text in others]))


_beside: list[Folds] = []
"""What a forked process has of its parent is what lies in its modules."""


def cross_validate(examples: Sequence[tuple[str, str, str]], count: int, *, is_whole: bool) -> list[Said]:
    """What is told of each example."""
    if is_whole:  # it learns on both cores by itself
        folds = Folds(examples, count, learn_whole)
        parts = [folds.told(fold) for fold in range(count)]
    else:
        for text, language, _ in examples:
            _pieces(text, language)  # once for all folds
        _beside[:] = [Folds(examples, count, learn_quickly)]
        with get_context("fork").Pool(PROCESSES) as pool:
            parts = pool.map(_told, range(count), 1)
    said = {at: each for part in parts for at, each in part}
    return [said[at] for at in range(len(examples))]


def _told(fold: int) -> list[tuple[int, Said]]:
    return _beside[0].told(fold)


def main(examples_file: str, said_file: str, count: str, how: str) -> None:
    """Read the one file and write the other."""
    examples = json.loads(Path(examples_file).read_bytes())
    said = cross_validate(examples, int(count), is_whole=how == "whole")
    Path(said_file).write_text(json.dumps(said), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
