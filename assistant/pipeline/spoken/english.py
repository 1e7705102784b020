"""English, the way it is spoken in Britain."""

from collections.abc import Mapping

from assistant.core.languages import Language
from assistant.pipeline.spoken.cardinals import digit_words, spelled
from assistant.pipeline.spoken.grammar import Around, Day, Unit

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_UNITS: Mapping[Unit, tuple[str, str]] = {
    "%": ("percent", "percent"),
    "km": ("kilometre", "kilometres"),
    "m²": ("square metre", "square metres"),
    "kg": ("kilogram", "kilograms"),
}
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_BARE_CENTURY = range(2000, 2010)  # two thousand and five; the others go by pairs
_NOON, _EVENING, _MIDNIGHT = 12, 18, 24


class English:
    """`Grammar` of English."""

    language = Language.EN
    marks: Mapping[str, str] = {
        "+": "plus", "−": "minus", "@": "at", ".": "dot", "-": "dash", "_": "underscore", "/": "slash",
    }  # fmt: skip
    abbreviations: Mapping[str, str] = {
        r"e\.\s?g\.": "for example",
        r"i\.\s?e\.": "that is",
        r"etc\.": "and so on",
        r"approx\.": "about",
        r"incl\.": "including",
        r"[Tt]el\.": "telephone",
        r"[Nn]o\.(?=\s?\d)": "number",
        r"№": "number",
        r"&": "and",
        r"ID": "I D",
    }
    months: Mapping[str, int] = {
        form: number for number, name in enumerate(_MONTHS, 1) for form in (name.lower(), name[:3].lower())
    }
    month_names: tuple[str, ...] = _MONTHS
    closings = frozenset({"and so on"})
    flat = "flat"
    telephone = r"[Cc]all|[Ll]ine(?: on)?|[Pp]hone|[Tt]elephone(?: number)?"
    written_ordinal = "{}th"
    ordinal_mark = r"(st|nd|rd|th)\b"

    def count(self, number: int, _: Around) -> str:
        """`one hundred and one`."""
        return spelled(number, self.language, "spellout-cardinal-verbose").replace(",", "")

    def decimal(self, whole: int, fraction: str) -> str:
        """`two point zero five`."""
        return f"{self._count(whole)} point {digit_words(fraction, self.language)}"

    def ordinal(self, number: int, _: str, __: Around) -> str:
        """`twenty-first`."""
        return spelled(number, self.language, "spellout-ordinal-verbose").replace(",", "")

    def date(self, day: Day, around: Around) -> str:
        """`the fifth of May twenty twenty-seven`."""
        article = "" if around.word_before == "the" else "the "
        year = f" {self._year(day.year)}" if day.year else ""
        return f"{article}{self.ordinal(day.day, '', around)} of {_MONTHS[day.month - 1]}{year}"

    def year(self, year: int, around: Around) -> str | None:
        """A year, unless more than one of something follows: `2000 letters`."""
        is_alone = not around.before and not around.after
        is_counting = is_alone or around.word_after.endswith("s") or around.word_after == "people"
        return None if is_counting or not _FIRST_YEAR <= year <= _LAST_YEAR else self._year(year)

    def time(self, hour: int, minute: int, _: Around) -> str:
        """`five thirty in the afternoon`, `noon`."""
        if (hour, minute) in {(0, 0), (_NOON, 0), (_MIDNIGHT, 0)}:
            return "noon" if hour == _NOON else "midnight"
        minutes = f" {'oh ' if minute < 10 else ''}{self._count(minute)}" if minute else ""
        part = "morning" if hour < _NOON else "afternoon" if hour < _EVENING else "evening"
        return f"{self._count(hour % _NOON or _NOON)}{minutes} in the {part}"

    def times(self, first: tuple[int, int], last: tuple[int, int], around: Around) -> str:
        """`from nine in the morning to five in the afternoon`."""
        begin = "" if around.word_before == "from" else "from "
        return f"{begin}{self.time(*first, around)} to {self.time(*last, around)}"

    def money(self, euros: int, cents: int, _: str, __: Around) -> str:
        """`twenty euros and fifty cents`."""
        parts = [(euros, "euro")] * bool(euros or not cents) + [(cents, "cent")] * bool(cents)
        return " and ".join(f"{self._count(number)} {noun}{'' if number == 1 else 's'}" for number, noun in parts)

    def measure(self, number: str, unit: Unit, _: Around) -> str:
        """`twenty percent`."""
        return f"{number} {_UNITS[unit][number != 'one']}"

    def range_begin(self, first: int) -> str:
        """`ten to`."""
        return f"{self._count(first)} to"

    def from_day(self, day: int, around: Around) -> str:
        """`the first to`."""
        return f"the {self.ordinal(day, '', around)} to"

    def compound(self, number: int, rest: str) -> str:
        """`ten-day`."""
        return f"{self._count(number)}-{rest}"

    def _count(self, number: int) -> str:
        return self.count(number, Around("", ""))

    def _year(self, year: int) -> str:
        return self._count(year) if year in _BARE_CENTURY else spelled(year, self.language, "spellout-numbering-year")
