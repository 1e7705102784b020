"""Days by more than a date: holidays, the first Monday in May, a week tomorrow, digits said one by one."""

from datetime import date, timedelta

from actions.values.calendar import NO_SUCH_DAY, Calendar, Day, month_after
from actions.values.date_parts import Month, read_duration, read_month, read_year, read_year_ahead
from actions.values.numbers import Number, read_number
from actions.values.ordinals import LAST, read_ordinal
from actions.values.utterance import Step, Utterance
from actions.values.words.tables import Duration

_DAYS_OF_WEEK = 7
_MOST_WEEKS = 5
_FEWEST_TWO_DIGITS = 10
_LAST_DAY, _LAST_MONTH = 31, 12


def read_day_phrase(said: Utterance, at: int, calendar: Calendar) -> Step[Day] | None:
    """The day that such words mean."""
    return (
        _read_holiday(said, at, calendar)
        or _read_nth_weekday(said, at, calendar)
        or _read_after_day(said, at, calendar)
        or _read_digits(said, at, calendar)
    )


def _read_holiday(said: Utterance, at: int, calendar: Calendar) -> Step[Day] | None:
    """Christmas Eve, `jaanipäeval`, of a year that may follow."""
    holiday = said.table.holidays.read(said.words, at)
    if holiday is None:
        return None
    (day, month), end = holiday
    if year := read_year(said, end, calendar):
        return calendar.day(day, month, year[0]), year[1]
    if ahead := read_year_ahead(said, end):
        return calendar.day(day, month, calendar.today.year + ahead[0]), ahead[1]
    return calendar.day(day, month), end


def _read_nth_weekday(said: Utterance, at: int, calendar: Calendar) -> Step[Day] | None:
    """The first Monday in December, `novembri viimasel reedel`."""
    month = read_month(said, at)
    begin = month[1] if month else at
    place = read_ordinal(said, begin)
    weekday = said.table.weekdays.get(said.word(place[1])) if place else None
    if place is None or weekday is None:
        return None
    end = place[1] + 1
    if month is None:
        month = read_month(said, said.skip(said.table.date_glue, end))
        end = month[1] if month else end
    if month is None or month[0].is_year or (place[0] != LAST and int(place[0]) > _MOST_WEEKS):
        return None
    return _nth_weekday(place[0], weekday, month[0], calendar), end


def _nth_weekday(place: str, weekday: int, month: Month, calendar: Calendar) -> Day:
    if month.number is None:
        return _nth_of_month(place, weekday, *month_after(calendar.today, month.ahead or 0))
    year, number = calendar.counted_from.year, month.number
    return calendar.nearest(_nth_of_month(place, weekday, year + ahead, number) for ahead in calendar.steps(2))


def _nth_of_month(place: str, weekday: int, year: int, month: int) -> Day:
    if not date.min.year <= year < date.max.year:
        return NO_SUCH_DAY
    first = date(year, month, 1)
    if place == LAST:
        following = date(*month_after(first, 1), 1)
        return following - timedelta((following.weekday() - weekday - 1) % _DAYS_OF_WEEK + 1)
    weeks = timedelta(_DAYS_OF_WEEK * (int(place) - 1))
    day = first + timedelta((weekday - first.weekday()) % _DAYS_OF_WEEK) + weeks
    return day if day.month == month else NO_SUCH_DAY


def _read_after_day(said: Utterance, at: int, calendar: Calendar) -> Step[Day] | None:
    """A week tomorrow, two weeks from Friday; `homme nädala pärast`, Tuesday week."""
    if duration := read_duration(said, at):
        (unit, count), end = duration
        day = _read_near_day(said, said.skip(said.table.counting_from, end), calendar)
        is_weeks = unit.days % _DAYS_OF_WEEK == 0 and not unit.months
        return (_plus(day[0], unit, count), day[1]) if day and is_weeks else None
    day = _read_near_day(said, at, calendar)
    duration = read_duration(said, day[1]) if day else None
    if day is None or duration is None:
        return None
    (unit, count), end = duration
    behind = said.table.after_behind.read(said.words, end)
    is_bare_week = said.table.counts_weeks_bare and (unit, count) == (Duration(_DAYS_OF_WEEK, 0), 1)
    is_whole = behind is not None or (is_bare_week and end >= len(said))
    return (_plus(day[0], unit, count), behind[1] if behind else end) if is_whole else None


def _read_near_day(said: Utterance, at: int, calendar: Calendar) -> Step[Day] | None:
    if step := said.table.relative_days.read(said.words, at):
        return calendar.after(Duration(1, 0), step[0]), step[1]
    weekday = said.table.weekdays.get(said.word(at))
    return None if weekday is None else (calendar.weekday(weekday), at + 1)


def _plus(day: Day, unit: Duration, count: int) -> Day:
    return Calendar(day).after(unit, count) if isinstance(day, date) else day


def _read_digits(said: Utterance, at: int, calendar: Calendar) -> Step[Day] | None:
    """Oh five, oh three, nineteen eighty five: a zero shows that these are digits of a date."""
    day = _read_two_digits(said, at)
    month = _read_two_digits(said, day[1]) if day else None
    if not (day and month) or not (day[0][1] or month[0][1]):
        return None
    if not (1 <= day[0][0] <= _LAST_DAY and 1 <= month[0][0] <= _LAST_MONTH):
        return None
    year = read_year(said, month[1], calendar)
    return (calendar.day(day[0][0], month[0][0], year[0]), year[1]) if year else None


def _read_two_digits(said: Utterance, at: int) -> Step[tuple[int, bool]] | None:
    """A number up to 31, and whether a zero was said before it."""
    number = read_number(said, at)
    if said.word(at) in said.table.zero_letters or (number is not None and number[0] == Number(0, False)):
        unit = said.table.numerals.get(said.word(at + 1))  # alone: *null kolm* tuhat üheksasada
        return ((unit.value, True), at + 2) if unit and 0 < unit.value < _FEWEST_TWO_DIGITS else None
    return ((number[0].value, False), number[1]) if number else None
