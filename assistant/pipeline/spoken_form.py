"""The words of a reply as a voice is to read them: no digit, sign or abbreviation is left to it."""

import re
from collections.abc import Callable, Iterable, Mapping
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
_BETWEEN_THOUSANDS = re.compile(rf"{_BLANK}|,")
_APART = r"(?<![\w.,])"
_SIGN = rf"(?:{_APART}(?P<sign>[-−]))?"
_WHOLE = rf"\d{{1,3}}(?:{_BLANK}\d{{3}}){{1,4}}(?!\d)|\d{{1,15}}"
_FRACTION = r"(?:[.,](?P<fraction>\d{1,2}))?(?!\d)"
_EURO = r"(?P<noun>€|EUR\b|euro\w*|евро\b)"
_UNIT = "|".join(map(re.escape, (*UNITS, *CYRILLIC_UNITS)))
_HOUR_AND_MINUTE = r"([01]?\d|2[0-3]|24(?=[:.]00)){}([0-5]\d)(?![\d:])"
_DASH = r"\s?[-–]\s?"
_NEAR = 60
"""Characters on either side that are looked at, so that a text takes no more than its length in time."""
_LAST_DAY = 31
_NAME = r"(?:[A-ZÕÄÖÜŠŽА-ЯЁ][\w.]*|tee|tn|mnt|pst|tänav|maantee|puiestee)"
_ALONE = Around("", "")
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
    patterns = (*_addresses(language), *_moments(language), *_amounts(language), *_codes(language), *_numbers(language))
    return tuple((re.compile(pattern), read) for pattern, read in patterns)


Readings = Iterable[tuple[str, Read]]


def _addresses(language: Language) -> Readings:
    abbreviations = "|".join(GRAMMARS[language].abbreviations)
    return (
        (r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", lambda found, grammar: spell_address(found[0], grammar)),
        (
            r"\b(?:https?://)?(?:www\.)?[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,8}\.[a-z]{2,4}\b(?:/\w+)*",
            lambda found, grammar: spell_address(found[0], grammar),
        ),
        (rf"(?<!\w)(?<!\d-)(?:{abbreviations})(?!\w)", _abbreviation),
    )


def _moments(language: Language) -> Readings:
    # English writes months with a capital: "may 5 people come?"
    forms = [form.capitalize() if language is Language.EN else form for form in GRAMMARS[language].months]
    months = "|".join(sorted(forms, key=len, reverse=True))
    year = r"(?:,?\s(\d{4})(?!\d|\.\s?a)(?:\s(?:г\.|года\b))?)?"
    day = rf"(\d{{1,2}})(?:st|nd|rd|th|\.|-го|-е)?(?: of)?\s({months})\b"
    # With a full stop between it is a decimal in English.
    clocks = [_HOUR_AND_MINUTE.format(sign) for sign in (":", *([] if language is Language.EN else [r"\."]))]
    return (
        (rf"{_APART}(\d{{1,2}})\.?{_DASH}(?={day})", _first_day),
        (rf"{_APART}{day}{year}", _day_and_month),
        *([(rf"\b({months})\s(\d{{1,2}})\b(?!:){year}", _month_and_day)] if language is Language.EN else []),
        (r"(?<![\w.,/-])(\d{1,2})([./])(\d{1,2})\2((?:19|20)\d{2})(?!\d)", _day_in_digits),
        (r"(?<![\w.,-])((?:19|20)\d{2})-(\d{2})-(\d{2})(?![\d-])", _iso_day),
        *((rf"(?<![\d:.,]){clock}{_DASH}{clock}", _times) for clock in clocks),
        *((rf"(?<=\bkell ){clock}", _time) for clock in clocks),
        (rf"(?<![\d:.]){clocks[0]}", _time),
    )


def _amounts(language: Language) -> Readings:
    whole = rf"\d{{1,3}}(?:,\d{{3}}){{1,4}}(?!\d)|{_WHOLE}" if language is Language.EN else _WHOLE
    amount = rf"(?P<whole>{whole}){_FRACTION}"
    unit = rf"{_BLANK}?(?:{_EURO}|(?:{_UNIT})(?!\w))"
    return (
        (rf"(?<![\w.,-])(\d{{1,4}}){_DASH}(?=\d{{1,4}}{unit})", _range_begin),
        (rf"{_SIGN}{_APART}{amount}{_BLANK}?{_EURO}", _money),
        (rf"{_SIGN}(?<!\w)(?:€|EUR){_BLANK}?{amount}", _money),
        (rf"{_SIGN}{_APART}{amount}{_BLANK}?(?P<unit>{_UNIT})(?!\w)", _measure),
    )


def _codes(language: Language) -> Readings:
    return (
        (rf"\b({GRAMMARS[language].telephone}) (\d{{4}})(?![.,:]?\d|\w)", _telephone),
        (r"\b(?:[A-Z]{2}\d{2}(?: [A-Z0-9]{4})+(?: [A-Z0-9]{1,3})?|\d{2,3} ?[A-Z]{3}|[A-Z]{1,4}\d{4,})\b", _mixed),
        (rf"(?<=\b)({_NAME}) (\d+)([a-zA-Z]?)-(\d+)(?=[,.;)]|\s?$)", _house_and_flat),
        (r"(?<![\w.,])\+?(?:\d{2,4}(?: \d{2,4})+|\d{5,}|112)(?![.,]\d|\w)", _code),
    )


def _numbers(language: Language) -> Readings:
    thousands = "," if language is Language.EN else "[\u00a0\u202f]"
    return (
        (rf"(?<![\w.,-])(\d{{1,3}}){GRAMMARS[language].ordinal_mark}", _ordinal),
        *([(r"(?<![\w.,-])(\d{4})(\.)(?=\s?[a-z])", _ordinal)] if language is Language.ET else []),
        (rf"(?<![\w.,-])(\d{{1,4}}){_DASH}(\d{{1,4}})(?![\w-])", _range),
        (
            rf"{_APART}(\d{{1,3}}(?:{thousands}\d{{3}})+)(?!,?\d)",
            lambda found, grammar: _count(found, grammar, found[0]),
        ),
        (r"(?<![\w.])[-−](?=\d)", lambda _, grammar: f"{grammar.marks['−']} "),
        (rf"{_APART}(\d{{1,15}})[.,](\d{{1,3}})(?![\w.,]{{0,9}}\d)", _decimal),
        (r"(?<!\w)(\d+)([a-h])\b", lambda found, grammar: f"{_count(found, grammar, found[1])} {found[2].upper()}"),
        (r"(?<![\w.,-])(\d{1,4})-([a-zõäöüšžа-яё]+)", _compound),
        (r"\d+", lambda found, grammar: _apart(found, _count(found, grammar, found[0]))),
    )


def _around(found: Found) -> Around:
    before = found.string[max(0, found.start() - _NEAR) : found.start()]
    return Around(before, found.string[found.end() : found.end() + _NEAR])


def _abbreviation(found: Found, grammar: Grammar) -> str:
    pattern = next(each for each in grammar.abbreviations if re.compile(each).match(found.string, found.start()))
    words, behind = grammar.abbreviations[pattern], found.string[found.end() :]
    ends_the_text = not behind.strip() and found[0].endswith(".")
    ends_a_sentence = words in grammar.closings and not _SENTENCE_GOES_ON.match(behind) and behind[:1].isspace()
    return f"{words}." if ends_the_text or ends_a_sentence else words


def _first_day(found: Found, grammar: Grammar) -> str:
    first, last = int(found[1]), int(found[2])
    return f"{grammar.from_day(first, _around(found))} " if 1 <= first < last <= _LAST_DAY else found[0]


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
    if not 1 <= day <= _LAST_DAY:
        return found[0]
    read = Day(day, grammar.months[month.lower()], month, int(year) if year else None)
    return grammar.date(read, _around(found))


def _times(found: Found, grammar: Grammar) -> str:
    first_hour, first_minute, last_hour, last_minute = map(int, found.groups())
    return grammar.times((first_hour, first_minute), (last_hour, last_minute), _around(found))


def _time(found: Found, grammar: Grammar) -> str:
    return grammar.time(int(found[1]), int(found[2]), _around(found))


def _money(found: Found, grammar: Grammar) -> str:
    euros, cents = _whole(found), int((found["fraction"] or "").ljust(2, "0"))
    if euros >= MOST:
        return found[0]  # nobody owes so much: read digit by digit below
    return _sign(found, grammar) + grammar.money(euros, cents, found.groupdict().get("noun") or "€", _around(found))


def _measure(found: Found, grammar: Grammar) -> str:
    unit, around = CYRILLIC_UNITS.get(found["unit"], found["unit"]), _around(found)
    whole, fraction = _whole(found), found["fraction"]
    if whole >= MOST:
        return found[0]
    number = grammar.decimal(whole, fraction) if fraction else grammar.count(whole, Around(around.before, ""))
    return _sign(found, grammar) + grammar.measure(number, unit, around)


def _whole(found: Found) -> int:
    return int(_BETWEEN_THOUSANDS.sub("", found["whole"]))


def _sign(found: Found, grammar: Grammar) -> str:
    return f"{grammar.marks['−']} " if found["sign"] else ""


def _mixed(found: Found, grammar: Grammar) -> str:
    return spell_mixed(found[0], grammar)


def _code(found: Found, grammar: Grammar) -> str:
    return spell_code(found[0], grammar)


def _telephone(found: Found, grammar: Grammar) -> str:
    return f"{found[1]} {spell_code(found[2], grammar)}"


def _house_and_flat(found: Found, grammar: Grammar) -> str:
    house = grammar.count(int(found[2]), _ALONE) + (f" {found[3].upper()}" if found[3] else "")
    return f"{found[1]} {house}, {grammar.flat} {grammar.count(int(found[4]), _ALONE)}"


def _ordinal(found: Found, grammar: Grammar) -> str:
    return grammar.ordinal(int(found[1]), found[2], _around(found)) if int(found[1]) else found[0]


def _range(found: Found, grammar: Grammar) -> str:
    first, last = int(found[1]), int(found[2])
    begin = grammar.range_begin(first) if first < last else f"{grammar.count(first, _ALONE)} {grammar.marks['-']}"
    return f"{begin} {grammar.count(last, Around(begin, ''))}"


def _range_begin(found: Found, grammar: Grammar) -> str:
    return f"{grammar.range_begin(int(found[1]))} "


def _compound(found: Found, grammar: Grammar) -> str:
    return grammar.compound(int(found[1]), found[2])


def _decimal(found: Found, grammar: Grammar) -> str:
    return grammar.decimal(int(found[1]), found[2]) if int(found[1]) < MOST else found[0]


def _count(found: Found, grammar: Grammar, written: str) -> str:
    digits = _BETWEEN_THOUSANDS.sub("", written)
    if (len(digits) > 1 and digits.startswith("0")) or len(digits) >= len(str(MOST)):
        return digit_words(digits, grammar.language)
    around = _around(found)
    return (len(digits) == 4 and grammar.year(int(digits), around)) or grammar.count(int(digits), around)


def _apart(found: Found, words: str) -> str:
    """Digits may stand within a word."""
    before, behind = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return f"{' ' if before.isalpha() else ''}{words}{' ' if behind.isalpha() else ''}"
