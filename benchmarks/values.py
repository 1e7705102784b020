"""How well and how fast values are found in the citizen's words: `.venv/bin/python benchmarks/values.py [development]`.

The examples of tests/unit/actions/values/held_out.csv: typed and spoken forms in three languages, with what should be
found, `!reason` for a value that cannot be taken, or nothing. Its errors are not mended one by one in the grammar; that
is what development.csv is for. `choice` is what registers list (choice_lists.csv), named in any form.

* precision: of what was found, how much is exactly what should be; recall: of what should be found, how much was.
* p50, p95: time of one search, each example run twenty times.
* dateparser runs in an environment that is made for it and thrown away.
"""

import csv
import sys
import time
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from running import asked_alone, percentile, table

from actions.values.choosing import Choice, Chosen, choose
from actions.values.finding import find_value
from actions.values.found import Found, Unfit
from assistant.core.languages import Language
from assistant.settings import PROJECT

EXAMPLES = PROJECT / "tests" / "unit" / "actions" / "values"
TODAY = date(2026, 11, 23)  # a Monday; the examples count from it
RUNS = 20
CHOICE = "choice"
DATEPARSER = "dateparser==1.5.0"
ALONE = Path(__file__).with_name("dateparser_alone.py")


@dataclass(frozen=True)
class Example:
    """A text and what should be found in it; of `choices`, if something that a register lists is named."""

    kind: str
    language: Language
    text: str
    expected: str
    choices: Sequence[Choice] = ()

    def find(self) -> str:
        """What is found, spelled as in the file."""
        if self.choices:
            chosen = choose(self.text, self.choices, self.language)
            return chosen.key if isinstance(chosen, Chosen) else ""
        found = find_value(self.kind, self.text, self.language, today=TODAY)  # type: ignore[arg-type]
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


def read_examples(name: str) -> list[Example]:
    """All examples of `held_out` or `development`."""
    lists = read_lists()
    values = [
        Example(row["kind"], Language(row["language"]), row["text"], row["expected"]) for row in rows_of(f"{name}.csv")
    ]
    named = [
        Example(CHOICE, Language(row["language"]), row["text"], row["expected"], lists[row["list"]])
        for row in rows_of(f"{name}_choices.csv")
    ]
    return [*values, *named]


def read_lists() -> Mapping[str, Sequence[Choice]]:
    """What registers list, by the name of the list."""
    lists = defaultdict(list)
    for row in rows_of("choice_lists.csv"):
        lists[row["list"]].append(Choice(row["key"], tuple(row["words"].split("|"))))
    return lists


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a file of examples."""
    with (EXAMPLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def score(found: Iterable[str], expected: Iterable[str]) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    pairs = list(zip(found, expected, strict=True))
    right = sum(bool(one) and one == other for one, other in pairs)
    precision = right / max(1, sum(bool(one) for one, _ in pairs))
    recall = right / max(1, sum(bool(other) for _, other in pairs))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def figures(examples: Sequence[Example]) -> list[object]:
    """One row of the table."""
    all_three = score([each.find() for each in examples], [each.expected for each in examples])
    by_language = []
    for language in Language:
        these = [each for each in examples if each.language is language]
        by_language.append(score([each.find() for each in these], [each.expected for each in these])[2])
    times = [milliseconds for each in examples for milliseconds in each.milliseconds()]
    return [len(examples), *all_three, *by_language, percentile(times, 50), percentile(times, 95)]


def compare_with_dateparser(examples: Sequence[Example]) -> str:
    """F1 of dates, this grammar's and both functions' of dateparser; a word if that cannot be had."""
    asked = {"today": TODAY.isoformat(), "texts": [[each.language, each.text] for each in examples]}
    said = asked_alone(ALONE, asked, DATEPARSER)
    if said is None:
        return "dateparser: skipped, it could not be installed"
    expected = [each.expected for each in examples]
    rows = [["Kratt", *score([each.find() for each in examples], expected)]]
    rows += [[name, *score(found, expected)] for name, found in said.items()]
    return table([f"dates, {len(examples)} examples", "precision", "recall", "F1"], rows)


def main() -> None:
    """Print the figures, and the misses on standard error."""
    by_kind = defaultdict(list)
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("examples", nargs="?", default="held_out", choices=("held_out", "development"))
    for example in read_examples(parser.parse_args().examples):
        by_kind[example.kind].append(example)
        if (found := example.find()) != example.expected:
            wanted = example.expected or "nothing"
            print(
                f"{example.kind} {example.language} {example.text!r}: {found or 'nothing'}, not {wanted}",
                file=sys.stderr,
            )
    rows = [[kind, *figures(examples)] for kind, examples in by_kind.items()]
    everything = [example for examples in by_kind.values() for example in examples]
    header = ["kind", "examples", "precision", "recall", "F1", *(f"F1 {each}" for each in Language), "p50 ms", "p95 ms"]
    print(table(header, [*rows, ["all", *figures(everything)]]))
    print()
    print(compare_with_dateparser(by_kind["date"]))


if __name__ == "__main__":
    main()
