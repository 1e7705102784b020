"""Russian: numbers have cases and genders."""

import re
from collections.abc import Mapping

from assistant.core.languages import Language
from assistant.pipeline.spoken.cardinals import spelled
from assistant.pipeline.spoken.grammar import Around, Day, Unit

_MONTHS = (
    ("январь", "января"), ("февраль", "февраля"), ("март", "марта"), ("апрель", "апреля"), ("май", "мая"),
    ("июнь", "июня"), ("июль", "июля"), ("август", "августа"), ("сентябрь", "сентября"), ("октябрь", "октября"),
    ("ноябрь", "ноября"), ("декабрь", "декабря"),
)  # fmt: skip
_WITH_GENITIVE = {
    *("до", "от", "около", "более", "менее", "больше", "меньше", "свыше", "без", "из", "с", "со", "после"),
    *("ниже", "выше", "размере", "сумме", "кроме", "течение", "у", "для", "старше", "младше"),
}
"""Words before a number that put it into the genitive."""
_NAMES_A_DAY = frozenset({":", "—", "–", "("})
"""After them a day is named, not the time when something is."""
_PLURAL_ENDS: Mapping[str, str] = {
    "ами": "ablative", "ями": "ablative", "ьми": "ablative", "ам": "dative", "ям": "dative",
    "ах": "locative", "ях": "locative",
}  # fmt: skip
"""The case of a noun in the plural, which its number shares."""
_FEMININE_ENDS = ("а", "я", "сть", "пись", "дь", "знь", "чь", "щь", "ать", "еть")
_ENDS_OF_GENITIVES = frozenset({"ти", "ми", "и"})
_IN_COMPOUNDS: Mapping[str, str] = {"одного": "одно", "ста": "сто", "девяноста": "девяносто"}
"""Words that are not in the genitive within another one: `столетний`."""
_FEW = range(2, 5)
_THREE_OR_FOUR = re.compile(r"(тр|четыр)е([мх])(?!я)")
_NOT_ALONE = frozenset({11, 12})

_ORDINAL_FORMS: Mapping[str, str] = {
    "й": "masculine", "ый": "masculine", "ий": "masculine", "ой": "masculine", "я": "feminine", "ая": "feminine",
    "е": "neuter", "ое": "neuter", "го": "masculine-genitive", "ого": "masculine-genitive",
    "му": "masculine-dative", "ому": "masculine-dative", "м": "masculine-locative", "ом": "masculine-locative",
    "ю": "feminine-accusative", "ую": "feminine-accusative", "х": "plural-genitive", "ых": "plural-genitive",
}  # fmt: skip
_YEARS: Mapping[str, str] = {
    "год": "masculine", "года": "masculine-genitive", "году": "masculine-locative", "годом": "masculine-ablative",
}  # fmt: skip
_YEAR_NUMBERS = range(1000, 3000)
_UNITS: Mapping[Unit, tuple[str, str, str]] = {
    "%": ("процент", "процента", "процентов"),
    "km": ("километр", "километра", "километров"),
    "m²": ("квадратный метр", "квадратных метра", "квадратных метров"),
    "kg": ("килограмм", "килограмма", "килограммов"),
}
_CENTS = ("цент", "цента", "центов")
_FRACTIONS: Mapping[int, tuple[str, str]] = {
    1: ("десятая", "десятых"), 2: ("сотая", "сотых"), 3: ("тысячная", "тысячных"),
}  # fmt: skip


class Russian:
    """`Grammar` of Russian."""

    language = Language.RU
    marks: Mapping[str, str] = {
        "+": "плюс", "−": "минус", "@": "собака", ".": "точка", "-": "дефис", "_": "подчёркивание", "/": "дробь",
    }  # fmt: skip
    abbreviations: Mapping[str, str] = {
        r"т\.\s?е\.": "то есть",
        r"и т\.\s?д\.": "и так далее",
        r"и т\.\s?п\.": "и тому подобное",
        r"напр\.": "например",
        r"[Тт]ел\.": "телефон",
        r"[Уу]л\.": "улица",
        r"[Дд]\.(?=\s?\d)": "дом",
        r"[Кк]в\.(?=\s?\d)": "квартира",
        r"(?<=\d )г\.": "года",
        r"г\.(?=\s?[А-ЯЁ])": "город",
        r"мин\.": "минут",
        r"см\.": "смотрите",
        r"№": "номер",
        r"&": "и",
        r"ID": "ай-ди",
    }
    months: Mapping[str, int] = {form: number for number, forms in enumerate(_MONTHS, 1) for form in forms}
    month_names = tuple(genitive for _, genitive in _MONTHS)
    closings = frozenset({"и так далее", "и тому подобное"})
    flat = "квартира"
    telephone = r"\w*[Тт]елефон\w*|\w*[Зз]вони\w*"
    written_ordinal = "{}-й"
    ordinal_mark = r"-(ый|ий|ой|й|ая|я|ое|е|ого|го|ому|му|ом|м|ую|ю|ых|х)\b"

    def count(self, number: int, around: Around) -> str:
        """`двадцать одна` before a feminine noun, `двадцати одного` after "до"; a year before "год"."""
        noun = around.word_after
        if noun in _YEARS and number in _YEAR_NUMBERS:
            return _ordinal(number, _YEARS[noun])
        if case := next((case for end, case in _PLURAL_ENDS.items() if noun.endswith(end)), None):
            return _cardinal(number, f"masculine-{case}")
        if around.word_before in _WITH_GENITIVE:
            is_feminine = _is_one(number) and noun.endswith(("ы", "и"))
            return _cardinal(number, "feminine-genitive" if is_feminine else "masculine-genitive")
        return _cardinal(number, _gender(number, noun))

    def decimal(self, whole: int, fraction: str) -> str:
        """`две целых пять десятых`."""
        part, places = int(fraction), _FRACTIONS[len(fraction)]
        return (
            f"{_cardinal(whole, 'feminine')} {'целая' if _is_one(whole) else 'целых'} "
            f"{_cardinal(part, 'feminine')} {places[not _is_one(part)]}"
        )

    def ordinal(self, number: int, mark: str, _: Around) -> str:
        """`2-го` is `второго`: the letters that are written tell the form; but `3-х` is `трёх`."""
        if mark == "х" and number in _FEW:
            return _cardinal(number, "masculine-genitive")
        return _ordinal(number, _ORDINAL_FORMS[mark])

    def date(self, day: Day, around: Around) -> str:
        """`пятого мая`; `пятое` after "по" and where the day itself is named."""
        before = around.word_before
        if before == "к":
            form = "neuter-dative"
        else:
            is_named = before in _NAMES_A_DAY or before in {"по", "на"}
            form = "neuter" if is_named else "neuter-genitive"
        year = f" {_ordinal(day.year, 'masculine-genitive')} года" if day.year else ""
        return f"{_ordinal(day.day, form)} {self.month_names[day.month - 1]}{year}"

    def year(self, _: int, __: Around) -> None:
        """A year without "год" is read like any number."""

    def time(self, hour: int, minute: int, around: Around) -> str:
        """`девять часов`, `до девяти часов`, `семнадцать тридцать`."""
        case = "-genitive" if around.word_before in _WITH_GENITIVE else ""
        if minute == 0:
            return f"{_cardinal(hour, f'masculine{case}')} {_hours(hour, is_genitive=bool(case))}"
        return f"{_cardinal(hour, f'masculine{case}')} {self._minutes(minute, case)}"

    def times(self, first: tuple[int, int], last: tuple[int, int], around: Around) -> str:
        """`с девяти часов до семнадцати тридцати`."""
        begin, inside = "" if around.word_before in {"с", "со"} else "с ", Around("до", "")
        return f"{begin}{self.time(*first, inside)} до {self.time(*last, inside)}"

    def money(self, euros: int, cents: int, _: str, around: Around) -> str:
        """`двадцать один евро пятьдесят центов`; after "до" `двадцати одного евро`."""
        is_genitive = around.word_before in _WITH_GENITIVE
        form = "masculine-genitive" if is_genitive else "masculine"
        parts = [f"{_cardinal(euros, form)} евро"] * bool(euros or not cents)
        if cents:
            noun = _CENTS[0 if _is_one(cents) else 2] if is_genitive else _agreeing(cents, _CENTS)
            noun = "цента" if is_genitive and _is_one(cents) else noun
            parts.append(f"{_cardinal(cents, form)} {noun}")
        return " ".join(parts)

    def measure(self, number: str, unit: Unit, _: Around) -> str:
        """`двадцать процентов`; with decimals `процента`."""
        last = number.rsplit(maxsplit=1)[-1]
        one, few, many = _UNITS[unit]
        if last == "один":
            return f"{number} {one}"
        is_few = last in {"два", "три", "четыре", "одного"} or any(last in places for places in _FRACTIONS.values())
        return f"{number} {few if is_few else many}"

    def range_begin(self, first: int) -> str:
        """`от десяти до`."""
        return f"от {_cardinal(first, 'masculine-genitive')} до"

    def from_day(self, day: int, around: Around) -> str:
        """`с пятого по`."""
        begin = "" if around.word_before in {"с", "со"} else "с "
        return f"{begin}{_ordinal(day, 'neuter-genitive')} по"

    def compound(self, number: int, rest: str) -> str:
        """`десятилетний` for `10-летний`, `пяти` for `5-ти`."""
        genitive = _cardinal(number, "masculine-genitive")
        if rest in _ENDS_OF_GENITIVES:
            return genitive
        return "".join(_IN_COMPOUNDS.get(word, word) for word in genitive.split()) + rest

    def _minutes(self, minute: int, case: str) -> str:
        zero = f"{_cardinal(0, f'masculine{case}')} " if minute < 10 else ""
        return zero + _cardinal(minute, f"masculine{case}")


def _cardinal(number: int, form: str) -> str:
    return _with_yo(spelled(number, Language.RU, f"spellout-cardinal-{form}"))


def _ordinal(number: int, form: str) -> str:
    words = _with_yo(spelled(number, Language.RU, f"spellout-ordinal-{form}"))
    # CLDR misspells `третьему`; "one" before a thousand is not said.
    return words.removeprefix("одна ").replace("третьому", "третьему")


def _with_yo(words: str) -> str:
    """`трёх`, `четырёмстам`: CLDR leaves the dots out, and a voice would stress and say another vowel."""
    return _THREE_OR_FOUR.sub(r"\1ё\2", words)


def _is_one(number: int) -> bool:
    return number % 10 == 1 and number % 100 not in _NOT_ALONE


def _agreeing(number: int, nouns: tuple[str, str, str]) -> str:
    """By the rule of Russian plurals: 21 цент, 22 цента, 25 центов, 11 центов."""
    if _is_one(number):
        return nouns[0]
    return nouns[1] if number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14} else nouns[2]


def _hours(hour: int, *, is_genitive: bool) -> str:
    if is_genitive:
        return "часа" if _is_one(hour) else "часов"
    return _agreeing(hour, ("час", "часа", "часов"))


def _gender(number: int, noun: str) -> str:
    """What the noun's form tells: after 1 it is in the nominative, after 2 in the genitive, `недели` but `дня`."""
    if _is_one(number):
        if noun.endswith(("у", "ю")):
            return "feminine-accusative"
        return "feminine" if noun.endswith(_FEMININE_ENDS) else "neuter" if noun.endswith(("о", "е")) else "masculine"
    is_two = number % 10 == 2 and number % 100 not in _NOT_ALONE
    return "feminine" if is_two and noun.endswith(("ы", "и")) else "masculine"
