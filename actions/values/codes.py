"""Personal codes and phone numbers: runs of digits."""

from collections.abc import Iterator

from actions.values.candidates import Candidate
from actions.values.found import Unfit
from actions.values.spelling import DigitRun, read_digits
from actions.values.utterance import Utterance
from assistant.core.personal_code import is_personal_code

_CODE_DIGITS = 11
_FEWEST_DIGITS = 3
_ESTONIA = "372"
_FIRST_DIGITS = "345678"  # of Estonian numbers, by the numbering plan
_LOCAL_DIGITS = (7, 8)
_ABROAD_DIGITS = range(8, 16)  # E.164 allows fifteen


def find_personal_codes(said: Utterance) -> Iterator[Candidate]:
    """Estonian personal codes whose check digit holds."""
    for run, first, end in said.each(read_digits):
        if run.has_plus or len(run.digits) < _FEWEST_DIGITS:
            continue
        if len(run.digits) == _CODE_DIGITS:
            fits = is_personal_code(run.digits)
            yield Candidate(run.digits if fits else Unfit("checksum"), first, end)
        else:
            is_short = len(run.digits) < _CODE_DIGITS
            yield Candidate(Unfit("incomplete" if is_short else "too_long"), first, end, needs_whole=True)


def find_phones(said: Utterance) -> Iterator[Candidate]:
    """Phone numbers such as `+3725551234`; without a country they are Estonian."""
    has_noun = any(word in said.table.phone_nouns for word in said.words)
    for run, first, end in said.each(read_digits):
        if len(run.digits) >= _FEWEST_DIGITS:
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
