"""Dates in the citizen's words.

An own grammar over the number words, not the library dateparser (1.5.0): on the held-out examples of
benchmarks/values.py that one reaches an F1 of 0.28 (`parse`) or 0.30 (`search_dates`) at 0.2 to 1.6 ms, where this one
has 0.97 at 0.1 ms. It does not know `viiendal mail`, `järgmine reede` or "the fifth of may", nor say why a day
will not do.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from actions.values.calendar import Calendar, Day, check
from actions.values.candidates import Candidate, is_filler
from actions.values.date_parts import (
    Month,
    is_one_of_two,
    read_day_number,
    read_duration,
    read_month,
    read_week,
    read_which,
    read_year,
    read_year_ahead,
)
from actions.values.day_phrases import read_day_phrase
from actions.values.found import Limits, Unfit
from actions.values.numbers import read_amount, read_number
from actions.values.utterance import Step, Utterance
from actions.values.words.tables import Boundary, Duration

_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})(?![0-9-])")
_DAY_FIRST = re.compile(
    r"(?P<day>[0-9]{1,2})(?P<separator> ?[./-] ?)(?P<month>[0-9]{1,2})(?:(?P=separator)(?P<year>[0-9]{4}|[0-9]{2}))?"
    r"(?![0-9])(?![.:,/-][0-9])\.?"
)

INCOMPLETE = Unfit("incomplete")


class ReadDate(NamedTuple):
    """What was read; `needs_whole` as in a `Candidate`."""

    day: Day
    needs_whole: bool = False


def find_dates(said: Utterance, today: date, limits: Limits, corrected: date | None = None) -> Iterator[Candidate]:
    """The dates of the text, each in ISO form or as what is wrong with it; `corrected` as in a calendar."""
    is_backward = limits.at_most is not None and limits.at_most <= 0
    reader = DateReader(said, Calendar(today, is_backward, corrected=corrected))
    for read, first, end in said.each(lambda _, at: reader.read(at)):
        if is_one_of_two(said, first):
            yield Candidate(Unfit("ambiguous"), first, end)
        else:
            yield Candidate(check(read.day, today, limits), first, end, read.needs_whole)


@dataclass(frozen=True)
class DateReader:
    """Reads dates from the words said; the nearest ones by the calendar."""

    said: Utterance
    calendar: Calendar

    def read(self, at: int) -> Step[ReadDate] | None:
        """The date that begins there, or a time that is too vague for one."""
        return self.read_day(at) or self._vague(at)

    def read_day(self, at: int) -> Step[ReadDate] | None:
        """The day that begins there."""
        return (
            self._written(at)
            or self._phrase(at)
            or self._with_weekday(at)
            or self._day_and_month(at)
            or self._boundary(at)
            or self._day_of_named_month(at)
            or self._relative(at)
            or self._bare_day(at)
        )

    def _phrase(self, at: int) -> Step[ReadDate] | None:
        step = read_day_phrase(self.said, at, self.calendar)
        return step and (ReadDate(step[0]), step[1])

    def _written(self, at: int) -> Step[ReadDate] | None:
        said = self.said
        if not said.is_digits(at) or (said.is_joined(at) and said.word(at - 1) in {".", "/", "-", ":", ","}):
            return None
        start = said.tokens[at].start
        match = _ISO.match(said.text, start) or _DAY_FIRST.match(said.text, start)
        if not match or (match["year"] is None and not self._is_likely(match)):
            return None
        end = said.index_at(match.end(), at)
        if said.word(end) in said.table.euros or said.word(end) == "%":
            return None
        end = said.skip(said.table.year_nouns, end, most=1) if match["year"] else end
        year = match["year"] and self._year_of(match["year"])
        return ReadDate(
            self.calendar.day(int(match["day"]), int(match["month"]), year or None), self._is_doubtful(match)
        ), end

    def _year_of(self, digits: str) -> int:
        return int(digits) if len(digits) == 4 else self.calendar.full_year(int(digits))

    @staticmethod
    def _is_likely(match: re.Match[str]) -> bool:
        # 1.5 is a number; 5-3 may be a house and a flat.
        return 1 <= int(match["month"]) <= 12 and 1 <= int(match["day"]) <= 31 and match["separator"].strip() != "-"

    @staticmethod
    def _is_doubtful(match: re.Match[str]) -> bool:
        return match["year"] is None and len(match["month"]) < 2 and not match.group().endswith(".")

    def _with_weekday(self, at: int) -> Step[ReadDate] | None:
        """Friday, next Friday, Friday next week, Friday the fifth of May."""
        said, weekdays = self.said, self.said.table.weekdays
        which, begin = read_which(self.said, at)
        weekday = weekdays.get(said.word(begin))
        if weekday is None:
            return self._week_then_weekday(at)
        after = said.skip(said.table.date_glue, begin + 1)
        if begin == at and (exact := self._written(after) or self._day_and_month(after)):
            return self._agreeing(exact, weekday)
        if begin == at and (behind := self._week_behind(weekday, begin + 1)):
            return behind
        if begin > at or said.word(at - 1) not in said.table.nearest:
            return ReadDate(self.calendar.weekday(weekday, which)), begin + 1
        return ReadDate(self.calendar.weekday(weekday)), begin + 1

    def _week_behind(self, weekday: int, at: int) -> Step[ReadDate] | None:
        """Friday *next week*, Friday *before last*, the Friday *after that*."""
        said = self.said
        if week := read_week(said, said.skip(said.table.date_glue, at)):
            return ReadDate(self.calendar.weekday(weekday, week[0])), week[1]
        if which := said.table.weeks_ahead_behind.read(said.words, at):
            return ReadDate(self.calendar.weekday(weekday, which[0])), which[1]
        after_that = said.table.after_that.read(said.words, at)
        return after_that and self._after_corrected(weekday, after_that[1])

    def _after_corrected(self, weekday: int, end: int) -> Step[ReadDate]:
        """The Friday after that; nobody knows which one, if no day was said before."""
        before = self.calendar.corrected
        day = self.calendar.since(before).weekday(weekday) if before else INCOMPLETE
        return ReadDate(day), end

    def _agreeing(self, exact: Step[ReadDate], weekday: int) -> Step[ReadDate]:
        day, end = exact[0].day, exact[1]
        if isinstance(day, date) and day.weekday() != weekday:
            return ReadDate(Unfit("ambiguous")), end
        return ReadDate(day), end

    def _week_then_weekday(self, at: int) -> Step[ReadDate] | None:
        week = read_week(self.said, at)
        if week is None:
            return None
        end = self.said.skip(self.said.table.date_glue, week[1])
        weekday = self.said.table.weekdays.get(self.said.word(end))
        return None if weekday is None else (ReadDate(self.calendar.weekday(weekday, week[0])), end + 1)

    def _day_and_month(self, at: int) -> Step[ReadDate] | None:
        """The fifth of May, `viies mai`, May the fifth; with a year or without."""
        said, months = self.said, self.said.table.months
        begin = said.skip(said.table.before_day, at, most=1)
        if month := months.get(said.word(begin)):
            day = read_day_number(self.said, said.skip(said.table.before_day, begin + 1, most=1))
            if day is None or self._is_counted(day[1]) or not (day[0][1] or self._is_plain_day(day[1])):
                return None
            return self._dated(day[0][0], month, day[1])
        day = read_day_number(self.said, begin)
        if day is None:
            return None
        end = said.skip(said.table.date_glue, day[1])
        if month := months.get(said.word(end)):
            return self._dated(day[0][0], month, end + 1)
        return self._day_and_numbered_month(day[0], end)

    def _is_plain_day(self, end: int) -> bool:
        # "may 5": not "may five people come in".
        return (
            self.said.is_digits(end - 1)
            or end >= len(self.said)
            or read_year(self.said, end, self.calendar) is not None
        )

    def _is_counted(self, end: int) -> bool:
        word, table = self.said.word(end), self.said.table
        return word in table.euros or word in {"%", ":"} or word in table.months

    def _day_and_numbered_month(self, day: tuple[int, bool], at: int) -> Step[ReadDate] | None:
        """The fifth of the fifth two thousand one."""
        step = read_number(self.said, at)
        if step is None or not (day[1] and step[0].is_ordinal and step[0].value <= 12):
            return None
        if year := read_year(self.said, step[1], self.calendar):
            return ReadDate(self.calendar.day(day[0], step[0].value, year[0])), year[1]
        return ReadDate(self.calendar.day(day[0], step[0].value), needs_whole=True), step[1]

    def _dated(self, day: int, month: int, at: int) -> Step[ReadDate]:
        if step := read_year(self.said, at, self.calendar):
            return ReadDate(self.calendar.day(day, month, step[0])), step[1]
        if step := read_year_ahead(self.said, at):
            return ReadDate(self.calendar.day(day, month, self.calendar.today.year + step[0])), step[1]
        return ReadDate(self.calendar.day(day, month)), at

    def _boundary(self, at: int) -> Step[ReadDate] | None:
        """The end of the month, `järgmise kuu lõpus`, the first day of May."""
        table, words = self.said.table, self.said.words
        if step := table.boundaries.read(words, at):
            month = read_month(self.said, self.said.skip(table.date_glue, step[1]))
            return month and (ReadDate(self._bound(step[0], month[0])), month[1])
        month = read_month(self.said, at)
        step = table.boundaries.read(words, month[1]) if month else None
        return (ReadDate(self._bound(step[0], month[0])), step[1]) if month and step else None

    def _bound(self, boundary: Boundary, month: Month) -> Day:
        if month.is_year:
            return self.calendar.year_boundary(boundary, month.ahead)
        return self.calendar.boundary(boundary, month.number, month.ahead)

    def _day_of_named_month(self, at: int) -> Step[ReadDate] | None:
        """The first of the month, `järgmise kuu viiendal`, `первого числа следующего месяца`."""
        said = self.said
        month = read_month(self.said, at)
        if month and not month[0].is_year and month[0].number is None:
            day = read_day_number(self.said, month[1])
            if day and day[0][1]:
                return ReadDate(self.calendar.day_of_month(day[0][0], month[0].ahead)), day[1]
            return None
        day = read_day_number(self.said, said.skip(said.table.before_day, at, most=1))
        if not day or not day[0][1]:
            return None
        month = read_month(self.said, said.skip(said.table.date_glue, day[1]))
        if month is None or month[0].is_year or month[0].number is not None:
            return None
        return ReadDate(self.calendar.day_of_month(day[0][0], month[0].ahead)), month[1]

    def _relative(self, at: int) -> Step[ReadDate] | None:
        """Tomorrow, in two weeks, two weeks ago."""
        said, table = self.said, self.said.table
        if step := table.relative_days.read(said.words, at):
            return ReadDate(self.calendar.after(Duration(1, 0), step[0])), step[1]
        if said.word(at) in table.after_before:
            duration = read_duration(self.said, at + 1)
            return duration and self._ahead(*duration)
        duration = read_duration(self.said, at)
        if duration is None or self._is_part_of_duration(at):
            return None
        (unit, count), end = duration
        if ago := table.ago_behind.read(said.words, end):
            return ReadDate(self.calendar.after(unit, -count)), ago[1]
        if behind := table.after_behind.read(said.words, end):
            return self._ahead(duration[0], behind[1])
        return None

    def _is_part_of_duration(self, at: int) -> bool:
        """Whether a word before belongs to the duration: `paari päeva pärast` is not in one day."""
        if any(self.said.word(before) in self.said.table.vague for before in (at - 1, at - 2)):
            return True
        is_counted = read_amount(self.said, at) is not None or self.said.word(at) in self.said.table.articles
        return not is_counted and at > 0 and not is_filler(self.said, at - 1)

    def _ahead(self, duration: tuple[Duration, int], end: int) -> Step[ReadDate]:
        """In a week, in a week on Friday."""
        unit, count = duration
        after = self.said.skip(self.said.table.date_glue, end)
        weekday = self.said.table.weekdays.get(self.said.word(after))
        if weekday is not None and unit.days and unit.days % 7 == 0:
            return ReadDate(self.calendar.weekday(weekday, unit.days // 7 * count)), after + 1
        return ReadDate(self.calendar.after(unit, count)), end

    def _bare_day(self, at: int) -> Step[ReadDate] | None:
        """The fifth: surely a date if a noun or `on` says so, else only as the whole answer."""
        said, table = self.said, self.said.table
        begin = said.skip(table.before_day, at, most=1)
        day = read_day_number(self.said, begin)
        if day is None:
            return None
        (number, is_ordinal), end = day
        has_noun = said.word(end) in table.day_nouns
        if not (is_ordinal or has_noun):
            return None
        return ReadDate(self.calendar.day_of_month(number), needs_whole=not has_noun), end + has_noun

    def _vague(self, at: int) -> Step[ReadDate] | None:
        """Next week, in May: a time, but no day."""
        if step := read_week(self.said, at) or read_month(self.said, at):
            return ReadDate(INCOMPLETE, needs_whole=True), step[1]
        return None
