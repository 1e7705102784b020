"""How well and how fast values are found in the citizen's words: `.venv/bin/python benchmarks/values.py`.

The examples of tests/unit/actions/values/held_out.csv: typed and spoken forms in three languages, with what should be
found, `!reason` for a value that cannot be taken, or nothing. Its errors are not mended one by one in the grammar.

* precision: of what was found, how much is exactly what should be; recall: of what should be found, how much was.
* p50, p95: time of one `find_value`, each example run fifty times.
"""

import csv
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import get_args

from running import percentile, table

from actions.values.finding import find_value
from actions.values.found import Found, Kind, Unfit
from assistant.core.languages import Language
from assistant.settings import PROJECT

HELD_OUT = PROJECT / "tests" / "unit" / "actions" / "values" / "held_out.csv"
TODAY = date(2026, 11, 23)  # a Monday; the examples count from it
RUNS = 50


@dataclass(frozen=True)
class Example:
    """A text and what should be found in it."""

    kind: Kind
    language: Language
    text: str
    expected: str

    def find(self) -> str:
        """What is found, spelled as in the file."""
        found = find_value(self.kind, self.text, self.language, today=TODAY)
        match found:
            case Found():
                return found.value
            case Unfit():
                return f"!{found.reason}"
        return ""

    def milliseconds(self) -> Iterator[float]:
        """How long each run takes."""
        for _ in range(RUNS):
            begin = time.perf_counter()
            self.find()
            yield (time.perf_counter() - begin) * 1000


def read_examples() -> list[Example]:
    """All held-out examples."""
    kinds = {str(kind): kind for kind in get_args(Kind)}
    with HELD_OUT.open(encoding="utf-8", newline="") as file:
        return [
            Example(kinds[row["kind"]], Language(row["language"]), row["text"], row["expected"])
            for row in csv.DictReader(file, delimiter=";")
        ]


def figures(examples: list[Example]) -> list[object]:
    """One row of the table."""
    found = [example.find() for example in examples]
    right = sum(bool(value) and value == example.expected for value, example in zip(found, examples, strict=True))
    precision = right / max(1, sum(map(bool, found)))
    recall = right / max(1, sum(bool(example.expected) for example in examples))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    times = [each for example in examples for each in example.milliseconds()]
    return [len(examples), precision, recall, f1, percentile(times, 50), percentile(times, 95)]


def main() -> None:
    """Print the figures, and the misses on standard error."""
    by_kind = defaultdict(list)
    for example in read_examples():
        by_kind[example.kind].append(example)
        if (found := example.find()) != example.expected:
            print(f"{example.kind} {example.language} {example.text!r}: {found or 'nothing'}", file=sys.stderr)
    rows = [[kind, *figures(examples)] for kind, examples in by_kind.items()]
    everything = [example for examples in by_kind.values() for example in examples]
    header = ["kind", "examples", "precision", "recall", "F1", "p50 ms", "p95 ms"]
    print(table(header, [*rows, ["all", *figures(everything)]]))


if __name__ == "__main__":
    main()
