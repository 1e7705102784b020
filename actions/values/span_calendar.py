"""Weeks, months, seasons and years, each from its first day to its last, seen from today.

* A month or a season without a year is the nearest to come, the running one included; where only the past will do, the
  nearest that has begun. "Last March" is over, "this summer" is that of this year, "next March" has not begun.
* "Last week" and "last year" are those of the calendar; "the last two weeks" end today, "the next two weeks" begin so.
"""

import calendar as gregorian
from datetime import date, timedelta
from typing import NamedTuple

from actions.values.calendar import Calendar, month_after
from actions.values.found import Limits, Unfit
from actions.values.words.tables import Duration

_SATURDAY, _SUNDAY = 5, 6
_MONTHS_OF_YEAR = 12


class Span(NamedTuple):
    """From the first day to the last, both included."""

    first: date
    last: date


def one_day(day: date) -> Span:
    """A day alone."""
    return Span(day, day)


def months_from(year: int, month: int, count: int = 1) -> Span:
    """So many whole months."""
    first = date(year, month, 1)
    return Span(first, _last_of(*month_after(first, count - 1)))


def whole_year(year: int) -> Span:
    """A year of the calendar."""
    return months_from(year, 1, _MONTHS_OF_YEAR)


def month_ahead(calendar: Calendar, ahead: int) -> Span:
    """This month or one so many months away."""
    return months_from(*month_after(calendar.today, ahead))


def week_ahead(calendar: Calendar, ahead: int) -> Span:
    """This week, Monday to Sunday, or one so many weeks away."""
    monday = calendar.today + timedelta(7 * ahead - calendar.today.weekday())
    return Span(monday, monday + timedelta(_SUNDAY))


def weekend_ahead(calendar: Calendar, ahead: int) -> Span:
    """The Saturday and Sunday of such a week."""
    week = week_ahead(calendar, ahead)
    return Span(week.first + timedelta(_SATURDAY), week.last)


def named_months(calendar: Calendar, month: int, count: int, which: int | None = None) -> Span:
    """A month or a season by the month it begins with: the nearest, or that of this, the next or the last time."""
    if which == 0:
        return months_from(calendar.today.year, month, count)
    if which is not None:
        return _other_than_running(calendar, month, count, which)
    near = calendar.counted_from
    years = [months_from(year, month, count) for year in range(near.year - 2, near.year + 3)]
    if calendar.is_backward:
        return [each for each in years if each.first <= near][-1]
    return next(each for each in years if each.last >= near)


def _other_than_running(calendar: Calendar, month: int, count: int, which: int) -> Span:
    today = calendar.today
    years = [months_from(year, month, count) for year in range(today.year - 2, today.year + which + 3)]
    if which < 0:
        return [each for each in years if each.last < today][which]
    return [each for each in years if each.first > today][which - 1]


def rolling(calendar: Calendar, duration: Duration, count: int) -> Span | Unfit:
    """The stretch of time that begins or, if the count is negative, ends today."""
    edge = calendar.after(duration, count)
    if isinstance(edge, Unfit):
        return edge
    return Span(min(calendar.today, edge), max(calendar.today, edge))


def check_span(span: Span | Unfit, today: date, limits: Limits) -> str | Unfit:
    """The span as an ISO 8601 interval of two dates, if any of it lies within the limits."""
    if isinstance(span, Unfit):
        return span
    if span.first > span.last:
        return Unfit("ambiguous")
    first, last = (span.first - today).days, (span.last - today).days
    if limits.at_least is not None and last < limits.at_least:
        return Unfit("past" if last < 0 <= limits.at_least else "too_early")
    if limits.at_most is not None and first > limits.at_most:
        return Unfit("future" if limits.at_most <= 0 < first else "too_late")
    return f"{span.first.isoformat()}/{span.last.isoformat()}"


def _last_of(year: int, month: int) -> date:
    return date(year, month, gregorian.monthrange(year, month)[1])
