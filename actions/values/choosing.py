"""Finds which of several known records the citizen means."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from actions.values.candidates import is_filler
from actions.values.likeness import EXACT, INFLECTED, UNLIKE, likeness
from actions.values.numbers import read_number
from actions.values.spelling import read_digits, read_letter
from actions.values.utterance import Utterance
from actions.values.words import WORDS
from actions.values.words.folding import fold
from assistant.core.languages import Language

_LONGEST = 500  # characters
_FEWEST_SPELLED = 2
_SHORTEST_PART = 4
_DIGITS, _LETTERS = re.compile("[0-9]+"), re.compile("[A-Z]+")


@dataclass(frozen=True)
class Choice:
    """A record, and the words it goes by: `("Mari", "Mari Mets")`, `("Škoda Octavia", "123 ABC")`."""

    key: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Chosen:
    """The one that is meant; `is_whole`: the text says nothing else."""

    key: str
    is_whole: bool


@dataclass(frozen=True)
class Ambiguous:
    """The words fit more than one, in the order of the choices."""

    keys: tuple[str, ...]


def choose(
    text: str,
    choices: Sequence[Choice],
    language: Language,
    *,
    current: str | None = None,
    is_listed: bool = True,
) -> Chosen | Ambiguous | None:
    """The choice that is meant: by its words, by ordinal, or as the other one than `current`.

    Words of several choices leave those; an ordinal then counts among them ("the second Škoda"). What was not listed to
    the citizen has no ordinals.
    """
    table = WORDS[language]
    if not choices:
        return None
    everything = _Choosing(Utterance.of(text[:_LONGEST], table), choices, current, is_listed=is_listed)()
    if isinstance(everything, Chosen):
        return everything
    # A hesitation may be a letter of a plate (`ee`), so they are dropped only now.
    without_hesitations = Utterance.of(text[:_LONGEST], table, dropped=table.hesitations)
    return _Choosing(without_hesitations, choices, current, is_listed=is_listed)()


@dataclass(frozen=True)
class _Pointer:
    """A word that points at one of the choices by its place, and where it stands."""

    index: int
    first: int
    end: int


class _Choosing:
    """One choice being made; `_meant` are the choices whose words were said, by index of the word."""

    def __init__(self, said: Utterance, choices: Sequence[Choice], current: str | None, *, is_listed: bool) -> None:
        self._said, self._choices, self._current, self._is_listed = said, choices, current, is_listed
        self._meant = _matches(said, choices)
        self._everyone = list(range(len(choices)))

    def __call__(self) -> Chosen | Ambiguous | None:
        left = self._best() or self._not_denied()
        if len(left) == 1:
            return Chosen(self._choices[left[0]].key, self._is_whole(range(0)))
        pointer = self._pointer(left or self._everyone) if self._is_listed else None
        if pointer and pointer.index < len(left or self._everyone):
            key = self._choices[(left or self._everyone)[pointer.index]].key
            return Chosen(key, self._is_whole(range(pointer.first, pointer.end)))
        if not left:
            left = self._others(self._everyone) if self._says_other() and self._current else []
        return Ambiguous(tuple(self._choices[index].key for index in left)) if left else None

    def _best(self) -> list[int]:
        """The choices of which most was said: of the name it goes by first, then of the rest."""
        by_name = _matches(self._said, [Choice(each.key, each.words[:1]) for each in self._choices])
        scores, names = self._score(self._meant), self._score(by_name)
        whole = {index for index in scores if _is_named_in_full(self._said, self._choices[index])}
        ranks = {index: (names[index], score, index in whole) for index, score in scores.items()}
        return sorted(index for index, rank in ranks.items() if rank == max(ranks.values()))

    def _score(self, matches: Mapping[int, set[int]]) -> Counter[int]:
        """How many words said, and not denied, are of each choice."""
        scores = Counter[int]()
        for at, indexes in matches.items():
            if not self._is_denied(at):
                scores.update(indexes)
        return scores

    def _not_denied(self) -> list[int]:
        """Those that are left when it is said which it is not."""
        denied = {index for at, indexes in self._meant.items() if self._is_denied(at) for index in indexes}
        return [index for index in self._everyone if index not in denied] if denied else []

    def _is_denied(self, at: int) -> bool:
        said = self._said
        for before in range(at - 1, -1, -1):
            if said.words[before] in said.table.nots:
                return True
            is_same = bool(self._meant.get(before, set()) & self._meant.get(at, set()))  # "not the Škoda Octavia"
            is_plain = is_filler(said, before) or said.words[before] in said.table.choice_nouns
            if not is_same and (before in self._meant or not is_plain):
                return False
        return False

    def _pointer(self, among: list[int]) -> _Pointer | None:
        """The first, the last, the other one; a bare number counts only if nothing else is said."""
        other = self._other(among)
        if other:
            return other
        said = self._said
        bare = None
        for at, word in enumerate(said.words):
            if at in self._meant or _is_of_time(said, at):
                continue
            if word in said.table.lasts and not self._is_denied(at):
                return _Pointer(len(among) - 1, at, at + 1)
            number = read_number(said, at)
            suffix = at + 1 if said.is_joined(at + 1) and said.word(at + 1) in said.table.ordinal_suffixes else at
            if number and number[0].is_ordinal and number[0].value > 0 and not self._is_denied(at):
                return _Pointer(number[0].value - 1, at, number[1])
            value = int(word) if said.is_digits(at) and len(word) < 3 else number[0].value if number else 0
            if value > 0 and suffix > at:
                return _Pointer(value - 1, at, suffix + 1)
            bare = bare or (_Pointer(value - 1, at, number[1] if number else at + 1) if value > 0 else None)
        return bare if bare and self._is_whole(range(bare.first, bare.end)) else None

    def _other(self, among: list[int]) -> _Pointer | None:
        others = self._others(among)
        if len(among) != 2 or len(others) != 1:
            return None
        at = next((at for at, word in enumerate(self._said.words) if word in self._said.table.others), None)
        return None if at is None else _Pointer(among.index(others[0]), at, at + 1)

    def _others(self, among: list[int]) -> list[int]:
        return [index for index in among if self._choices[index].key != self._current]

    def _says_other(self) -> bool:
        return any(word in self._said.table.others for word in self._said.words)

    def _is_whole(self, pointed: range) -> bool:
        said = self._said
        return all(
            at in self._meant or at in pointed or is_filler(said, at) or said.words[at] in said.table.choice_nouns
            for at in range(len(said))
        )


def has_noun(text: str, noun: str, language: Language) -> bool:
    """Whether the noun is said in some case, or the last part of it: `nimi`, of an `eesnimi`."""
    said, whole = Utterance.of(text[:_LONGEST], WORDS[language]), fold(noun)
    return any(
        likeness(word, noun, said.table.inflection) >= INFLECTED
        or (len(word) >= _SHORTEST_PART and whole.endswith(word))
        for word in said.words
    )


def _matches(said: Utterance, choices: Sequence[Choice]) -> dict[int, set[int]]:
    """By index of a word said: the choices it is most like."""
    known = [_known_words(said, choice) for choice in choices]
    names = [_known_words(said, Choice(choice.key, choice.words[:1])) for choice in choices]
    found: dict[int, set[int]] = {}
    for at, word in enumerate(said.words):
        if not word[0].isalpha():
            continue
        # A place in the list is no word of a text that was never read out, nor one letter off some other word.
        is_place = _is_place(said, at)
        levels = {index: _level(said, at, words) for index, words in enumerate(names if is_place else known)}
        if is_place:
            levels = {index: level if level >= INFLECTED else UNLIKE for index, level in levels.items()}
        if best := max(levels.values()):
            found[at] = {index for index, level in levels.items() if level == best}
    for indexes, first, end in _spelled_matches(said, choices):
        for at in range(first, end):
            found[at] = found.get(at, set()) | indexes
    return found


def _is_place(said: Utterance, at: int) -> bool:
    number = read_number(said, at)
    return said.words[at] in said.table.lasts or (number is not None and number[0].is_ordinal)


def _is_of_time(said: Utterance, at: int) -> bool:
    """Whether a place is one in time and not in a list: *last* Friday, the *fifth* of May."""
    table, behind = said.table, at + 1
    while behind < len(said) and (
        said.words[behind] in table.date_glue or said.words[behind] in table.ordinal_suffixes
    ):
        behind += 1
    of_time = (table.weekdays, table.months, table.weeks, table.month_nouns, table.year_nouns, table.day_nouns)
    return any(said.word(behind) in words for words in of_time)


def _known_words(said: Utterance, choice: Choice) -> frozenset[str]:
    phrases = [Utterance.of(phrase, said.table) for phrase in choice.words]
    pairs = [pair for phrase in phrases for pair in zip(phrase.tokens, phrase.words, strict=True)]
    # A letter alone is a word of its own in some languages: "в" is not the V of "V60". What would be a filler in an
    # answer may be part of a name: "Põhjala Bank".
    telling = frozenset(
        token.text
        for token, word in pairs
        if word[0].isalpha() and len(word) > 1 and (word not in said.table.fillers or token.text[0].isupper())
    )
    return telling or frozenset(token.text for token, word in pairs if word[0].isalpha())


def _level(said: Utterance, at: int, known: frozenset[str]) -> int:
    best = max((likeness(said.words[at], word, said.table.inflection) for word in known), default=UNLIKE)
    is_plain = is_filler(said, at) or said.words[at] in said.table.choice_nouns
    return best if best == EXACT or not is_plain else UNLIKE


def _spelled_matches(said: Utterance, choices: Sequence[Choice]) -> Iterator[tuple[set[int], int, int]]:
    """Plates, numbers of documents: their digits, and their letters said one by one."""
    digits = [_parts_of(choice, _DIGITS) for choice in choices]
    for run, first, end in said.each(read_digits):
        indexes = {index for index, parts in enumerate(digits) if run.digits in parts}
        if indexes and len(run.digits) >= _FEWEST_SPELLED:
            yield indexes, first, end
    letters = [_parts_of(choice, _LETTERS) for choice in choices]
    at = 0
    while at < len(said):
        spelled, end = "", at
        while step := read_letter(said, end):
            spelled, end = spelled + step[0], step[1]
        indexes = {index for index, parts in enumerate(letters) if spelled in parts}
        if indexes and len(spelled) >= _FEWEST_SPELLED:
            yield indexes, at, end
        at = max(end, at + 1)


def _parts_of(choice: Choice, pattern: re.Pattern[str]) -> set[str]:
    """The runs of digits or letters in those words of a choice that hold both: `123` of `123 ABC`."""
    spelled = [words for words in choice.words if any(char.isdigit() for char in words)]
    return {part for words in spelled for part in pattern.findall(words.upper())}


def _is_named_in_full(said: Utterance, choice: Choice) -> bool:
    return any(
        all(any(likeness(word, part, said.table.inflection) >= INFLECTED for word in said.words) for part in name)
        for name in (Utterance.of(phrase, said.table).words for phrase in choice.words)
        if name
    )
