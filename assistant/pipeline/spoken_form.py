"""The words of a reply as a voice is to read them: no digit, sign or abbreviation is left to it."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

from assistant.core.languages import Language
from assistant.pipeline.spoken.cardinals import MOST, digit_words
from assistant.pipeline.spoken.codes import spell_address, spell_code, spell_mixed
from assistant.pipeline.spoken.english import English
from assistant.pipeline.spoken.estonian import Estonian
from assistant.pipeline.spoken.grammar import CYRILLIC_UNITS, UNITS, Around, Day, Grammar
from assistant.pipeline.spoken.russian import Russian

GRAMMARS: Mapping[Language, Grammar] = {
    Language.EN: English(),
    Language.ET: Estonian(),
    Language.RU: Russian(),
}

Found = re.Match[str]
Read = Callable[[Found, Grammar], str]

_BLANK = r"[ \u00a0\u202f]"
_SPACES = re.compile(_BLANK)
_WHOLE = rf"\d{{1,3}}(?:{_BLANK}\d{{3}})+(?!\d)|\d+"
_AMOUNT = rf"(?<![\w.,])(?P<whole>{_WHOLE})(?:[.,](?P<fraction>\d{{1,2}}))?"
_EURO = r"(?P<noun>€|EUR\b|euro\w*|евро\b)"
_UNIT = "|".join(map(re.escape, (*UNITS, *CYRILLIC_UNITS)))
_TIME = r"(?<![\d:.])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])"
_NAME = r"(?:[A-ZÕÄÖÜŠŽА-ЯЁ][\w.]*|tee|tn|mnt|pst|tänav|maantee|puiestee)"
_SENTENCE_GOES_ON = re.compile(r"\s+[^A-ZÕÄÖÜŠŽА-ЯЁ\s]")


def spoken_form(text: str, language: Language) -> str:
    """The text in words alone, each number in the form that the words around it ask for."""
    grammar = GRAMMARS[language]
    for pattern, read in _readings(language):
        text = pattern.sub(lambda found, read=read: read(found, grammar), text)  # type: ignore[misc]  # bound at once
    return text


@cache
def _readings(language: Language) -> tuple[tuple[re.Pattern[str], Read], ...]:
    """What is looked for, one after the other: what is read is gone for those that follow."""
    grammar = GRAMMARS[language]
    # English writes months with a capital: "may 5 people come?"
    forms = [form.capitalize() if language is Language.EN else form for form in grammar.months]
    months = "|".join(sorted(forms, key=len, reverse=True))
    year = r"(?:,?\s(\d{4})(?!\d|\.\s?a)(?:\s(?:г\.|года\b))?)?"
    abbreviations = "|".join(grammar.abbreviations)
    patterns: tuple[tuple[str, Read], ...] = (
        (r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+", lambda found, grammar: spell_address(found[0], grammar)),
        (
            r"\b(?:https?://)?(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,4}\b(?:/\w+)*",
            lambda found, grammar: spell_address(found[0], grammar),
        ),
        (rf"(?<!\w)(?:{abbreviations})(?!\w)", _abbreviation),
        (rf"(?<![\w.,])(\d{{1,2}})(?:st|nd|rd|th|\.|-го|-е)?(?: of)?\s({months})\b{year}", _day_and_month),
        *([(rf"\b({months})\s(\d{{1,2}})\b(?!:){year}", _month_and_day)] if language is Language.EN else []),
        (r"(?<![\w.,/-])(\d{1,2})([./])(\d{1,2})\2((?:19|20)\d{2})(?!\d)", _day_in_digits),
        (r"(?<![\w.,-])((?:19|20)\d{2})-(\d{2})-(\d{2})(?![\d-])", _iso_day),
        (rf"{_TIME}\s?[-–]\s?{_TIME.removeprefix('(?<![' + chr(92) + 'd:.])')}", _times),
        (_TIME, _time),
        (rf"{_AMOUNT}{_BLANK}?{_EURO}", _money),
        (rf"€{_BLANK}?{_AMOUNT.removeprefix('(?<![' + chr(92) + 'w.,])')}", _money),
        (rf"{_AMOUNT}{_BLANK}?(?P<unit>{_UNIT})(?!\w)", _measure),
        (r"\b(?:[A-Z]{2}\d{2}(?: [A-Z0-9]{4})+(?: [A-Z0-9]{1,3})?|\d{2,3} ?[A-Z]{3}|[A-Z]{1,4}\d{4,})\b", _mixed),
        (rf"(?<=\b)({_NAME}) (\d+)([a-zA-Z]?)-(\d+)(?=[,.;)]|\s?$)", _house_and_flat),
        (r"(?<![\w.,])\+?(?:\d{2,4}(?: \d{2,4})+|\d{5,}|112)(?![.,]\d|\w)", _code),
        (rf"(?<![\w.,-])(\d{{1,3}}){grammar.ordinal_mark}", _ordinal),
        *([(r"(?<![\w.,-])(\d{4})(\.)(?=\s?[a-z])", _ordinal)] if language is Language.ET else []),
        (r"(?<![\w.,-])(\d{1,4})\s?[-–]\s?(\d{1,4})(?![\w-])", _range),
        (r"(?<![\w.,])(\d{1,3}(?:,\d{3})+)(?![\d,])", lambda found, grammar: _count(found, grammar, found[0])),
        (r"(?<!\w)[-−](?=\d)", lambda _, grammar: f"{grammar.marks['−']} "),
        (r"(?<![\w.,])(\d+)[.,](\d{1,3})(?![\w.,]*\d)", _decimal),
        (r"(?<!\w)(\d+)([a-h])\b", lambda found, grammar: f"{_count(found, grammar, found[1])} {found[2].upper()}"),
        (r"\d+", lambda found, grammar: _apart(found, _count(found, grammar, found[0]))),
    )
    return tuple((re.compile(pattern), read) for pattern, read in patterns)


def _around(found: Found) -> Around:
    return Around(found.string[: found.start()], found.string[found.end() :])


def _abbreviation(found: Found, grammar: Grammar) -> str:
    pattern = next(each for each in grammar.abbreviations if re.compile(each).match(found.string, found.start()))
    words, behind = grammar.abbreviations[pattern], found.string[found.end() :]
    ends_the_text = not behind.strip() and found[0].endswith(".")
    ends_a_sentence = words in grammar.closings and not _SENTENCE_GOES_ON.match(behind) and behind[:1].isspace()
    return f"{words}." if ends_the_text or ends_a_sentence else words


def _day_and_month(found: Found, grammar: Grammar) -> str:
    return _day(found, grammar, int(found[1]), found[2], found[3])


def _month_and_day(found: Found, grammar: Grammar) -> str:
    return _day(found, grammar, int(found[2]), found[1], found[3])


def _day_in_digits(found: Found, grammar: Grammar) -> str:
    return _named_day(found, grammar, int(found[1]), int(found[3]), found[4])


def _iso_day(found: Found, grammar: Grammar) -> str:
    return _named_day(found, grammar, int(found[3]), int(found[2]), found[1])


def _named_day(found: Found, grammar: Grammar, day: int, month: int, year: str) -> str:
    try:
        date(int(year), month, day)
    except ValueError:
        return found[0]
    return _day(found, grammar, day, grammar.month_names[month - 1], year)


def _day(found: Found, grammar: Grammar, day: int, month: str, year: str | None) -> str:
    if not 1 <= day <= 31:
        return found[0]
    read = Day(day, grammar.months[month.lower()], month, int(year) if year else None)
    return grammar.date(read, _around(found))


def _times(found: Found, grammar: Grammar) -> str:
    first_hour, first_minute, last_hour, last_minute = map(int, found.groups())
    return grammar.times((first_hour, first_minute), (last_hour, last_minute), _around(found))


def _time(found: Found, grammar: Grammar) -> str:
    return grammar.time(int(found[1]), int(found[2]), _around(found))


def _money(found: Found, grammar: Grammar) -> str:
    euros, cents = int(_SPACES.sub("", found["whole"])), int((found["fraction"] or "").ljust(2, "0"))
    if euros >= MOST:
        return found[0]  # nobody owes so much: read digit by digit below
    return grammar.money(euros, cents, found.groupdict().get("noun") or "€", _around(found))


def _measure(found: Found, grammar: Grammar) -> str:
    unit, around = CYRILLIC_UNITS.get(found["unit"], found["unit"]), _around(found)
    whole, fraction = int(_SPACES.sub("", found["whole"])), found["fraction"]
    if whole >= MOST:
        return found[0]
    number = grammar.decimal(whole, fraction) if fraction else grammar.count(whole, Around(around.before, ""))
    return grammar.measure(number, unit, around)


def _mixed(found: Found, grammar: Grammar) -> str:
    return spell_mixed(found[0], grammar)


def _code(found: Found, grammar: Grammar) -> str:
    return spell_code(found[0], grammar)


def _house_and_flat(found: Found, grammar: Grammar) -> str:
    alone = Around("", "")
    house = grammar.count(int(found[2]), alone) + (f" {found[3].upper()}" if found[3] else "")
    return f"{found[1]} {house}, {grammar.flat} {grammar.count(int(found[4]), alone)}"


def _ordinal(found: Found, grammar: Grammar) -> str:
    return grammar.ordinal(int(found[1]), found[2], _around(found)) if int(found[1]) else found[0]


def _range(found: Found, grammar: Grammar) -> str:
    first, last = int(found[1]), int(found[2])
    if first < last:
        return grammar.between(first, last, _around(found))
    alone = Around("", "")
    return f"{grammar.count(first, alone)} {grammar.marks['-']} {grammar.count(last, alone)}"


def _decimal(found: Found, grammar: Grammar) -> str:
    return grammar.decimal(int(found[1]), found[2]) if int(found[1]) < MOST else found[0]


def _count(found: Found, grammar: Grammar, written: str) -> str:
    digits = written.replace(",", "")
    if (len(digits) > 1 and digits.startswith("0")) or int(digits) >= MOST:
        return digit_words(digits, grammar.language)
    around = _around(found)
    return (len(digits) == 4 and grammar.year(int(digits), around)) or grammar.count(int(digits), around)


def _apart(found: Found, words: str) -> str:
    """Digits may stand within a word."""
    before, behind = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return f"{' ' if before.isalpha() else ''}{words}{' ' if behind.isalpha() else ''}"
