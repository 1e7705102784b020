"""Registration plates of Estonian vehicles: three digits and three letters, older and smaller ones with two."""

from collections.abc import Iterator
from typing import NamedTuple

from actions.values.candidates import Candidate, is_filler
from actions.values.found import Unfit
from actions.values.spelling import read_letter, read_letters_together, read_one_digit_piece
from actions.values.utterance import Step, Utterance

_REGULAR = (3, 3)
_SHAPES = frozenset({_REGULAR, (3, 2), (2, 2)})
_FEWEST_DIGITS = 2
_MOST_CHARACTERS = 9  # of plates that their owner composed
_MOST_LETTERS = 4
_COMMA, _SEPARATORS, _NONE = frozenset(","), frozenset(",-"), frozenset[str]()
_UNITS = frozenset({"usd", "gbp", "km", "cm", "kg", "min", "kwh", "мин", "км", "кг"})


class _Plate(NamedTuple):
    digits: str
    letters: str
    is_sure: bool  # by its looks, not only by being the whole answer


def find_plates(said: Utterance) -> Iterator[Candidate]:
    """Plates such as `123ABC`."""
    has_noun = any(word in said.table.plate_nouns for word in said.words)
    found = False
    for plate, first, end in said.each(_read_plate):
        shape = (len(plate.digits), len(plate.letters))
        if shape in _SHAPES:
            found = True
            is_sure = shape == _REGULAR and (plate.is_sure or has_noun)
            yield Candidate(plate.digits + plate.letters, first, end, needs_whole=not is_sure)
    if not found:
        yield from _near_misses(said)


def _read_plate(said: Utterance, at: int) -> Step[_Plate] | None:
    if said.is_joined(at) and said.word(at - 1)[0].isalnum():
        return None
    digits, end = _read_digits(said, at)
    if not 2 <= len(digits) <= 3:
        return None
    end = said.skip(_SEPARATORS, end, most=1)
    letters, after = _read_spelled(said, end)
    if 2 <= len(letters) <= 3:
        is_sure = any(said.words[index] not in said.table.letters_that_are_words for index in range(end, after))
        return _Plate(digits, letters, is_sure), after
    return _read_written_letters(said, digits, end)


def _read_written_letters(said: Utterance, digits: str, at: int) -> Step[_Plate] | None:
    step = read_letters_together(said, at)
    if step is None or not 2 <= len(step[0]) <= 3 or _is_unit(said, at):
        return None
    if said.is_joined(step[1]) and said.word(step[1])[0].isalnum():
        return None
    shows = said.tokens[at].text.isupper() and not said.text.isupper()
    is_word = said.words[at] in said.table.fillers or said.words[at] in said.table.numerals
    if is_word and not (said.is_joined(at) or said.tokens[at].text.isupper()):
        return None
    is_sure = said.is_joined(at) or shows
    return _Plate(digits, step[0], is_sure), step[1]


def _is_unit(said: Utterance, at: int) -> bool:
    """Whether the word counts something: 250 *eur*."""
    word, table = said.word(at), said.table
    return word in _UNITS or word in table.euros or word in table.cents


def _read_digits(said: Utterance, at: int) -> tuple[str, int]:
    digits, end = "", at
    while len(digits) < 3 and (step := read_one_digit_piece(said, end, is_first=not digits)):
        digits, end = digits + step[0], step[1]
    return digits, end


def _read_spelled(said: Utterance, at: int) -> tuple[str, int]:
    letters, end = "", at
    while len(letters) < 4 and (step := read_letter(said, said.skip(_COMMA if letters else _NONE, end, most=1))):
        letters, end = letters + step[0], step[1]
    return letters, end


def _near_misses(said: Utterance) -> Iterator[Candidate]:
    """Digits and letters in one stretch that make no plate, if they are all that is said."""
    for (digits, letters), first, end in said.each(_read_mixed):
        if len(digits) >= _FEWEST_DIGITS and len(digits) + len(letters) <= _MOST_CHARACTERS:
            yield Candidate(Unfit("not_a_plate" if letters else "incomplete"), first, end, needs_whole=True)


def _read_mixed(said: Utterance, at: int) -> Step[tuple[str, str]] | None:
    digits, letters, end = "", "", at
    while end < len(said):
        if step := read_one_digit_piece(said, end):
            digits += step[0]
        elif step := _read_few_letters(said, end):
            letters += step[0]
        else:
            break
        end = step[1]
    return ((digits, letters), end) if end > at else None


def _read_few_letters(said: Utterance, at: int) -> Step[str] | None:
    if step := read_letter(said, at):
        return step
    is_word = is_filler(said, at) or _is_unit(said, at) or said.words[at] in said.table.months
    step = None if is_word else read_letters_together(said, at)
    most = _MOST_LETTERS if said.tokens[at].text.isupper() else _MOST_LETTERS - 1  # longer ones are words
    return step if step and len(step[0]) <= most else None
