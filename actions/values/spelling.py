"""Digits and letters said one by one, in pairs, or written."""

from dataclasses import dataclass

from actions.values.numbers import read_number
from actions.values.utterance import Step, Utterance
from actions.values.words.spelling import LOOK_ALIKES

_MOST_NUMBER_WORD = 999  # five hundred five: nobody spells a code in thousands
_MOST_PLATE_LETTERS = 3
_SEPARATORS = frozenset("-–./(),")


@dataclass(frozen=True)
class DigitRun:
    """Digits that were given one after another; `has_plus`: a plus stands before them."""

    digits: str
    has_plus: bool = False


def read_digits(said: Utterance, at: int) -> Step[DigitRun] | None:
    """All digits from here on: `6000 101`, `six zero double zero`, `шестьдесят ноль один`."""
    has_plus = said.word(at) == "+" or said.word(at) in said.table.plus
    begin = at + has_plus
    digits, end = "", begin
    while step := _read_piece(said, _after_separators(said, end) if digits else end, is_first=not digits):
        digits, end = digits + step[0], step[1]
    return (DigitRun(digits, has_plus), end) if digits else None


def read_one_digit_piece(said: Utterance, at: int) -> Step[str] | None:
    """Digits as they stand together or one number word; `oh` counts, too."""
    return _read_piece(said, at, is_first=False)


def _after_separators(said: Utterance, at: int) -> int:
    return said.skip(_SEPARATORS, at, most=2)


def _read_piece(said: Utterance, at: int, *, is_first: bool) -> Step[str] | None:
    word, table = said.word(at), said.table
    if said.is_digits(at):
        return word, at + 1
    if word in table.repeats:
        step = _read_piece(said, at + 1, is_first=True)
        return (step[0][:1] * table.repeats[word] + step[0][1:], step[1]) if step else None
    if word in table.zero_letters and not is_first:
        return "0", at + 1
    number = read_number(said, at)
    if number is None or number[0].is_ordinal or number[0].value > _MOST_NUMBER_WORD:
        return None
    return str(number[0].value), number[1]


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
