"""What is found in the citizen's words; the examples are in examples.csv, counted from a Monday."""

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from actions.values.finding import find_value
from actions.values.found import Found, Kind, Limits, Unfit, UnfitReason
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

MONDAY = date(2026, 11, 23)
HERE = Path(__file__).parent


def examples(name: str = "examples.csv") -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def found_in(kind: Kind, text: str, language: str, today: date = MONDAY, limits: Limits | None = None) -> str:
    found = find_value(kind, text, Language(language), today=today, limits=limits or Limits())
    match found:
        case Found():
            return found.value
        case Unfit():
            return f"!{found.reason}"
    return ""


@pytest.mark.parametrize("row", examples(), ids=lambda row: f"{row['kind']}-{row['language']}-{row['text']}")
def test_find_value_when_said_so_then_is_as_expected(row: dict[str, str]) -> None:
    assert found_in(row["kind"], row["text"], row["language"]) == row["expected"]  # type: ignore[arg-type]


def test_examples_when_counted_then_every_kind_has_every_language_and_both_outcomes() -> None:
    seen = defaultdict(set)
    for row in [*examples(), *examples("held_out.csv")]:
        seen[row["kind"]].add((row["language"], bool(row["expected"])))
    assert set(seen) == set(get_args(Kind))
    for kind, combinations in seen.items():
        assert len(combinations) == (3 if kind == "text" else 6), kind


def test_held_out_when_compared_then_shares_no_text_with_the_examples() -> None:
    keys = [{(row["kind"], row["text"]) for row in examples(name)} for name in ("examples.csv", "held_out.csv")]
    assert not keys[0] & keys[1]


@pytest.mark.parametrize(
    ("kind", "language", "text", "is_whole"),
    [
        ("date", "en", "umm it is the fifth of may please", True),
        ("date", "en", "no i meant the fifth of may", True),
        ("date", "en", "i want a new passport by the fifth of may", False),
        ("date", "et", "ee see on viies mai palun", True),
        ("date", "et", "ei hoopis viies mai", True),
        ("date", "et", "tahan viiendaks maiks passi", False),
        ("date", "ru", "ну это пятое мая пожалуйста", True),
        ("date", "ru", "нет я имела в виду пятое мая", True),
        ("date", "ru", "хочу паспорт к пятому мая", False),
        ("money", "en", "it's eighty euros", True),
        ("money", "en", "i owe eighty euros for parking", False),
        ("plate", "et", "auto number on 123 ABC", True),
        ("plate", "et", "müüsin auto 123 ABC", False),
        ("personal_code", "ru", "мой код 60001019906", True),
        ("email", "en", "my email is mary@example.com thanks", True),
        ("yes_no", "en", "yes please", True),
        ("yes_no", "en", "yes and what does it cost", False),
    ],
)
def test_find_value_when_more_is_said_then_is_not_whole(kind: Kind, language: str, text: str, is_whole: bool) -> None:
    found = find_value(kind, text, Language(language), today=MONDAY)
    assert isinstance(found, Found)
    assert found.is_whole is is_whole


@pytest.mark.parametrize(
    ("kind", "text", "least", "most", "reason"),
    [
        ("date", "yesterday", 0, None, "past"),
        ("date", "today", 1, None, "too_early"),
        ("date", "in two weeks", 21, None, "too_early"),
        ("date", "in two years", 0, 365, "too_late"),
        ("date", "tomorrow", None, 0, "future"),
        ("money", "five euros", 10, None, "too_small"),
        ("money", "minus five euros", None, None, "too_small"),
        ("money", "a thousand euros", None, 500, "too_large"),
        ("money", "99999999999999999 euros", None, None, None),
        ("number", "zero", 1, None, "too_small"),
        ("number", "twelve", None, 10, "too_large"),
    ],
)
def test_find_value_when_beyond_a_limit_then_says_which(
    kind: Kind, text: str, least: int | None, most: int | None, reason: UnfitReason | None
) -> None:
    limits = Limits(*(None if bound is None else Decimal(bound) for bound in (least, most)))
    assert found_in(kind, text, "en", limits=limits) == (f"!{reason}" if reason else "")


@pytest.mark.parametrize(
    ("kind", "text", "least", "most"),
    [("date", "today", 0, 0), ("date", "tomorrow", 1, 1), ("money", "ten euros", 10, 10), ("number", "3", 3, 3)],
)
def test_find_value_when_just_within_limits_then_is_found(kind: Kind, text: str, least: int, most: int) -> None:
    assert not found_in(kind, text, "en", limits=Limits(Decimal(least), Decimal(most))).startswith("!")


BIRTHDAY = Limits(at_most=Decimal(0))


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("the fifth of may", "en", "2026-05-05"),
        ("the twenty third of november", "en", "2026-11-23"),
        ("the twenty fourth of november", "en", "2025-11-24"),
        ("on friday", "en", "2026-11-20"),
        ("viies mai", "et", "2026-05-05"),
        ("05.03.85", "et", "1985-03-05"),
        ("05.03.25", "et", "2025-03-05"),
        ("пятого мая", "ru", "2026-05-05"),
        ("пятого мая восемьдесят пятого года", "ru", "1985-05-05"),
        ("the twenty ninth of february", "en", "2024-02-29"),
    ],
)
def test_find_value_when_only_the_past_will_do_then_the_nearest_day_gone_by(
    text: str, language: str, expected: str
) -> None:
    assert found_in("date", text, language, limits=BIRTHDAY) == expected


@pytest.mark.parametrize(
    ("today", "friday", "this_friday", "next_friday", "last_friday"),
    [
        ("2026-11-23", "2026-11-27", "2026-11-27", "2026-12-04", "2026-11-20"),  # Monday
        ("2026-11-26", "2026-11-27", "2026-11-27", "2026-12-04", "2026-11-20"),  # Thursday
        ("2026-11-27", "2026-12-04", "2026-11-27", "2026-12-04", "2026-11-20"),  # Friday
        ("2026-11-28", "2026-12-04", "2026-12-04", "2026-12-04", "2026-11-27"),  # Saturday
        ("2026-11-29", "2026-12-04", "2026-12-04", "2026-12-04", "2026-11-27"),  # Sunday
    ],
)
def test_find_value_when_a_weekday_is_said_then_is_counted_by_calendar_weeks(
    today: str, friday: str, this_friday: str, next_friday: str, last_friday: str
) -> None:
    sayings = {
        "en": ("friday", "this friday", "next friday", "last friday"),
        "et": ("reedel", "sel reedel", "järgmisel reedel", "eelmisel reedel"),
        "ru": ("в пятницу", "в эту пятницу", "в следующую пятницу", "в прошлую пятницу"),
    }
    for language, texts in sayings.items():
        found = tuple(found_in("date", text, language, date.fromisoformat(today)) for text in texts)
        assert found == (friday, this_friday, next_friday, last_friday), language


@pytest.mark.parametrize(
    ("today", "text", "expected"),
    [
        ("2026-12-31", "tomorrow", "2027-01-01"),
        ("2026-12-31", "end of the month", "2026-12-31"),
        ("2026-12-31", "first of next month", "2027-01-01"),
        ("2027-01-31", "in a month", "2027-02-28"),
        ("2027-01-30", "the thirtieth", "2027-01-30"),
        ("2027-01-31", "the thirtieth", "2027-03-30"),
        ("2028-02-29", "in a year", "2029-02-28"),
        ("2026-11-23", "twenty ninth of february", "2028-02-29"),
        ("9999-12-31", "tomorrow", "!no_such_day"),
        ("0001-01-01", "yesterday", "!no_such_day"),
        ("9999-12-31", "in five thousand years", "!no_such_day"),
    ],
)
def test_find_value_when_the_calendar_turns_then_still_counts(today: str, text: str, expected: str) -> None:
    assert found_in("date", text, "en", date.fromisoformat(today)) == expected


def test_find_value_when_text_is_endless_then_its_beginning_is_read() -> None:
    assert found_in("date", "tomorrow " + "and so on " * 100_000, "en") == "2026-11-24"
