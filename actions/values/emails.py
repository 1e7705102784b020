"""E-mail addresses, typed or said: `mary dot smith at example dot com`."""

import re
from collections.abc import Iterator

from actions.values.candidates import Candidate
from actions.values.found import Unfit
from actions.values.spelling import read_one_digit_piece
from actions.values.utterance import Step, Utterance
from actions.values.words.transliteration import latin

_TYPED = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_%+-])?@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,6}\.[A-Za-z]{2,63}"
)
_WHOLE = re.compile(r"[a-z0-9][a-z0-9._+-]{0,63}@[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,}")
_MOST_PIECES = 24


def find_emails(said: Utterance) -> Iterator[Candidate]:
    """E-mail addresses in lower case."""
    found = False
    for match in _TYPED.finditer(said.text):
        found = True
        first = said.index_at(match.start(), 0)
        yield Candidate(match.group().lower(), first, said.index_at(match.end(), first))
    if found:
        return
    for at in range(len(said)):
        if said.words[at] in said.table.at_signs and (spoken := _around(said, at)):
            yield spoken
            return
    if "@" in said.words:
        yield Candidate(Unfit("not_an_email"), 0, len(said))


def _around(said: Utterance, at: int) -> Candidate | None:
    domain = _domain(said, at + 1)
    if domain is None:
        return None
    name, first = _name(said, at)
    value = f"{name}@{domain[0]}"
    return Candidate(value, first, domain[1]) if _WHOLE.fullmatch(value) else None


def _sign(said: Utterance, at: int) -> str | None:
    word, table = said.word(at), said.table
    if word in table.dots:
        return "."
    if word in table.underscores:
        return "_"
    return "-" if word in table.dashes else None


def _piece(said: Utterance, at: int) -> Step[str] | None:
    """A word, digits or a letter of an address."""
    if _sign(said, at):
        return None
    if len(said.word(at)) == 1 and said.word(at).isalpha():
        return _letters(said, at), at + 1
    if digits := read_one_digit_piece(said, at):
        return digits
    word = said.word(at)
    if not word or not word[0].isalnum():
        return None
    return _letters(said, at), at + 1


def _letters(said: Utterance, at: int) -> str:
    word = said.words[at]
    letter = said.table.letters.get(word)
    return letter.lower() if letter and not word.isascii() and len(word) <= 2 else latin(word)


def _name(said: Utterance, at: int) -> tuple[str, int]:
    """The part before the sign at `at`, read backwards: signs join words, and single characters join by themselves."""
    first = at
    while first > 0 and at - first < _MOST_PIECES:
        if first == at or _sign(said, first) or _sign(said, first - 1) or _joins(said, first - 1, first):
            first -= 1
        else:
            break
    while first < at and _sign(said, first):
        first += 1
    name, index = "", first
    while index < at:
        if sign := _sign(said, index):
            name, index = name + sign, index + 1
        elif (piece := _piece(said, index)) and piece[1] <= at:
            name, index = name + piece[0], piece[1]
        else:
            return "", first
    return name, first


def _joins(said: Utterance, left: int, right: int) -> bool:
    """Whether two words next to each other are one: letters and digits are said one by one."""
    if said.words[left] in said.table.fillers and not (len(said.words[left]) == 1 and _is_single(said, right)):
        return False
    return _is_single(said, left) or _is_single(said, right)


def _is_single(said: Utterance, at: int) -> bool:
    return len(said.words[at]) == 1 or read_one_digit_piece(said, at) is not None


def _domain(said: Utterance, at: int) -> Step[str] | None:
    """Labels joined by dots; the last ends the address."""
    labels: list[str] = []
    index = at
    while len(labels) < 6:
        label, index = _label(said, index, is_after_dot=bool(labels))
        if not label:
            return None
        labels.append(label)
        if said.word(index) not in said.table.dots or _piece(said, index + 1) is None:
            break
        index += 1
    return (".".join(labels), index) if len(labels) > 1 else None


def _label(said: Utterance, at: int, *, is_after_dot: bool) -> tuple[str, int]:
    label, index = "", at
    while index - at < _MOST_PIECES and (piece := _piece(said, index)):
        if label and is_after_dot and not (len(label) == 1 and len(said.words[index]) == 1):
            break
        label, index = label + piece[0], piece[1]
        if said.word(index) in said.table.dashes and _piece(said, index + 1):
            label, index = label + "-", index + 1
    return label, index
