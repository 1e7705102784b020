"""Places in a row: the second one, `kolmas`, `последний`."""

from collections.abc import Iterator

from actions.values.candidates import Candidate
from actions.values.numbers import read_number
from actions.values.utterance import Step, Utterance
from actions.values.words.tables import Words

LAST = "last"
"""The place of the last, however many there are."""

_MOST_DIGITS = 3


def find_ordinals(said: Utterance) -> Iterator[Candidate]:
    """Places such as `2` or `last`; a day of a month is none."""
    for place, first, end in said.each(read_ordinal):
        if not _is_time(said, end):
            yield Candidate(place, first, end)


def read_ordinal(said: Utterance, at: int) -> Step[str] | None:
    """The second, 2nd, `2-й`, `2.`, the last; not "just a second"."""
    table = said.table
    if said.word(at) in table.lasts:
        return LAST, at + 1
    if said.is_digits(at):
        return _written(said, at)
    number = read_number(said, at)
    if number is None or not number[0].is_ordinal or number[0].value < 1:
        return None
    before = said.word(at - 1)
    is_fraction = before in table.articles or before in table.numerals  # a third, one second
    return None if is_fraction else (str(number[0].value), number[1])


def without_places(text: str, table: Words) -> str:
    """The words but for places: `appointment`, of the first appointment; "the first one" does not name it."""
    said = Utterance.of(text, table)
    places = {index for _, first, end in said.each(read_ordinal) for index in range(first, end)}
    return " ".join(token.text for at, token in enumerate(said.tokens) if at not in places)


def _written(said: Utterance, at: int) -> Step[str] | None:
    table, end = said.table, at + 1
    if len(said.words[at]) > _MOST_DIGITS or (said.is_joined(at) and at > 0) or not int(said.words[at]):
        return None
    if said.word(end) == "-" and said.is_joined(end):
        end += 1
    if said.is_joined(end) and said.word(end) in table.ordinal_suffixes:
        return str(int(said.words[at])), end + 1
    is_dotted = said.word(end) in table.ordinal_marks and said.is_joined(end) and not said.is_joined(end + 1)
    return (str(int(said.words[at])), end + 1) if is_dotted else None


def _is_time(said: Utterance, at: int) -> bool:
    """Whether a month, a weekday, a week or the like follows: the fifth of May, last Friday."""
    table, end = said.table, said.skip(said.table.date_glue, at)
    word = said.word(end)
    nouns = table.weeks | table.month_nouns | table.year_nouns | table.day_nouns
    return word in nouns or word in table.months or word in table.weekdays
