"""What a language has to know to read numbers aloud."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from assistant.core.languages import Language

Unit = str
"""A sign or abbreviation that counts something, from `UNITS`."""

UNITS: tuple[Unit, ...] = ("%", "km", "m²", "kg")
CYRILLIC_UNITS: Mapping[str, Unit] = {"км": "km", "м²": "m²", "кг": "kg"}


@dataclass(frozen=True)
class Around:
    """The text on both sides of what is read."""

    before: str
    after: str

    @property
    def word_before(self) -> str:
        """The word or mark right before, in lower case; empty at the beginning."""
        found = re.search(r"(\w+|[^\w\s])\s*$", self.before)
        return found[1].lower() if found else ""

    @property
    def word_after(self) -> str:
        """The word right after, in lower case; empty if a mark follows."""
        found = re.match(r"\s*-?(\w+)", self.after)
        return found[1].lower() if found else ""

    @property
    def second_word_after(self) -> str:
        """The word after that one."""
        found = re.match(r"\s*-?\w+\s+(\w+)", self.after)
        return found[1].lower() if found else ""


@dataclass(frozen=True)
class Day:
    """A day as it is written: `month_word` in whatever form, `year` if one is told."""

    day: int
    month: int
    month_word: str
    year: int | None


class Grammar(Protocol):
    """One language's ways to read numbers; each gets the text around, which decides on the form."""

    language: Language
    marks: Mapping[str, str]
    """The names of signs in addresses of the internet, in telephone numbers and before numbers."""
    abbreviations: Mapping[str, str]
    """Regular expressions, and the words that stand for what they find."""
    closings: frozenset[str]
    """Words of abbreviations that end a sentence together with their full stop."""
    months: Mapping[str, int]
    """Every written form of a month's name, in lower case."""
    month_names: tuple[str, ...]
    """The form that follows a day, from January on."""
    flat: str
    """The word before the number of a flat."""
    telephone: str
    """A regular expression of what stands before a telephone number of four digits."""
    written_ordinal: str
    """How an ordinal is written, with a place for its digits."""
    ordinal_mark: str
    """A regular expression of what makes digits an ordinal; its first group is handed to `ordinal`."""

    def count(self, number: int, around: Around, /) -> str:
        """A whole number before a noun, or alone."""

    def decimal(self, whole: int, fraction: str) -> str:
        """A number with decimals; `fraction` are their digits."""

    def ordinal(self, number: int, mark: str, around: Around, /) -> str:
        """A place in a row."""

    def date(self, day: Day, around: Around, /) -> str:
        """A day of a month."""

    def year(self, year: int, around: Around, /) -> str | None:
        """A year that stands by itself; None if the number may be something else."""

    def time(self, hour: int, minute: int, around: Around, /) -> str:
        """A time of day on the clock of 24 hours."""

    def times(self, first: tuple[int, int], last: tuple[int, int], around: Around, /) -> str:
        """From one time of day, as hour and minute, to another."""

    def money(self, euros: int, cents: int, noun: str, around: Around, /) -> str:
        """An amount; `noun` is the word or sign for the euro as it is written."""

    def measure(self, number: str, unit: Unit, around: Around, /) -> str:
        """So many of a unit; `number` in words."""

    def range_begin(self, first: int) -> str:
        """From one number to another that follows."""

    def from_day(self, day: int, around: Around, /) -> str:
        """From a day of a month to another day that follows."""

    def compound(self, number: int, rest: str) -> str:
        """A number that is one word with what follows its hyphen: `10-day`."""
