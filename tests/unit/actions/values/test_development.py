"""The development set: its misses are mended in the grammars, so that few are left."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from actions.values.choosing import Choice, Chosen, choose
from actions.values.finding import find_value
from actions.values.found import Found, Unfit
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

MONDAY = date(2026, 11, 23)
HERE = Path(__file__).parent
FEWEST_RIGHT, MOST_MISSES = 0.98, 2  # of all; of one kind in one language


def rows_of(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def choice_lists() -> dict[str, list[Choice]]:
    lists = defaultdict(list)
    for row in rows_of("choice_lists.csv"):
        lists[row["list"]].append(Choice(row["key"], tuple(row["words"].split("|"))))
    return lists


def found_values() -> Iterator[tuple[str, str, str]]:
    """Each kind or list and language, what is found and what should be."""
    for row in rows_of("development.csv"):
        found = find_value(row["kind"], row["text"], Language(row["language"]), today=MONDAY)  # type: ignore[arg-type]
        value = found.value if isinstance(found, Found) else f"!{found.reason}" if isinstance(found, Unfit) else ""
        yield f"{row['kind']} {row['language']}", value, row["expected"]
    lists = choice_lists()
    for row in rows_of("development_choices.csv"):
        chosen = choose(row["text"], lists[row["list"]], Language(row["language"]))
        yield f"choice {row['language']}", chosen.key if isinstance(chosen, Chosen) else "", row["expected"]


def test_development_when_found_then_nearly_all_is_right() -> None:
    said, right = Counter[str](), Counter[str]()
    for group, value, expected in found_values():
        said[group] += 1
        right[group] += value == expected
    assert sum(right.values()) >= FEWEST_RIGHT * sum(said.values())
    assert not [group for group, count in said.items() if right[group] < count - MOST_MISSES]


@pytest.mark.parametrize("name", ["{}.csv", "{}_choices.csv"])
def test_development_when_compared_then_shares_no_text_with_the_held_out(name: str) -> None:
    texts = [{tuple(row.values())[:3] for row in rows_of(name.format(part))} for part in ("development", "held_out")]
    assert not texts[0] & texts[1]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("et", "liiga palju", ""),
        ("et", "ma panen kinni", ""),
        ("et", "mäele", "magi"),
        ("et", "kuuse", "kuusk"),
        ("ru", "к мяги", "magi"),
        ("ru", "у куузика", "kuusik"),
    ],
)
def test_choose_when_a_name_is_inflected_then_only_that_name_is_meant(language: str, text: str, expected: str) -> None:
    lists = choice_lists()
    chosen = choose(text, [*lists["children"], *lists["doctors"]], Language(language))
    assert (chosen.key if isinstance(chosen, Chosen) else "") == expected
