"""Spans of time: from a day to a day, a month, last year, the next two weeks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from actions.values.calendar import NO_SUCH_DAY, Calendar, month_after
from actions.values.candidates import Candidate
from actions.values.date_parts import read_day_number, read_year
from actions.values.found import Limits, Unfit
from actions.values.span_calendar import Span, check_span
from actions.values.span_parts import Part, PartReader
from actions.values.utterance import Step, Utterance

_DASH_BETWEEN_DATES = re.compile(r"(?<=[0-9.])-(?=[0-9]{1,2}\.[0-9])")
_ANY_OTHER_DAY = 200  # days from today; what is the same seen from there needs no nearest
_INCOMPLETE = Unfit("incomplete")


def find_spans(said: Utterance, today: date, limits: Limits) -> Iterator[Candidate]:
    """The spans of the text as `2027-05-01/2027-05-10`; a single day is a span, too."""
    reader = _SpanReader(_with_dashes_apart(said), Calendar(today, limits.at_most is not None and limits.at_most <= 0))
    for (span, is_sure), first, end in said.each(lambda _, at: reader.read(at)):
        yield Candidate(check_span(span, today, limits), first, end, needs_whole=not is_sure)


def _with_dashes_apart(said: Utterance) -> Utterance:
    # 1.06.2026-15.06.2026 is no date that goes on.
    text = _DASH_BETWEEN_DATES.sub("–", said.text)
    return said if text == said.text else Utterance.of(text, said.table, dropped=said.table.hesitations)


@dataclass(frozen=True)
class _SpanReader:
    said: Utterance
    calendar: Calendar

    def read(self, at: int) -> Step[tuple[Span | Unfit, bool]] | None:
        """The span that begins there, and whether it is surely one."""
        said, table = self.said, self.said.table
        begin = said.skip(table.span_from | table.before_day, at)
        last = said.skip(table.before_day, at + 1)
        if said.word(at) in table.until and (step := self._parts.read(last)):
            return (self._up_to(step[0]), True), step[1]
        left = self._parts.read(begin)
        if pair := self._days_of_one_month(begin) or (left and self._pair(begin, left)):
            return pair
        if left is None:
            return None
        part, end = left
        if said.word(at) in table.span_from or self._ends(end, table.from_ending):
            return (self._on_from(part, has_since=said.word(at) in table.since), True), end
        if self._ends(end, table.until_ending):
            return (self._up_to(part), True), end
        return (self._resolved(part), part.is_sure), end

    def _days_of_one_month(self, at: int) -> Step[tuple[Span | Unfit, bool]] | None:
        """From the first to the tenth of May, `5.-9. detsember`: the first number takes its month from the second."""
        day = self._bare_day(at)
        to = self._connector(at, day[1]) if day else None
        right = self._parts.read(to) if to else None
        if not (day and to and right):
            return None
        end = self._pair_end(at, day[1], to, right[1])
        if end is None or not any(self.said.words[index] in self.said.table.months for index in range(to, right[1])):
            return None
        last = self._resolved(right[0])
        return (last if isinstance(last, Unfit) else _begun_on(day[0], last), True), end

    def _bare_day(self, at: int) -> Step[int] | None:
        said = self.said
        if said.is_digits(at):
            return int(said.words[at]), said.skip(frozenset("."), at + 1, most=1)
        day = read_day_number(said, said.skip(said.table.before_day, at, most=1))
        return (day[0][0], day[1]) if day and day[0][1] else None

    def _pair(self, begin: int, left: Step[Part]) -> Step[tuple[Span | Unfit, bool]] | None:
        to = self._connector(begin, left[1])
        right = self._parts.read(to) if to else None
        if not (to and right):
            return None
        end = self._pair_end(begin, left[1], to, right[1])
        if end is None:
            return None
        if end > right[1] and (year := read_year(self.said, end, self.calendar)):
            base = replace(self, calendar=self.calendar.since(date(year[0], 1, 1)))  # between May and July 2025
            return (base.between(left[0], right[0]), True), year[1]
        return (self.between(left[0], right[0]), True), end

    def _connector(self, begin: int, at: int) -> int | None:
        """Where the other end begins: after "to", "and" in "between", or at once in `maist juulini`."""
        said, table = self.said, self.said.table
        after = said.skip(table.span_to | table.before_day, at)
        if after > at and said.word(at) in table.span_to:
            return after
        is_between = said.word(begin - 1) in table.between or bool(table.between_behind)
        if said.word(at) in table.joiners and is_between:
            return at + 1
        return at if self._ends(at, table.from_ending) else None

    def _pair_end(self, begin: int, left_end: int, to: int, right_end: int) -> int | None:
        """Where the pair ends; None if its other end is no end (`esmaspäevast teisipäev`)."""
        said, table = self.said, self.said.table
        if said.word(left_end) in table.joiners and said.word(begin - 1) not in table.between:
            return right_end + 1 if said.word(right_end) in table.between_behind else None
        return right_end if to > left_end or self._ends(right_end, table.until_ending) else None

    def _ends(self, end: int, ending: str) -> bool:
        """Whether the word before has a case ending; `juuni` and `nädalavahetust` have none."""
        word, months = self.said.word(end - 1), self.said.table.months
        is_cased = bool(ending) and word.endswith(ending) and not word.endswith(self.said.table.not_from)
        return is_cased and (word not in months or word.removesuffix(ending) in months)

    def between(self, left: Part, right: Part) -> Span | Unfit:
        """From the one to the other: what has no year of its own is counted from what has one."""
        if self._is_fixed(right) and not self._is_fixed(left):
            last = self._resolved(right)
            first = last if isinstance(last, Unfit) else self._resolved(left, self.calendar.until(last.last))
        else:
            first = self._resolved(left)
            last = first if isinstance(first, Unfit) else self._resolved(right, self.calendar.since(first.first))
        if isinstance(first, Unfit):
            return first
        return last if isinstance(last, Unfit) else Span(first.first, last.last)

    def _is_fixed(self, part: Part) -> bool:
        today = self.calendar.today
        other = today + timedelta(_ANY_OTHER_DAY if today.year < date.max.year else -_ANY_OTHER_DAY)
        return self._resolved(part, self.calendar.since(today)) == self._resolved(part, self.calendar.since(other))

    def _on_from(self, part: Part, *, has_since: bool) -> Span | Unfit:
        """Since March: until today, if only the past can be meant; else the end is missing."""
        today = self.calendar.today
        if not (has_since or self.calendar.is_backward):
            return _INCOMPLETE
        first = self._resolved(part, self.calendar.until(today))
        return first if isinstance(first, Unfit) else Span(first.first, today)

    def _up_to(self, part: Part) -> Span | Unfit:
        last = self._resolved(part)
        return last if isinstance(last, Unfit) else Span(self.calendar.today, last.last)

    def _resolved(self, part: Part, calendar: Calendar | None = None) -> Span | Unfit:
        try:
            return part.span(calendar or self.calendar)
        except (ValueError, OverflowError):  # beyond the years that there are
            return NO_SUCH_DAY

    @property
    def _parts(self) -> PartReader:
        return PartReader(self.said, self.calendar)


def _begun_on(day: int, last: Span) -> Span | Unfit:
    """From that day on, of the same month or the one before: "from the 25th to the fifth of December"."""
    try:
        year, month = month_after(last.first, -1 if day > last.last.day else 0)
        return Span(date(year, month, day), last.last)
    except ValueError:
        return NO_SUCH_DAY
