"""Which language the words of a request are in: `.venv/bin/python benchmarks/languages.py`.

Kratt learns its languages from the content's examples alone. The requests are those of nlu_data/held_out by their
number of words, and the sentences of benchmarks/languages_mixed.csv, each of which borrows words of another language.
Beside it two libraries that know many languages, told that there are these three. They run in an environment that is
made for them and thrown away. A figure is the share of requests whose language is right.
"""

import csv
from argparse import ArgumentParser
from pathlib import Path

from running import asked_alone, table

from assistant.content.held_out import read_held_out
from assistant.content.project import read_content
from assistant.engine.understanding.language import Languages, learn_languages
from assistant.settings import PROJECT

PACKAGES = ("lingua-language-detector==2.1.1", "py3langid==0.4.0")
ALONE = Path(__file__).with_name("languages_alone.py")
MIXED = Path(__file__).with_name("languages_mixed.csv")

Texts = list[tuple[str, str]]
"""Texts with their languages."""


def test_sets() -> dict[str, Texts]:
    """The requests by the rows of the table."""
    held_out = [(each.text, each.language.value) for each in read_held_out(PROJECT / "nlu_data")]
    with MIXED.open(encoding="utf-8", newline="") as file:
        mixed = [(row["text"], row["language"]) for row in csv.DictReader(file)]
    sizes = {"one or two words": (1, 2), "three words": (3, 3), "four to six words": (4, 6), "more words": (7, 999)}
    rows = {
        name: [each for each in held_out if least <= len(each[0].split()) <= most]
        for name, (least, most) in sizes.items()
    }
    return rows | {"with borrowed words": mixed}


def kratt(texts: list[str]) -> list[str]:
    """The language that Kratt finds likeliest."""
    content = read_content(PROJECT / "nlu_data")
    examples = [
        (text, language.value)
        for by_language in content.intents.values()
        for language, lines in by_language.items()
        for text in lines
    ]
    languages = Languages(learn_languages(examples))
    ranked = map(languages.probabilities, texts)
    return [max(each, key=lambda language: each[language]) for each in ranked]


def main() -> None:
    """Print the table."""
    rows = test_sets()
    texts = [text for row in rows.values() for text, _ in row]
    found = {"Kratt": kratt(texts)} | (asked_alone(ALONE, texts, *PACKAGES) or {})
    lines, begin = [], 0
    for name, row in rows.items():
        end = begin + len(row)
        right = [language for _, language in row]
        shares = [sum(map(str.__eq__, said[begin:end], right)) / len(row) for said in found.values()]
        lines.append([name, len(row), *(f"{share:.1%}" for share in shares)])
        begin = end
    print(table(["language right", "requests", *found], lines))


if __name__ == "__main__":
    ArgumentParser(description=__doc__).parse_args()
    main()
