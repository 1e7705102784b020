"""What a register answered or the citizen said, put the way it is read back."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from babel.dates import format_date, format_timedelta
from babel.lists import format_list
from babel.numbers import format_currency

from actions.values import found
from actions.values.ordinals import LAST
from assistant.content.spec import Kind, Terms
from assistant.core.calendar import CITIZENS_ZONE
from assistant.core.errors import ServiceUnintelligible
from assistant.core.languages import Language

_LOCALES = {Language.EN: "en_GB", Language.ET: "et", Language.RU: "ru"}
_YEAR_ABBREVIATED = "\u202fг."  # a voice reads the letter instead of the word
_LONGEST_TEXT = 500
_ESTONIA = "+372"
_CODE_GROUPS = (3, 4, 4)
_SPANS = {
    Language.EN: "from {first} to {last}",
    Language.ET: "{first} kuni {last}",
    Language.RU: "с {first} по {last}",
}
_ORDINALS = {Language.EN: "{place}{suffix}", Language.ET: "{place}.", Language.RU: "{place}-й"}
_LAST = {Language.EN: "last", Language.ET: "viimane", Language.RU: "последний"}
_ANSWERS = {
    Language.EN: {"yes": "yes", "no": "no"},
    Language.ET: {"yes": "jah", "no": "ei"},
    Language.RU: {"yes": "да", "no": "нет"},
}


@dataclass(frozen=True)
class SpokenValues:
    """Puts values into words in one language; `terms` are the words for codes.

    `translations` are the words for texts that registers give in Estonian only, by the text in lower case.

    A value that is not of its kind raises `ServiceUnintelligible`; the message does not hold the value.
    """

    language: Language
    terms: Terms
    translations: Terms = field(default_factory=dict)

    def say(self, value: object, kind: Kind) -> str:
        """The value in words."""
        ways: dict[Kind, Callable[[object], str]] = {
            "date": self._date,
            "money": lambda amount: self.money(parse_money(amount)),
            "term": self._term,
            "localized": self._localized,
            "translated": self._translated,
            "yes_no": self._yes_no,
            "list": self._list,
            "text": _text,
        }
        return ways[kind](value)

    def again(self, seconds: float) -> str:
        """When to try again: `in 5 minutes`."""
        return format_timedelta(timedelta(seconds=seconds), add_direction=True, locale=_LOCALES[self.language])

    def money(self, amount: Decimal) -> str:
        """An amount of euros: `80 euros`, `125.40 euros`."""
        whole = amount == amount.to_integral_value()
        return format_currency(
            Decimal(int(amount)) if whole else amount,
            "EUR",
            locale=_LOCALES[self.language],
            format_type="name",
            currency_digits=not whole,
            group_separator=False,
        )

    def _date(self, value: object) -> str:
        try:
            moment = datetime.fromisoformat(_text(value))
            day = moment.astimezone(CITIZENS_ZONE).date() if moment.tzinfo else moment.date()
        except ValueError:
            raise ServiceUnintelligible("a date of the answer is not an ISO date") from None
        return format_date(day, "long", locale=_LOCALES[self.language]).removesuffix(_YEAR_ABBREVIATED)

    def _term(self, value: object) -> str:
        words = self.terms.get(_text(value))
        if words is None:
            raise ServiceUnintelligible("a code of the answer is not among the terms")
        return words[self.language]

    def _yes_no(self, value: object) -> str:
        if not isinstance(value, bool):
            raise ServiceUnintelligible("a value of the answer is neither true nor false")
        return self._term("yes" if value else "no")

    def _list(self, value: object) -> str:
        if not isinstance(value, list) or not value:
            raise ServiceUnintelligible("a value of the answer is not a list of texts")
        return self.joined([_text(each) for each in value])

    def joined(self, texts: Sequence[str]) -> str:
        """Several things as one: `Mari, Jaan and Peeter`."""
        return format_list(texts, locale=_LOCALES[self.language])

    def _translated(self, value: object) -> str:
        text = _text(value)
        known = self.translations.get(text.casefold())
        return known[self.language] if known else text

    def _localized(self, value: object) -> str:
        if not isinstance(value, Mapping):
            raise ServiceUnintelligible("a text of the answer is not given by language")
        return _text(value.get(self.language.value))


def say_value(value: str, kind: found.Kind, language: Language) -> str:
    """A canonical value (see `Found`) in words: plate `123 ABC`, codes and phones in groups of digits.

    Raises:
        ServiceUnintelligible: a date or an amount is not canonical.
    """
    if kind in {"date", "money"}:
        return SpokenValues(language, {}).say(value, "date" if kind == "date" else "money")
    if kind == "span":
        return _span(value, language)
    in_words = _IN_WORDS.get(kind)
    return in_words(value, language) if in_words else value


def _span(value: str, language: Language) -> str:
    days = [SpokenValues(language, {}).say(day, "date") for day in value.split("/")]
    first, last = days[0], days[-1]
    return first if first == last else _SPANS[language].format(first=first, last=last)


def _ordinal(value: str, language: Language) -> str:
    return _LAST[language] if value == LAST else _ORDINALS[language].format(place=value, suffix=_suffix(value))


def _suffix(place: str) -> str:
    """By the rule of English: 21st, but 11th."""
    is_teen = place[-2:-1] == "1"
    return "th" if is_teen else {"1": "st", "2": "nd", "3": "rd"}.get(place[-1:], "th")


def _number(value: str, language: Language) -> str:
    return value if language is Language.EN else value.replace(".", ",")


def _plate(value: str, _: Language) -> str:
    return " ".join(re.findall(r"[0-9]+|[^0-9]+", value))


def _code(value: str, _: Language) -> str:
    return _grouped(value, _CODE_GROUPS)


def _phone(value: str, _: Language) -> str:
    if not value.startswith(_ESTONIA):
        return _grouped(value, (4,) + (3,) * len(value))
    local = value.removeprefix(_ESTONIA)
    return f"{_ESTONIA} {_grouped(local, (len(local) - 4, 4))}"


def _grouped(value: str, lengths: Iterable[int]) -> str:
    groups, at = [], 0
    for length in lengths:
        groups.append(value[at : at + length])
        at += length
    return " ".join(filter(None, [*groups, value[at:]]))


_IN_WORDS: Mapping[found.Kind, Callable[[str, Language], str]] = {
    "number": _number,
    "ordinal": _ordinal,
    "plate": _plate,
    "personal_code": _code,
    "iban": lambda value, _: _grouped(value, (4,) * len(value)),
    "phone": _phone,
    "yes_no": lambda value, language: _ANSWERS[language].get(value, value),
}


def parse_money(value: object) -> Decimal:
    """An amount such as `"80.00"`.

    Raises:
        ServiceUnintelligible: the value is not an amount.
    """
    try:
        amount = Decimal(_text(value))
    except InvalidOperation:
        raise ServiceUnintelligible("an amount of the answer is not a number") from None
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 15:
        raise ServiceUnintelligible("an amount of the answer is out of range")
    return amount


def _text(value: object) -> str:
    # A register's text is data: control characters would reach voices and terminals.
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ServiceUnintelligible("a value of the answer is not text")
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    if not text or len(text) > _LONGEST_TEXT:
        raise ServiceUnintelligible("a text of the answer is empty or too long")
    return text
