"""Cross-validation of the ranker of intents, by `python -m` with EXAMPLES, SAID and a number of folds.

EXAMPLES is a file with a JSON list of text, language and intent; SAID gets the intent that comes first for each, told
by a ranker that has learned all folds but its own.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.engine.understanding.encoding import Encoder, new_words
from assistant.engine.understanding.ranker import Ranker, train_ranker
from assistant.engine.understanding.train_network import Plan
from assistant.engine.understanding.word_vectors import read_word_vectors

WORDS = Path(__file__).resolve().parents[2] / "models" / "words" / "words.npz"

Examples = Sequence[tuple[str, str, str]]


def cross_validate(examples: Examples, folds: int, plan: Plan) -> list[str]:
    """The intent that each example is taken for by a ranker that has not learned it."""
    known = read_word_vectors(WORDS)
    intents, labels = np.unique([intent for _, _, intent in examples], return_inverse=True)
    fold_of = np.random.default_rng(plan.seed).permutation(len(examples)) % folds
    said = np.empty(len(examples), dtype=intents.dtype)
    for fold in range(folds):
        learned, asked = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        texts, others = ([examples[at][:2] for at in some.tolist()] for some in (learned, asked))
        vectors = known.extended(new_words(texts, Encoder(known.rows)))
        encode = Encoder(vectors.rows)
        encoded = [encode(*text) for text in texts]
        trained = train_ranker(encoded, labels[learned], len(intents), vectors, plan)
        ranked = Ranker(trained, vectors).probabilities([encode(*text) for text in others])
        said[asked] = intents[ranked.argmax(axis=1)]
    return [str(each) for each in said]


def main(examples_file: str, said_file: str, folds: str) -> None:
    """Read the one file and write the other."""
    examples: Examples = json.loads(Path(examples_file).read_bytes())
    Path(said_file).write_text(json.dumps(cross_validate(examples, int(folds), Plan())), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
