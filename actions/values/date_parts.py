"""The parts that dates are made of: days, months, years, weeks and stretches of time."""

from typing import NamedTuple

from actions.values.calendar import Calendar
from actions.values.numbers import read_amount, read_number
from actions.values.utterance import Step, Utterance
from actions.values.words.tables import Duration

_FIRST_YEAR, _LAST_YEAR = 1000, 2999
_CENTURIES = range(18, 23)  # said before the rest of a year: nineteen, twenty
_MOST_COUNTED = 5000
_DASH = frozenset("-")
_LONGEST_DAY = 4  # words: twenty-first, with its dash


class Month(NamedTuple):
    """A month by its number, or so many months ahead; or so many years ahead."""

    number: int | None
    ahead: int | None = None
    is_year: bool = False


def read_which(said: Utterance, at: int) -> tuple[int | None, int]:
    """Next, this or last, and the index after it."""
    step = said.table.weeks_ahead.read(said.words, at)
    return step or (None, at)


def read_week(said: Utterance, at: int) -> Step[int] | None:
    """Next week and the like: how many weeks ahead."""
    which, end = read_which(said, at)
    if said.word(at) in said.table.weeks:  # the week after next
        return said.table.weeks_ahead_behind.read(said.words, at + 1)
    return (which, end + 1) if which is not None and said.word(end) in said.table.weeks else None


def read_day_number(said: Utterance, at: int) -> Step[tuple[int, bool]] | None:
    """A day of the month, and whether it is surely one: an ordinal."""
    if said.is_digits(at) and len(said.words[at]) <= 2:
        end = at + 1
        if said.is_joined(end) and said.word(end) in {"-", "."}:
            end += 1
        is_ordinal = said.is_joined(end) and said.word(end) in said.table.ordinal_suffixes
        day = int(said.words[at])
        return ((day, is_ordinal), end + is_ordinal) if 1 <= day <= 39 else None
    step = read_number(said, at)
    if step is None or not 1 <= step[0].value <= 39:
        return None
    return (step[0].value, step[0].is_ordinal), step[1]


def read_year(said: Utterance, at: int, calendar: Calendar) -> Step[int] | None:
    """A year after a month: 2027, two thousand twenty seven, nineteen eighty five, `восемьдесят пятого года`."""
    begin = said.skip(said.table.date_glue, at)
    if said.word(begin) in {"'", "’"} and said.is_digits(begin + 1) and len(said.words[begin + 1]) == 2:
        return calendar.full_year(int(said.words[begin + 1])), begin + 2
    if said.is_digits(begin):
        return _year_in_digits(said, begin)
    step = read_number(said, begin)
    if step is None:
        return None
    value, end = step[0].value, step[1]
    has_noun = said.word(end) in said.table.year_nouns
    if _FIRST_YEAR <= value <= _LAST_YEAR:
        return value, end + has_noun
    if value in _CENTURIES and (rest := _read_rest_of_century(said, end)):
        return value * 100 + rest[0], said.skip(said.table.year_nouns, rest[1], most=1)
    return (calendar.full_year(value), end + 1) if has_noun and value < 100 else None


def _read_rest_of_century(said: Utterance, at: int) -> Step[int] | None:
    """Twenty *seventeen*, nineteen *oh five*, nineteen *hundred*."""
    numeral = said.table.numerals.get(said.word(at))
    if numeral is not None and numeral.is_scale and numeral.value == 100:
        return 0, at + 1
    is_oh = said.word(at) in said.table.zero_letters
    begin = said.skip(_DASH, at + 1, most=1) if is_oh else at
    rest = read_number(said, begin)
    fits = rest is not None and (1 <= rest[0].value <= 9 if is_oh else 10 <= rest[0].value <= 99)
    return (rest[0].value, rest[1]) if rest and fits else None


def _year_in_digits(said: Utterance, at: int) -> Step[int] | None:
    digits = said.words[at]
    if len(digits) != 4 or not _FIRST_YEAR <= int(digits) <= _LAST_YEAR:
        return None
    end = at + 1 + (said.word(at + 1) in {".", "-"} and said.word(at + 2) in said.table.year_nouns)
    if said.word(end) in said.table.euros:
        return None
    return int(digits), said.skip(said.table.year_nouns, end, most=1)


def read_year_ahead(said: Utterance, at: int) -> Step[int] | None:
    """Of next year, `прошлого года`: how many years ahead."""
    which, end = read_which(said, said.skip(said.table.date_glue, at))
    return (which, end + 1) if which is not None and said.word(end) in said.table.year_nouns else None


def read_month(said: Utterance, at: int) -> Step[Month] | None:
    """A month by name or seen from now; or a year."""
    table = said.table
    if number := table.months.get(said.word(at)):
        return Month(number), at + 1
    which, end = read_which(said, at)
    noun = said.word(end)
    if noun in table.month_nouns or noun in table.year_nouns:
        return Month(None, which, noun not in table.month_nouns), end + 1
    return None


def read_duration(said: Utterance, at: int, *, is_counted: bool = False) -> Step[tuple[Duration, int]] | None:
    """A stretch of time and how often: two weeks; unless it must be counted, also a month, `nädala`."""
    if not is_counted and (bare := said.table.durations.read(said.words, said.skip(said.table.articles, at, most=1))):
        return (bare[0], 1), bare[1]
    amount = read_amount(said, at)
    if amount is None or amount[0] % 1 or not 0 <= amount[0] <= _MOST_COUNTED:
        return None
    unit = said.table.durations.read(said.words, amount[1])
    return unit and ((unit[0], int(amount[0])), unit[1])


def is_one_of_two(said: Utterance, first: int) -> bool:
    """Whether another day of the month stands before: *the fifth or* the sixth of May, *5.-*6. mai."""
    table, at = said.table, first - 1
    while said.word(at) in table.before_day:
        at -= 1
    if said.word(at) not in table.ors | table.joiners | table.span_to:
        return False
    for begin in range(max(0, at - _LONGEST_DAY), at):
        day = read_day_number(said, begin)
        if day and day[1] == at and (day[0][1] or said.is_digits(begin)):
            return True
    return False
