"""What a table of words holds, and how it is written down compactly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Generic, Literal, NamedTuple, TypeVar

from actions.values.words.folding import fold, folded
from actions.values.words.spelling import PHONETIC_ALPHABET

T = TypeVar("T")


class Numeral(NamedTuple):
    """A number word.

    `room` is what may still be added to it: after `twenty` less than 10, after `five` nothing (1).
    A scale (`hundred`, `thousand`) multiplies what was said before it.
    """

    value: int
    room: int
    is_scale: bool = False
    is_ordinal: bool = False


class Duration(NamedTuple):
    """A stretch of time in days and months."""

    days: int
    months: int


class Rolling(NamedTuple):
    """Whether time goes on from today (1) or up to it (-1), and whether the word needs no number: the *past* week."""

    direction: int
    is_alone: bool


@dataclass(frozen=True, eq=False)
class Inflection:
    """How names change in a language.

    Attributes:
        endings: the case endings, folded.
        dropped: vowels whose place an ending takes: `Маша`, `Машу`; names in others do not change.
        changes: ends of a word that are others before an ending: `Pank`, `Panga`; as they sound, see `likeness`.
        spellings: letters of names that the language writes in several ways: `õ`.
    """

    endings: frozenset[str]
    dropped: frozenset[str] = frozenset()
    changes: tuple[tuple[str, str], ...] = ()
    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class DayOfYear(NamedTuple):
    """A day by its number and its month's."""

    day: int
    month: int


Boundary = Literal["start", "end"]
Answer = Literal["yes", "no", ""]


class Phrases(Generic[T]):
    """Phrases of one or more words and what each means; the longest that fits wins."""

    def __init__(self, meanings: Iterable[tuple[str, T]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for phrase, meaning in meanings:
            words = tuple(fold(word) for word in phrase.replace("-", " - ").split())
            self._by_first.setdefault(words[0], []).append((words, meaning))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def read(self, words: tuple[str, ...], at: int) -> tuple[T, int] | None:
        """The meaning of the phrase that begins there, and where it ends."""
        if at >= len(words):
            return None
        for phrase, meaning in self._by_first.get(words[at], ()):
            end = at + len(phrase)
            if words[at:end] == phrase:
                return meaning, end
        return None


def phrases(lines: Mapping[T, str]) -> Phrases[T]:
    """Phrases by meaning, separated by `|`."""
    return Phrases((phrase, meaning) for meaning, line in lines.items() for phrase in line.split("|"))


def listed(line: str, first: int = 1, step: int = 1) -> dict[int, str]:
    """Words that count up, separated by `|`."""
    return {first + step * index: words for index, words in enumerate(line.split("|"))}


def letters(line: str) -> dict[str, str]:
    """Letters by their names: those of A, of B and so on, separated by `|`, and the letters themselves."""
    named = {
        name: letter for letter, names in zip(ascii_uppercase, line.split("|"), strict=True) for name in folded(names)
    }
    return {**PHONETIC_ALPHABET, **named, **{letter.lower(): letter for letter in ascii_uppercase}}


def by_word(lines: Mapping[T, str]) -> dict[str, T]:
    """Words by meaning, separated by spaces."""
    return {word: meaning for meaning, line in lines.items() for word in folded(line)}


def basic_forms(line: str) -> dict[str, str]:
    """Forms of words and the first form of each, separated by `|`."""
    return {fold(form): forms.split()[0] for forms in line.split("|") for form in forms.split()}


def changes(line: str) -> tuple[tuple[str, str], ...]:
    """Ends of words and what they become, `-` for nothing, separated by `|`."""
    pairs = (pair.split() for pair in line.split("|"))
    return tuple((end, changed.replace("-", "")) for end, changed in pairs)


def numerals(
    cardinals: Mapping[int, str], ordinals: Mapping[int, str], scales: Mapping[int, str], scale_ordinals: str = ""
) -> dict[str, Numeral]:
    """Number words by word; `scale_ordinals` names those words of `scales` that are ordinals."""
    found = {word: Numeral(value, room_after(value)) for word, value in by_word(cardinals).items()}
    for word, value in by_word(ordinals).items():
        found[word] = Numeral(value, room_after(value), is_ordinal=True)
    last = folded(scale_ordinals)
    for word, value in by_word(scales).items():
        found[word] = Numeral(value, value, is_scale=True, is_ordinal=word in last)
    return found


def room_after(value: int) -> int:
    """What may be added after a number word: less than 100 after `kakssada`, less than 10 after `twenty`."""
    if value >= 100:
        return 100
    return 10 if value >= 20 else 1


@dataclass(frozen=True)
class Words:
    """The words of one language, folded."""

    # Numbers
    numerals: Mapping[str, Numeral]
    joiners: frozenset[str]  # inside a number: two hundred *and* five
    articles: frozenset[str]  # stand for one: *a* hundred, in *a* week
    halves: frozenset[str]
    quarters: frozenset[str]
    couples: frozenset[str]  # two of what follows, if that is a hundred or the like: *a couple of* thousand
    vague: frozenset[str]  # no number can be told: *a few* hundred
    of: frozenset[str]  # a couple *of* thousand
    half_joiners: frozenset[str]  # two *and a* half
    one_and_half: frozenset[str]
    decimal_points: frozenset[str]
    decimal_places: Mapping[str, int]  # `пять` *`сотых`*: how many places the digits before take
    minus: frozenset[str]
    plus: frozenset[str]
    zero_letters: frozenset[str]  # said for 0 among digits: five *oh* five
    repeats: Mapping[str, int]  # *double* five
    times: frozenset[str]  # two *times* five
    digit_plurals: Mapping[str, int]  # two *zeros*
    digit_homophones: Mapping[str, int]  # what a recogniser may hear for a digit: *to*
    digit_glue: frozenset[str]  # may stand between the digits of a code: *and then*
    ordinal_suffixes: frozenset[str]  # 5*th*
    ordinal_marks: frozenset[str]  # 5*.*
    ors: frozenset[str]  # the fifth *or* the sixth
    # Dates
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    relative_days: Phrases[int]
    weeks_ahead: Phrases[int]  # next: 1, this: 0, last: -1
    weeks_ahead_behind: Phrases[int]  # Monday *before last*
    nearest: frozenset[str]  # *coming* Friday
    after_that: Phrases[bool]  # the Friday *after that*: seen from the day that is corrected
    durations: Phrases[Duration]
    weeks: frozenset[str]
    month_nouns: frozenset[str]
    year_nouns: frozenset[str]
    after_before: frozenset[str]  # *in* two weeks
    after_behind: Phrases[bool]  # two weeks *from now*
    ago_behind: Phrases[bool]
    boundaries: Phrases[Boundary]  # *end of* the month, kuu *lõpus*
    counting_from: frozenset[str]  # a week *from* Friday
    counts_weeks_bare: bool  # Tuesday week
    holidays: Phrases[DayOfYear]
    date_glue: frozenset[str]  # may stand between the parts of a date
    before_day: frozenset[str]  # *the* fifth: a day of the month, if `on` stands before
    day_nouns: frozenset[str]  # viies *kuupäev*
    # Spans
    seasons: Mapping[str, int]  # by the month they begin with
    weekends: frozenset[str]
    times_that_are_words: frozenset[str]  # *may* is a month only after `time_before`
    time_before: frozenset[str]  # *in* March
    rolling: Mapping[str, Rolling]  # the *last* two weeks
    within: Phrases[bool]  # *within* two weeks
    within_behind: frozenset[str]  # kahe nädala *jooksul*
    span_from: frozenset[str]
    since: frozenset[str]  # those of `span_from` that mean the past
    between: frozenset[str]  # those of `span_from` that need an "and"
    between_behind: frozenset[str]  # mai ja juuli *vahel*
    span_to: frozenset[str]
    until: frozenset[str]  # those of `span_to` that need no beginning
    from_ending: str  # mai*st*
    not_from: tuple[str, ...]  # nädalavahet*ust*: ends alike, but is another case
    until_ending: str  # juuli*ni*
    # Money
    euros: frozenset[str]
    cents: frozenset[str]
    # Spelling
    letters: Mapping[str, str]
    letters_that_are_words: frozenset[str]
    plate_nouns: frozenset[str]
    phone_nouns: frozenset[str]
    at_signs: frozenset[str]
    dots: frozenset[str]
    dashes: frozenset[str]
    underscores: frozenset[str]
    # Addresses
    streets: frozenset[str]  # left out: Pikk *tänav* 5
    street_names: frozenset[str]  # fillers that are names, too: *Uus* tänav
    roads: Mapping[str, str]  # kept, in their basic form
    houses: frozenset[str]
    flats: frozenset[str]
    # Answers
    answers: Phrases[Answer]  # "": no answer although it looks like one (*no* idea)
    name_cues: frozenset[str]  # her name *is* Emma, Emma *is* the name
    given_names: frozenset[str]  # fillers that are names, too, behind a cue or alone: *Anna*
    name_fillers: frozenset[str]  # *we thought of* Emma; not a name
    no_names: frozenset[str]  # no part of a name: "the *kids* *stay* here"
    questions: frozenset[str]  # *how* many names: asks, and names nobody
    fillers: frozenset[str]
    hesitations: frozenset[str]
    # Corrections
    denials: frozenset[str]
    nots: frozenset[str]
    buts: frozenset[str]
    take_backs: Phrases[bool]
    after_plain_no: frozenset[str]  # *no* idea, *ei* tea: the no belongs to what follows
    # Choices
    others: frozenset[str]
    lasts: frozenset[str]
    choice_nouns: frozenset[str]
    inflection: Inflection
