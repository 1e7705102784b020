"""Estonian: numbers agree with their noun in case."""

from collections.abc import Mapping

from assistant.core.languages import Language
from assistant.pipeline.spoken.cardinals import digit_words
from assistant.pipeline.spoken.estonian_numbers import (
    ENDINGS,
    GENITIVE,
    GENITIVE_MODIFIERS,
    NOMINATIVE,
    PARTITIVE,
    Ending,
    cardinal,
    ordinal,
)
from assistant.pipeline.spoken.grammar import Around, Day, Unit

_MONTHS = (
    ("jaanuar", "jaanuari", "jaanuari"),
    ("veebruar", "veebruari", "veebruari"),
    ("märts", "märtsi", "märtsi"),
    ("aprill", "aprilli", "aprilli"),
    ("mai", "mai", "maid"),
    ("juuni", "juuni", "juunit"),
    ("juuli", "juuli", "juulit"),
    ("august", "augusti", "augusti"),
    ("september", "septembri", "septembrit"),
    ("oktoober", "oktoobri", "oktoobrit"),
    ("november", "novembri", "novembrit"),
    ("detsember", "detsembri", "detsembrit"),
)
"""Nominative, genitive and partitive."""
_FORMS: Mapping[str, tuple[int, Ending]] = {
    form: (number, case)
    for number, (nominative, genitive, partitive) in enumerate(_MONTHS, 1)
    # The nominative last: `mai` is the genitive, too.
    for case, form in [
        (PARTITIVE, partitive),
        (GENITIVE, genitive),
        *((ending, genitive + ending) for ending in ENDINGS),
        (NOMINATIVE, nominative),
    ]
}
_ASKS_FOR: Mapping[str, Ending] = {
    "kuni": "ni", "alates": "st", "enne": PARTITIVE, "pärast": PARTITIVE, "peale": PARTITIVE,
}  # fmt: skip
"""The case that a word before a day wants."""
_UNTIL = ("kuni", "–", "-")

_NOUNS: Mapping[str, str] = {
    "aasta": "aasta", "päev": "päeva", "nädal": "nädala", "kuu": "kuu", "tund": "tunni", "minut": "minuti",
    "klass": "klassi", "korrus": "korruse", "sammas": "samba", "samm": "sammu", "kord": "korra", "rida": "rea",
    "euro": "euro", "sent": "sendi", "protsent": "protsendi", "kilomeeter": "kilomeetri", "veerand": "veerandi",
    "koht": "koha", "number": "numbri", "laps": "lapse", "osa": "osa", "punkt": "punkti", "kategooria": "kategooria",
}  # fmt: skip
"""Nominative and genitive of nouns that are counted often; others are judged by their ending."""
_NOUN_CASES: Mapping[str, Ending] = {
    genitive + ending: ending for genitive in _NOUNS.values() for ending in (GENITIVE, *ENDINGS)
} | {nominative: NOMINATIVE for nominative, genitive in _NOUNS.items() if nominative != genitive}
_SURE_ENDINGS = ("sse", "le", "lt", "st", "ga", "ks", "ni")
_VOWELS = "aeiouõäöü"
_POSTPOSITIONS = frozenset({"jooksul", "pärast", "eest", "võrra", "vältel", "kestel", "möödudes", "kaupa", "pikkune"})
"""They want the genitive: `kolmekümne päeva jooksul`."""

_UNITS: Mapping[Unit, tuple[str, str]] = {
    "%": ("protsent", "protsenti"),
    "km": ("kilomeeter", "kilomeetrit"),
    "m²": ("ruutmeeter", "ruutmeetrit"),
    "kg": ("kilogramm", "kilogrammi"),
}


class Estonian:
    """`Grammar` of Estonian."""

    language = Language.ET
    marks: Mapping[str, str] = {
        "+": "pluss", "−": "miinus", "@": "ät", ".": "punkt", "-": "kriips", "_": "alakriips", "/": "kaldkriips",
    }  # fmt: skip
    abbreviations: Mapping[str, str] = {
        r"nt\.?": "näiteks",
        r"jne\.?": "ja nii edasi",
        r"jms\.?": "ja muu selline",
        r"sh\.?": "sealhulgas",
        r"st\.?": "see tähendab",
        r"vt\.?": "vaata",
        r"ca\.?": "umbes",
        r"[Nn]r\.?": "number",
        r"№": "number",
        r"[Tt]el\.?": "telefon",
        r"kl\.?(?=\s?\d)": "kell",
        r"(?<=\d\. )a(?=[\s.,]|$)": "aasta",
        r"tn\.?": "tänav",
        r"mnt\.?": "maantee",
        r"pst\.?": "puiestee",
        r"OÜ": "osaühing",
        r"MTÜ": "mittetulundusühing",
        r"&": "ja",
        r"ID": "iidee",
    }
    months: Mapping[str, int] = {form: number for form, (number, _) in _FORMS.items()}
    month_names = tuple(nominative for nominative, _, _ in _MONTHS)
    closings = frozenset({"ja nii edasi", "ja muu selline"})
    flat = "korter"
    telephone = r"\w*[Tt]elefon\w*|[Hh]elista\w*"
    written_ordinal = "{}."
    ordinal_mark = r"(\.)(?=\s[a-zõäöüšž]|$)"

    def count(self, number: int, around: Around) -> str:
        """`kakskümmend üks`; before a noun in another case `kahekümne ühe`."""
        if around.second_word_after in _POSTPOSITIONS:
            return cardinal(number, GENITIVE)
        case = _NOUN_CASES.get(around.word_after, NOMINATIVE)
        return cardinal(number, NOMINATIVE if case == GENITIVE else case)

    def decimal(self, whole: int, fraction: str) -> str:
        """`kaks koma null viis`."""
        return f"{cardinal(whole)} koma {digit_words(fraction, self.language)}"

    def ordinal(self, number: int, _: str, around: Around) -> str:
        """In the case of the noun that follows: `teine klass`, `teises klassis`."""
        return ordinal(number, _case_of(around.word_after))

    def date(self, day: Day, around: Around) -> str:
        """`viies mai`, `viiendal mail`, `kuni viienda maini`; the year stays as it is."""
        _, case = _FORMS[day.month_word.lower()]
        if case == NOMINATIVE:
            # "1. mai kuni 10. mai" is from one day to another.
            wanted = "st" if around.word_after == "kuni" else NOMINATIVE
            case = _ASKS_FOR.get(around.word_before, wanted)
        year = f" {cardinal(day.year)}" if day.year else ""
        return f"{ordinal(day.day, case)} {_month(day.month, case)}{year}"

    def year(self, _: int, __: Around) -> None:
        """A year is read like any number."""

    def time(self, hour: int, minute: int, around: Around) -> str:
        """`seitseteist kolmkümmend`; the full hour is the hour alone."""
        if minute == 0 and around.word_before == "kuni":
            return f"{cardinal(hour, GENITIVE)}ni"
        if minute == 0 and around.word_before == "alates":
            return cardinal(hour, "st")
        return _clock(hour, minute)

    def times(self, first: tuple[int, int], last: tuple[int, int], _: Around) -> str:
        """`üheksast seitsmeteistkümneni`."""
        if first[1] or last[1]:
            return f"{_clock(*first)} kuni {_clock(*last)}"
        return f"{cardinal(first[0], 'st')} {cardinal(last[0], GENITIVE)}ni"

    def money(self, euros: int, cents: int, noun: str, _: Around) -> str:
        """`kakskümmend eurot viiskümmend senti`; before "eest" and the like `kahekümne euro`."""
        case = _NOUN_CASES.get(noun.lower(), NOMINATIVE)
        if euros == 1 and case == GENITIVE:  # 1 euro is both
            case = NOMINATIVE
        parts = [(euros, "euro", "eurot")] * bool(euros or not cents) + [(cents, "sent", "senti")] * bool(cents)
        return " ".join(self._counted(number, one, more, case) for number, one, more in parts)

    def measure(self, number: str, unit: Unit, _: Around) -> str:
        """`kakskümmend protsenti`."""
        return f"{number} {_UNITS[unit][number != 'üks']}"

    def range_begin(self, first: int) -> str:
        """`kümme kuni`."""
        return f"{cardinal(first)} kuni"

    def from_day(self, day: int, _: Around) -> str:
        """`esimesest kuni`."""
        return f"{ordinal(day, 'st')} kuni"

    def compound(self, number: int, rest: str) -> str:
        """`viiest` for `5-st`, `kümneaastane` for `10-aastane`."""
        if rest in ENDINGS:
            return cardinal(number, rest) + (rest if rest in GENITIVE_MODIFIERS else "")
        return cardinal(number, GENITIVE).replace(" ", "") + rest

    def _counted(self, number: int, one: str, more: str, case: Ending) -> str:
        if case == NOMINATIVE:
            return f"{cardinal(number)} {one if number == 1 else more}"
        return f"{cardinal(number, case)} {_NOUNS[one]}{case}"


def _clock(hour: int, minute: int) -> str:
    minutes = f" {'null ' if minute < 10 else ''}{cardinal(minute)}" if minute else ""
    return cardinal(hour) + minutes


def _month(month: int, case: Ending) -> str:
    nominative, genitive, partitive = _MONTHS[month - 1]
    return {NOMINATIVE: nominative, PARTITIVE: partitive}.get(case, genitive + case)


def _case_of(noun: str) -> Ending:
    if noun in _NOUN_CASES:
        return _NOUN_CASES[noun]
    if end := next((end for end in _SURE_ENDINGS if noun.endswith(end)), None):
        return end
    return GENITIVE if noun.endswith(tuple(_VOWELS)) else NOMINATIVE
