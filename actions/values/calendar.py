"""Days by what is said of them, seen from today.

* A day without a year is the nearest one to come, today included; where only the past will do, the nearest gone by.
* "Friday" is the nearest one after today. "This Friday" is that of this week (Monday to Sunday) unless it has passed,
  then the nearest. "Next Friday" is that of next week: said on a Monday it is eleven days away, on a Friday seven, on a
  Sunday five. "Last Friday" is the nearest one before today.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

from actions.values.found import Limits, Unfit
from actions.values.words.tables import Boundary, Duration

Day = date | Unfit

NO_SUCH_DAY = Unfit("no_such_day")
_YEARS_TO_LEAP_DAY = 8
_MOST_YEARS_AHEAD = 20  # of a year given by two digits
_MOST_MONTHS_AWAY = 12 * 200


@dataclass(frozen=True)
class Calendar:
    """The days around today; `is_backward`: only days gone by will do.

    `origin` is the day from which the nearest is counted, if that is not today: in "from May to July" it is in May.
    `corrected` is the day that the new one takes the place of: "no, the sixth" is of the same month.
    """

    today: date
    is_backward: bool = False
    origin: date | None = None
    corrected: date | None = None

    def since(self, origin: date) -> Self:
        """The calendar in which the nearest day is the first from then on."""
        return replace(self, origin=origin, is_backward=False)

    def until(self, origin: date) -> Self:
        """The calendar in which the nearest day is the last until then."""
        return replace(self, origin=origin, is_backward=True)

    @property
    def counted_from(self) -> date:
        """The day from which the nearest is counted."""
        return self.origin or self.today

    def day(self, day: int, month: int, year: int | None = None) -> Day:
        """A day of a month, of that year or the nearest."""
        if not 1 <= month <= 12:
            return NO_SUCH_DAY
        if year is not None:
            return _day_or_unfit(year, month, day)
        year = self.counted_from.year
        return self.nearest(_day_or_unfit(year + ahead, month, day) for ahead in self.steps(_YEARS_TO_LEAP_DAY))

    def day_of_month(self, day: int, months_ahead: int | None = None) -> Day:
        """A day such as the fifth, of the nearest month or of so many months ahead."""
        if months_ahead is not None:
            return _day_or_unfit(*month_after(self.today, months_ahead), day)
        if self.corrected:
            same_month = _day_or_unfit(self.corrected.year, self.corrected.month, day)
            if self.nearest([same_month]) is not NO_SUCH_DAY:
                return same_month
        origin = self.counted_from
        return self.nearest(_day_or_unfit(*month_after(origin, ahead), day) for ahead in self.steps(12))

    def full_year(self, year: int) -> int:
        """The year of two digits: of this century, or of the last if that lies far ahead or may not lie ahead."""
        century = self.today.year // 100 * 100
        latest = self.today.year + (0 if self.is_backward else _MOST_YEARS_AHEAD)
        return century + year - (100 if century + year > latest else 0)

    def weekday(self, weekday: int, weeks_ahead: int | None = None) -> Day:
        """A weekday, by the meanings above."""
        monday = self._plus_days(-self.today.weekday())
        counted_from = self.counted_from if weeks_ahead is None else self.today
        if weeks_ahead == -1 or (weeks_ahead is None and self.is_backward):
            return _plus(counted_from, -((counted_from.weekday() - weekday - 1) % 7 + 1))
        if weeks_ahead is not None and weeks_ahead < -1:
            return _plus(self.weekday(weekday, -1), 7 * (weeks_ahead + 1))
        of_week = _plus(monday, 7 * (weeks_ahead or 0) + weekday)
        if weeks_ahead is None or (weeks_ahead == 0 and isinstance(of_week, date) and of_week < self.today):
            return _plus(counted_from, (weekday - counted_from.weekday() - 1) % 7 + 1)
        return of_week

    def after(self, duration: Duration, count: int) -> Day:
        """The day so many durations from today; the last of the month where a month is shorter."""
        if abs(duration.months * count) > _MOST_MONTHS_AWAY:
            return NO_SUCH_DAY
        year, month = month_after(self.today, duration.months * count)
        if not date.min.year <= year <= date.max.year:
            return NO_SUCH_DAY
        day = min(self.today.day, calendar.monthrange(year, month)[1])
        return _plus(date(year, month, day), duration.days * count)

    def boundary(self, boundary: Boundary, month: int | None, months_ahead: int | None) -> Day:
        """The first or the last day of a month: by number, or seen from this one."""
        if month is not None:
            year = self.counted_from.year
            return self.nearest(_day_or_unfit(*_bound(boundary, year + ahead, month)) for ahead in self.steps(2))
        if boundary == "start" and months_ahead is None:
            return self.day_of_month(1)
        return _day_or_unfit(*_bound(boundary, *month_after(self.today, months_ahead or 0)))

    def year_boundary(self, boundary: Boundary, years_ahead: int | None) -> Day:
        """The first or the last day of a year."""
        day = (1, 1) if boundary == "start" else (31, 12)
        return self.day(*day, None if years_ahead is None else self.today.year + years_ahead)

    def steps(self, most: int) -> range:
        """How many years or months away the nearest is looked for, in that order."""
        return range(0, -most - 1, -1) if self.is_backward else range(most + 1)

    def nearest(self, days: Iterable[Day]) -> Day:
        """The first of the days that lies in the right direction."""
        origin = self.counted_from
        for day in days:
            if isinstance(day, date) and (day <= origin if self.is_backward else day >= origin):
                return day
        return NO_SUCH_DAY

    def _plus_days(self, days: int) -> Day:
        return _plus(self.today, days)


def month_after(day: date, months: int) -> tuple[int, int]:
    """The year and the month so many months after that of the day."""
    years, month = divmod(day.month - 1 + months, 12)
    return day.year + years, month + 1


def check(day: Day, today: date, limits: Limits) -> str | Unfit:
    """The day in ISO form, if it lies within the limits."""
    if isinstance(day, Unfit):
        return day
    ahead, least, most = (day - today).days, limits.at_least, limits.at_most
    if least is not None and ahead < least:
        return Unfit("past" if ahead < 0 <= least else "too_early")
    if most is not None and ahead > most:
        return Unfit("future" if most <= 0 < ahead else "too_late")
    return day.isoformat()


def _bound(boundary: Boundary, year: int, month: int) -> tuple[int, int, int]:
    return year, month, 1 if boundary == "start" else calendar.monthrange(year, month)[1]


def _day_or_unfit(year: int, month: int, day: int) -> Day:
    try:
        return date(year, month, day)
    except ValueError:
        return NO_SUCH_DAY


def _plus(day: Day, days: int) -> Day:
    try:
        return day + timedelta(days) if isinstance(day, date) else day
    except OverflowError:
        return NO_SUCH_DAY
