"""What each kind of feature brings, by language: `.venv/bin/python benchmarks/features.py`.

The classifier is trained on the content's examples as `kratt train` does, once as it is and once without each of its
parts, and asked about the held-out requests of nlu_data/held_out. Beside it: what Kratt began with, and what a Rasa
project without a network has: n-gram counts with logistic regression (words 1-2, characters in words 2-5). All this
happens in the engine's environment; ten minutes.

* accuracy: share of requests whose intent comes first, in per cent, out-of-scope requests included.
"""

import json
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VARIANTS = {
    "as it is": {},
    "without lemmas": {"lemmas": False},
    "without word vectors": {"vectors": False},
    "the network alone": {"part": "network"},
    "the logistic regression alone": {"part": "linear"},
    "one model per language": {"apart": True},
}
BASELINE = "n-gram counts, logistic regression"

Rows = list[tuple[str, str, str]]
"""Text, language, intent."""


def main() -> None:
    """Read the content here, train there, print the table."""
    from running import table

    from assistant.content.compile import nlu
    from assistant.content.held_out import read_held_out
    from assistant.content.project import read_content

    content = read_content(ROOT / "nlu_data")
    train = [
        (line.removeprefix("- "), entry["metadata"]["language"], entry["intent"])
        for entry in nlu(content)["nlu"]
        if "intent" in entry
        for line in entry["examples"].splitlines()
    ]
    test = [(each.text, each.language.value, each.intent) for each in read_held_out(content.folder)]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.json"
        data.write_text(json.dumps({"train": train, "test": test}))
        command = [str(ROOT / ".venv-engine" / "bin" / "python"), "-W", "ignore", __file__, str(data)]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    accuracies = json.loads(done.stdout)
    languages = sorted({language for _, language, _ in test})
    print(table(["", *languages], [[name, *(row[each] for each in languages)] for name, row in accuracies.items()]))


def train_all(train: Rows, test: Rows) -> dict[str, dict[str, float]]:
    """The accuracy of each variant by language."""
    found = {name: _by_language(_variant(train, test, **without), test) for name, without in VARIANTS.items()}
    return found | {BASELINE: _by_language(_counts(train, test), test)}


def _variant(
    train: Rows, test: Rows, *, lemmas: bool = True, vectors: bool = True, part: str = "both", apart: bool = False
) -> list[str]:
    from assistant.engine.understanding.encoding import Encoded, Encoder, new_words
    from assistant.engine.understanding.word_vectors import read_word_vectors

    known = read_word_vectors(ROOT / "models" / "words" / "words.npz")
    known = known.extended(new_words([row[:2] for row in train], Encoder(known.rows)))
    encoder = Encoder(known.rows if vectors else {})

    def encode(text: str, language: str) -> Encoded:
        return encoder(text, language if lemmas else "")

    if not apart:
        return _ranked(train, test, encode, known, part)
    said = {}
    for language in {language for _, language, _ in test}:
        own = [[row for row in rows if row[1] == language] for rows in (train, test)]
        said.update(zip([(row[0], row[1]) for row in own[1]], _ranked(*own, encode, known, part), strict=True))
    return [said[text, language] for text, language, _ in test]


def _ranked(train: Rows, test: Rows, encode: Callable[..., object], known: object, part: str) -> list[str]:
    import numpy as np

    from assistant.engine.understanding.network import Network
    from assistant.engine.understanding.ranker import Ranker, train_ranker
    from assistant.engine.understanding.train_network import Plan

    intents, labels = np.unique([row[2] for row in train], return_inverse=True)
    trained = train_ranker([encode(*row[:2]) for row in train], labels, len(intents), known, Plan())
    encoded = [encode(*row[:2]) for row in test]
    if part == "both":
        scores = Ranker(trained, known).probabilities(encoded)
    else:
        scores = (Network(trained.network, known) if part == "network" else trained.linear).logits(encoded)
    return [str(intents[at]) for at in scores.argmax(axis=1)]


def _counts(train: Rows, test: Rows) -> list[str]:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    counts = make_union(CountVectorizer(ngram_range=(1, 2)), CountVectorizer(analyzer="char_wb", ngram_range=(2, 5)))
    model = make_pipeline(counts, LogisticRegression(max_iter=100, class_weight="balanced"))
    model.fit([row[0] for row in train], [row[2] for row in train])
    return [str(intent) for intent in model.predict([row[0] for row in test])]


def _by_language(said: list[str], test: Rows) -> dict[str, float]:
    right: dict[str, list[bool]] = {}
    for intent, (_, language, wanted) in zip(said, test, strict=True):
        right.setdefault(language, []).append(intent == wanted)
    return {language: round(100 * sum(each) / len(each), 1) for language, each in right.items()}


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=Path, help="for the engine's environment")
    if (rows := parser.parse_args().rows) is not None:
        given = json.loads(rows.read_text())
        sys.stdout.write(json.dumps(train_all(given["train"], given["test"])))
    else:
        main()
