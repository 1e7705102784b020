"""Personal codes, phone and account numbers: runs of digits."""

import re
from collections.abc import Callable, Iterator

from actions.values.candidates import Candidate
from actions.values.found import Unfit
from actions.values.spelling import DigitRun, guess_digits, read_digits
from actions.values.utterance import Step, Utterance
from assistant.core.personal_code import is_personal_code

_CODE_DIGITS = 11
_FEWEST_DIGITS = 3
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_ESTONIA = "372"
_IBAN_DIGITS = 18
_FOREIGN_IBAN = re.compile("(?<![A-Z0-9])(?!EE)[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}(?![A-Z0-9])", re.ASCII)
_FIRST_DIGITS = "345678"  # of Estonian numbers, by the numbering plan
_LOCAL_DIGITS = (7, 8)
_ABROAD_DIGITS = range(8, 16)  # E.164 allows fifteen


def find_personal_codes(said: Utterance) -> Iterator[Candidate]:
    """Estonian personal codes whose check digit holds."""
    return _read_or_guessed(said, _personal_codes)


def find_ibans(said: Utterance) -> Iterator[Candidate]:
    """Account numbers whose check digits hold: Estonian ones said or typed, foreign ones typed as one word."""
    for match in _FOREIGN_IBAN.finditer(said.text.upper() if said.text.isascii() else said.text):
        first = said.index_at(match.start(), 0)
        value = match.group() if _is_iban(match.group()) else Unfit("checksum")
        yield Candidate(value, first, said.index_at(match.end(), first))
    yield from _read_or_guessed(said, _estonian_ibans)


ReadRun = Callable[[Utterance, int], Step[DigitRun] | None]


def _read_or_guessed(said: Utterance, find: Callable[[Utterance, ReadRun], Iterator[Candidate]]) -> Iterator[Candidate]:
    """What is found by digits alone or, if no check digit holds, with words that sound like them ("for", "ate")."""
    strict = list(find(said, read_digits))
    if any(isinstance(each.value, str) for each in strict):
        yield from strict
        return
    guessed = [each for each in find(said, guess_digits) if isinstance(each.value, str)]
    yield from guessed or strict


def _personal_codes(said: Utterance, read: ReadRun) -> Iterator[Candidate]:
    for run, first, end in said.each(read):
        if run.has_plus or len(run.digits) < _FEWEST_DIGITS:
            continue
        if len(run.digits) == _CODE_DIGITS:
            fits = is_personal_code(run.digits)
            yield Candidate(run.digits if fits else Unfit("checksum"), first, end)
        elif not _is_phone(said, run):
            is_short = len(run.digits) < _CODE_DIGITS
            yield Candidate(Unfit("incomplete" if is_short else "too_long"), first, end, needs_whole=True)


def _estonian_ibans(said: Utterance, read: ReadRun) -> Iterator[Candidate]:
    for run, first, end in said.each(read):
        country = _before_digits(said, first)
        if len(run.digits) == _IBAN_DIGITS:
            value = f"EE{run.digits}"
            yield Candidate(value if _is_iban(value) else Unfit("checksum"), country, end)
        elif country < first and len(run.digits) >= _FEWEST_DIGITS:
            is_short = len(run.digits) < _IBAN_DIGITS
            yield Candidate(Unfit("incomplete" if is_short else "too_long"), country, end, needs_whole=True)


def _before_digits(said: Utterance, first: int) -> int:
    """Where the EE begins that stands before the digits, written or said as two letters; a comma may follow."""
    begin = first - (said.word(first - 1) == ",")
    while begin > 0 and (said.words[begin - 1] == "ee" or said.table.letters.get(said.word(begin - 1)) == "E"):
        begin -= 1
    return first if said.word(begin) == "," else begin


def _is_iban(value: str) -> bool:
    """By ISO 13616: letters count from ten, the remainder by 97 is one."""
    moved = value[4:] + value[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def _is_phone(said: Utterance, run: DigitRun) -> bool:
    nouns = said.table.phone_nouns - said.table.plate_nouns  # "number" may be any
    return len(run.digits) in _LOCAL_DIGITS and any(word in nouns for word in said.words)


def find_phones(said: Utterance) -> Iterator[Candidate]:
    """Phone numbers such as `+3725551234`; without a country they are Estonian."""
    has_noun = any(word.removesuffix("'s") in said.table.phone_nouns for word in said.words)
    for run, first, end in said.each(read_digits):
        if len(run.digits) >= _FEWEST_DIGITS and not _YEAR.fullmatch(said.words[first]):
            value = _phone(run)
            is_sure = not isinstance(value, Unfit) and (run.has_plus or has_noun)
            yield Candidate(value, first, end, needs_whole=not is_sure)


def _phone(run: DigitRun) -> str | Unfit:
    digits = run.digits
    if digits.startswith("00"):
        return _with_country(digits[2:])
    if run.has_plus:
        return _with_country(digits)
    if digits.startswith(_ESTONIA) and len(digits) - len(_ESTONIA) in _LOCAL_DIGITS:
        return _with_country(digits)
    return _with_country(_ESTONIA + digits)


def _with_country(digits: str) -> str | Unfit:
    if digits.startswith(_ESTONIA):
        local = digits.removeprefix(_ESTONIA)
        if len(local) not in _LOCAL_DIGITS:
            return Unfit("incomplete" if len(local) < min(_LOCAL_DIGITS) else "too_long")
        return f"+{digits}" if local[0] in _FIRST_DIGITS else Unfit("not_a_phone")
    if len(digits) not in _ABROAD_DIGITS:
        return Unfit("incomplete" if len(digits) < _ABROAD_DIGITS.start else "too_long")
    return f"+{digits}"
