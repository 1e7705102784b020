"""What is particular to spans; what is found in which words is in examples.csv and development.csv."""

from datetime import date
from decimal import Decimal

import pytest

from actions.values.finding import find_value
from actions.values.found import Found, Limits, Unfit
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

MONDAY = date(2026, 11, 23)
PAST = Limits(at_most=Decimal(0))


def found_in(text: str, language: str = "en", today: date = MONDAY, limits: Limits | None = None) -> str:
    found = find_value("span", text, Language(language), today=today, limits=limits or Limits())
    match found:
        case Found():
            return found.value
        case Unfit():
            return f"!{found.reason}"
    return ""


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "in march", "2026-03-01/2026-03-31"),
        ("en", "from the first of may to the tenth", "2026-05-01/2026-05-10"),
        ("en", "from monday to friday", "2026-11-16/2026-11-20"),
        ("en", "from december to february", "2025-12-01/2026-02-28"),
        ("en", "within a week", "2026-11-16/2026-11-23"),
        ("en", "this year", "2026-01-01/2026-12-31"),
        ("en", "next week", "!future"),
        ("et", "alates märtsist", "2026-03-01/2026-11-23"),
        ("et", "maist juulini", "2026-05-01/2026-07-31"),
        ("ru", "с марта", "2026-03-01/2026-11-23"),
        ("ru", "прошлой весной", "2026-03-01/2026-05-31"),
    ],
)
def test_find_value_when_only_the_past_will_do_then_the_span_lies_there(
    language: str, text: str, expected: str
) -> None:
    assert found_in(text, language, limits=PAST) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from march to may 2026", "2026-03-01/2026-05-31"),
        ("between may and august 2025", "2025-05-01/2025-08-31"),
        ("december to february 2026", "2025-12-01/2026-02-28"),
        ("october 2025 to march", "2025-10-01/2026-03-31"),
        ("from friday until tomorrow", "2026-11-20/2026-11-24"),
        ("from the first of june 2026 to the first of may 2026", "!ambiguous"),
        ("from the twenty fifth to the fifth of december", "2026-11-25/2026-12-05"),
        ("from the thirty first to the fifth of may", "!no_such_day"),
    ],
)
def test_find_value_when_one_end_is_certain_then_the_other_is_counted_from_it(text: str, expected: str) -> None:
    assert found_in(text) == expected


@pytest.mark.parametrize(
    ("today", "text", "expected"),
    [
        ("2026-12-31", "next month", "2027-01-01/2027-01-31"),
        ("2026-11-29", "last week", "2026-11-16/2026-11-22"),
        ("2026-11-29", "this weekend", "2026-11-28/2026-11-29"),
        ("2028-02-10", "in february", "2028-02-01/2028-02-29"),
        ("2027-01-15", "last winter", "2025-12-01/2026-02-28"),
        ("9999-12-31", "next year", "!no_such_day"),
        ("0001-01-01", "last summer", "!no_such_day"),
        ("9999-12-31", "the next two weeks", "!no_such_day"),
    ],
)
def test_find_value_when_the_calendar_turns_then_the_span_still_counts(today: str, text: str, expected: str) -> None:
    assert found_in(text, today=date.fromisoformat(today)) == expected


@pytest.mark.parametrize("text", ["august", "juuni", "head nädalavahetust"])
def test_find_value_when_a_word_only_ends_like_a_case_then_it_is_whole(text: str) -> None:
    assert found_in(text, "et") not in {"", "!incomplete"}
    assert not found_in(text, "et").startswith(MONDAY.isoformat())
