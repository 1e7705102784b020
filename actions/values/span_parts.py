"""What a span is made of: a day, a week, a month, a season, a year, or some time up to now or from now on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from actions.values.calendar import Calendar
from actions.values.date_parts import read_duration, read_which, read_year, read_year_ahead
from actions.values.dates import DateReader
from actions.values.found import Unfit
from actions.values.span_calendar import (
    Span,
    month_ahead,
    months_from,
    named_months,
    one_day,
    rolling,
    week_ahead,
    weekend_ahead,
    whole_year,
)
from actions.values.utterance import Step, Utterance

_SEASON_MONTHS = 3


class Part(NamedTuple):
    """One time that was said, as it is by some calendar; `is_sure`: it is no ordinary word or number."""

    span: Callable[[Calendar], Span | Unfit]
    is_sure: bool = True


@dataclass(frozen=True)
class PartReader:
    """Reads one time after another."""

    said: Utterance
    calendar: Calendar

    def read(self, at: int) -> Step[Part] | None:
        """The time that begins there."""
        return self._rolling(at) or self._day(at) or self._seen_from_now(at) or self._named(at) or self._year(at)

    def _day(self, at: int) -> Step[Part] | None:
        step = DateReader(self.said, self.calendar).read_day(at)
        if step is None:
            return None

        def span(calendar: Calendar) -> Span | Unfit:
            read = DateReader(self.said, calendar).read_day(at)
            day = read[0].day if read else step[0].day
            return day if isinstance(day, Unfit) else one_day(day)

        return Part(span, is_sure=not step[0].needs_whole), step[1]

    def _rolling(self, at: int) -> Step[Part] | None:
        """The last two weeks, within a month, `kahe nädala jooksul`."""
        said, table = self.said, self.said.table
        if way := table.rolling.get(said.word(at)):
            is_counted = read_duration(said, at + 1, is_counted=True) is not None
            if not (is_counted or way.is_alone):
                return None
            return self._rolled(at + 1, way.direction)
        if within := table.within.read(said.words, at):
            return self._rolled(within[1], self._direction)
        step = self._rolled(at, self._direction)
        return step if step and said.word(step[1] - 1) in table.within_behind else None

    @property
    def _direction(self) -> int:
        return -1 if self.calendar.is_backward else 1

    def _rolled(self, at: int, direction: int) -> Step[Part] | None:
        duration = read_duration(self.said, at)
        if duration is None:
            return None
        (unit, count), end = duration
        end = self.said.skip(self.said.table.within_behind, end, most=1)
        return Part(lambda calendar: rolling(calendar, unit, direction * count)), end

    def _seen_from_now(self, at: int) -> Step[Part] | None:
        """Last week, this month, next year, `eelmise aasta märtsis`, the weekend."""
        said, table = self.said, self.said.table
        which, end = read_which(said, at)
        noun, ahead = said.word(end), which or 0
        if which is not None and noun in table.year_nouns:
            return self._of_year(self.calendar.today.year + ahead, end + 1)
        if which is not None and (months := self._months(end)):
            return Part(lambda calendar: named_months(calendar, *months, which)), end + 1
        spans = ((table.weekends, weekend_ahead), (table.weeks, week_ahead), (table.month_nouns, month_ahead))
        span = next((span for nouns, span in spans if noun in nouns), None)
        if span is None or (which is None and span is not weekend_ahead):
            return None
        return Part(lambda calendar: span(calendar, ahead)), end + 1

    def _named(self, at: int) -> Step[Part] | None:
        """March, March 2026, March of last year, summer."""
        months = self._months(at)
        if months is None:
            return None
        if year := read_year(self.said, at + 1, self.calendar):
            return Part(lambda _: months_from(year[0], *months)), year[1]
        if ahead := read_year_ahead(self.said, at + 1):
            return Part(lambda calendar: months_from(calendar.today.year + ahead[0], *months)), ahead[1]
        is_word = self.said.words[at] in self.said.table.times_that_are_words
        is_sure = not is_word or self._is_led_up_to(at) or self._months(at + 2) is not None  # may or June
        return Part(lambda calendar: named_months(calendar, *months), is_sure), at + 1

    def _year(self, at: int) -> Step[Part] | None:
        """In 2025, `2025. aastal`."""
        step = read_year(self.said, at, self.calendar) if self._may_be_year(at) else None
        if step is None:
            return None
        part, end = self._of_year(*step)
        has_noun = self.said.word(step[1] - 1) in self.said.table.year_nouns
        return Part(part.span, has_noun or self._is_led_up_to(at)), end

    def _may_be_year(self, at: int) -> bool:
        said = self.said
        return said.word(at) not in said.table.date_glue and not (said.is_joined(at) and at > 0)

    def _of_year(self, year: int, at: int) -> Step[Part]:
        """The year, or the month or season of it that follows."""
        begin = self.said.skip(self.said.table.date_glue | self.said.table.time_before, at)
        if months := self._months(begin):
            return Part(lambda _: months_from(year, *months)), begin + 1
        return Part(lambda _: whole_year(year)), at

    def _months(self, at: int) -> tuple[int, int] | None:
        """The number of a month and how many months from there on are meant."""
        word, table = self.said.word(at), self.said.table
        if number := table.months.get(word):
            return number, 1
        if first := table.seasons.get(word):
            return first, _SEASON_MONTHS
        return None

    def _is_led_up_to(self, at: int) -> bool:
        said = self.said
        before = said.word(at - 1)
        if before in said.table.before_day:
            before = said.word(at - 2)
        return before in said.table.time_before
