from datetime import UTC, date, datetime

import pytest

from assistant.core.calendar import CITIZENS_ZONE
from assistant.core.opening_hours import OpeningHours

pytestmark = pytest.mark.unit

WORKDAYS = OpeningHours(dict.fromkeys(range(5), ((540, 720), (780, 1020))), frozenset({"12-24", "2026-11-30"}))


def local(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CITIZENS_ZONE)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (local(26, 9), True),
        (local(26, 8, 59), False),
        (local(26, 11, 59), True),
        (local(26, 12), False),  # lunch
        (local(26, 13), True),
        (local(26, 17), False),
        (local(28, 10), False),  # Saturday
        (local(30, 10), False),  # a holiday of this year
        (local(24, 10, month=12), False),  # of every year
        (datetime(2026, 11, 26, 7, tzinfo=UTC), True),  # nine in Tallinn
        (datetime(2026, 7, 1, 6, tzinfo=UTC), True),  # summer time
    ],
)
def test_hours_when_asked_then_days_holidays_and_the_citizens_clock_count(moment: datetime, is_open: bool) -> None:
    assert WORKDAYS.is_open(moment) is is_open


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (local(26, 7), date(2026, 11, 26)),
        (local(26, 12, 30), date(2026, 11, 26)),
        (local(26, 18), date(2026, 11, 27)),
        (local(27, 18), date(2026, 12, 1)),  # a weekend and a holiday between
    ],
)
def test_next_day_when_it_is_closed_then_holidays_are_passed_over(moment: datetime, day: date) -> None:
    assert WORKDAYS.next_day(moment) == day


def test_next_day_when_nobody_ever_answers_then_there_is_none() -> None:
    assert OpeningHours({}).next_day(local(26, 9)) is None


def test_hours_when_written_then_are_those_of_the_day_in_digits() -> None:
    assert WORKDAYS.written(date(2026, 11, 26)) == "9:00–12:00, 13:00–17:00"
    assert WORKDAYS.written(date(2026, 11, 28)) == ""
