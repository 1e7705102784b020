"""Bank accounts: IBANs (ISO 13616), typed or spelled; of Estonian ones the country may be left out."""

import re
from collections.abc import Iterator

from actions.values.candidates import Candidate
from actions.values.found import Unfit
from actions.values.spelling import read_digits, read_letter, read_letters_together
from actions.values.utterance import Step, Utterance

_ESTONIA = "EE"
_ESTONIAN_DIGITS = 18
_FEWEST_DIGITS = 12
_LENGTHS = range(15, 35)
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


def find_ibans(said: Utterance) -> Iterator[Candidate]:
    """IBANs whose check digits hold, such as `EE471000001020145685`."""
    for account, first, end in said.each(_read_account):
        if len(account) - len(_ESTONIA) < _FEWEST_DIGITS:
            yield Candidate(Unfit("incomplete"), first, end, needs_whole=True)
        elif account.startswith(_ESTONIA) and len(account) != len(_ESTONIA) + _ESTONIAN_DIGITS:
            is_short = len(account) < len(_ESTONIA) + _ESTONIAN_DIGITS
            yield Candidate(Unfit("incomplete" if is_short else "too_long"), first, end)
        else:
            yield Candidate(account if is_iban(account) else Unfit("checksum"), first, end)


def is_iban(text: str) -> bool:
    """Whether the check digits hold: letters as numbers, the beginning moved to the end, modulo 97 is one."""
    if not _IBAN.fullmatch(text) or len(text) not in _LENGTHS:
        return False
    return int("".join(str(int(character, 36)) for character in text[4:] + text[:4])) % 97 == 1


def _read_account(said: Utterance, at: int) -> Step[str] | None:
    country, end = _read_country(said, at)
    run = read_digits(said, end)
    if run is None or run[0].has_plus:
        return None
    return (country or _ESTONIA) + run[0].digits, run[1]


def _read_country(said: Utterance, at: int) -> Step[str]:
    together = read_letters_together(said, at)
    if together and len(together[0]) == len(_ESTONIA):
        return together
    first = read_letter(said, at)
    second = read_letter(said, first[1]) if first else None
    return (first[0] + second[0], second[1]) if first and second else ("", at)
