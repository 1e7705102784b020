"""What is probably said to a question: phrases and words that a recogniser listens for beside all others."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from string import ascii_lowercase

from babel.dates import format_date

from assistant.core.languages import Language
from assistant.core.turns import YES_NO, Expected
from assistant.pipeline.spoken.cardinals import digit_words
from assistant.pipeline.spoken_form import spoken_form

_AROUND: Mapping[Language, str] = {
    Language.EN: "please|it is|it's|the|my|for|on|in|i mean|no|yes",
    Language.ET: "palun|see on|minu|jah|ei|mõtlen",
    Language.RU: "пожалуйста|это|мой|моя|мне|да|нет",
}
"""What stands around an answer."""
_AGREEMENT: Mapping[Language, str] = {
    Language.EN: "yes|no|yes please|no thanks|no thank you|i confirm|that is right|okay|sure|cancel|never mind|go on|"
    "stop|lock|lock me out",
    Language.ET: "jah|ei|jah palun|ei aitäh|kinnitan|õige|sobib|katkesta|edasi|lõpeta|lukusta",
    Language.RU: "да|нет|да пожалуйста|нет спасибо|подтверждаю|верно|хорошо|отмена|дальше|хватит|заблокируй",
}
_DAYS: Mapping[Language, str] = {
    Language.EN: "today|tomorrow|yesterday|the day after tomorrow|next|this|last|week|month|year|in a week|"
    "in two weeks|in a month|at the end of the month|at the beginning of|from|until|since",
    Language.ET: "täna|homme|eile|ülehomme|järgmisel|sel|nädalal|kuul|aastal|nädala pärast|kuu lõpus|alates|kuni",
    Language.RU: "сегодня|завтра|вчера|послезавтра|на следующей неделе|в следующем месяце|через неделю|"
    "через месяц|с|до",
}
_TIMES: Mapping[Language, str] = {
    Language.EN: "double|triple|oh|plus|dash",
    Language.ET: "topelt|pluss|kriips",
    Language.RU: "дважды|плюс|тире",
}
_LOCALES = {Language.EN: ("en_GB", "d MMMM"), Language.ET: ("et", "d. MMMM"), Language.RU: ("ru", "d MMMM")}


def vocabulary(expected: Expected | None, language: Language) -> tuple[str, ...]:
    """Phrases in lower case, each once; none where anything may be said."""
    if expected is None or (expected.kind not in _OF_KINDS and not expected.phrases):
        return ()
    of_kind = _words_of(expected.kind, language) if expected.kind in _OF_KINDS else ()
    answers = (phrase.lower() for phrase in expected.phrases)
    return tuple(dict.fromkeys((*answers, *of_kind, *_AROUND[language].split("|"))))


@cache
def _words_of(kind: str, language: Language) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_OF_KINDS[kind](language)))


def _agreement(language: Language) -> Iterator[str]:
    yield from _AGREEMENT[language].split("|")


def _digits(language: Language) -> Iterator[str]:
    yield from digit_words("0123456789", language).split()
    yield from _TIMES[language].split("|")


def _plate(language: Language) -> Iterator[str]:
    yield from _digits(language)
    yield from ascii_lowercase


def _numbers(language: Language) -> Iterator[str]:
    amounts = (*range(21), *range(30, 100, 10), *range(100, 1000, 100), 1000, 2000, 5000)
    for amount in amounts:
        yield from _spoken(str(amount), language).split()


def _money(language: Language) -> Iterator[str]:
    yield from _numbers(language)
    for amount in ("1 €", "2 €", "5 €", "1,01 €", "1,02 €", "1,05 €"):
        yield from _spoken(amount, language).split()


def _dates(language: Language) -> Iterator[str]:
    locale, day_and_month = _LOCALES[language]
    # A recogniser puts pairs of words together: each day of one month and one day of each month make all dates.
    for day in (*(date(2028, 1, day) for day in range(1, 32)), *(date(2028, month, 1) for month in range(2, 13))):
        said = _spoken(format_date(day, day_and_month, locale=locale), language)
        yield said
        yield from said.split()
    yield from (format_date(date(2028, 1, day), "EEEE", locale=locale).lower() for day in range(1, 8))
    yield from _DAYS[language].split("|")
    yield from _spoken("2026", language).split()


def _spoken(written: str, language: Language) -> str:
    return spoken_form(written, language).lower().replace("-", " ").replace(",", "")


_OF_KINDS: Mapping[str, Callable[[Language], Iterator[str]]] = {
    YES_NO: _agreement,
    "date": _dates,
    "span": _dates,
    "number": _numbers,
    "ordinal": _dates,
    "money": _money,
    "plate": _plate,
    "phone": _digits,
    "personal_code": _digits,
    "iban": _plate,
}
