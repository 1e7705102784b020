"""Digits and letters said one by one, in pairs, or written."""

from collections.abc import Callable
from dataclasses import dataclass

from actions.values.numbers import read_number
from actions.values.utterance import Step, Utterance
from actions.values.words.spelling import LOOK_ALIKES

_MOST_NUMBER_WORD = 999  # five hundred five: nobody spells a code in thousands
_MOST_PLATE_LETTERS = 3
_SEPARATORS = frozenset("-–./(),…")
_MOST_BETWEEN = 8  # two times "..." and a little more
_FEWEST_REPEATED, _MOST_REPEATED = 2, 4


@dataclass(frozen=True)
class DigitRun:
    """Digits that were given one after another; `has_plus`: a plus stands before them."""

    digits: str
    has_plus: bool = False


def read_digits(said: Utterance, at: int) -> Step[DigitRun] | None:
    """All digits from here on: `6000 101`, `six zero double zero`, `шестьдесят ноль один`."""
    return _read_run(said, at, _SEPARATORS, _read_piece)


def guess_digits(said: Utterance, at: int) -> Step[DigitRun] | None:
    """The same with words that sound like digits and such as "and then" between; only a check digit makes it sure."""
    return _read_run(said, at, _SEPARATORS | said.table.digit_glue, _guess_piece)


Piece = Callable[[Utterance, int, bool], Step[str] | None]
"""Reads digits that stand together; the last argument: they are the first of a run."""


def _read_run(said: Utterance, at: int, between: frozenset[str], read: Piece) -> Step[DigitRun] | None:
    has_plus = said.word(at) == "+" or said.word(at) in said.table.plus
    digits, end = "", at + has_plus
    while step := read(said, said.skip(between, end, most=_MOST_BETWEEN) if digits else end, not digits):
        digits, end = digits + step[0], step[1]
    return (DigitRun(digits, has_plus), end) if digits else None


def read_one_digit_piece(said: Utterance, at: int, *, is_first: bool = False) -> Step[str] | None:
    """Digits as they stand together or one number word; `oh` counts, too, at first only if more follow."""
    return _read_piece(said, at, is_first)


def _guess_piece(said: Utterance, at: int, is_first: bool) -> Step[str] | None:
    homophone = said.table.digit_homophones.get(said.word(at))
    return _read_piece(said, at, is_first) if homophone is None else (str(homophone), at + 1)


def _read_piece(said: Utterance, at: int, is_first: bool) -> Step[str] | None:
    word, table = said.word(at), said.table
    if said.is_digits(at):
        return word, at + 1
    if word in table.repeats:
        step = _read_piece(said, at + 1, False)
        return (step[0][:1] * table.repeats[word] + step[0][1:], step[1]) if step else None
    if word in table.zero_letters and not (is_first and not _begins_digits(said, at)):
        return "0", at + 1
    if word in table.digit_homophones and not is_first and _is_among_digits(said, at):
        return str(table.digit_homophones[word]), at + 1
    number = read_number(said, at)
    if number is None or number[0].is_ordinal or number[0].value > _MOST_NUMBER_WORD:
        return None
    return _read_repeated(said, number[0].value, number[1]) or (str(number[0].value), number[1])


def _read_repeated(said: Utterance, count: int, at: int) -> Step[str] | None:
    """Two *zeros*, three *times six*."""
    if not _FEWEST_REPEATED <= count <= _MOST_REPEATED:
        return None
    digit = said.table.digit_plurals.get(said.word(at))
    if digit is not None:
        return str(digit) * count, at + 1
    numeral = said.table.numerals.get(said.word(at + 1)) if said.word(at) in said.table.times else None
    return (str(numeral.value) * count, at + 2) if numeral and numeral.value < len("0123456789") else None


def _begins_digits(said: Utterance, at: int) -> bool:
    return _is_digit_word(said, at + 1) and _is_digit_word(said, at + 2)  # "oh five euros" is no code


def _is_among_digits(said: Utterance, at: int) -> bool:
    """Whether digits stand on both sides and one more, or a letter: "four to five" alone is no code."""
    near = [_is_digit_word(said, at + distance) for distance in (-2, -1, 1, 2)]
    return near[1] and near[2] and (near[0] or near[3] or said.word(at + 2) in said.table.letters)


def _is_digit_word(said: Utterance, at: int) -> bool:
    word, table = said.word(at), said.table
    numeral = table.numerals.get(word)
    is_number = numeral is not None and not numeral.is_ordinal and not numeral.is_scale
    return is_number or said.is_digits(at) or word in table.zero_letters or word in table.digit_homophones


def read_letter(said: Utterance, at: int) -> Step[str] | None:
    """One letter by its name: `bee`, `бэ`, `bravo`, `B`."""
    word = said.word(at)
    if len(word) == 1 and word in LOOK_ALIKES and said.tokens[at].text.isupper():
        return LOOK_ALIKES[word], at + 1
    letter = said.table.letters.get(word)
    return (letter, at + 1) if letter else None


def read_letters_together(said: Utterance, at: int) -> Step[str] | None:
    """Letters written as one word: `ABC`, also in Cyrillic letters of the same looks."""
    word = said.word(at)
    if word.isascii() and word.isalpha():
        return word.upper(), at + 1
    if word and all(letter in LOOK_ALIKES for letter in word):
        return "".join(LOOK_ALIKES[letter] for letter in word), at + 1
    letters = [said.table.letters.get(letter, "") for letter in word] if word.isalpha() else []
    is_shouted = word != "" and (said.tokens[at].text.isupper() or len(word) <= _MOST_PLATE_LETTERS)
    return ("".join(letters), at + 1) if is_shouted and letters and all(letters) else None
