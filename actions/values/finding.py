"""Finds a value of a kind in what the citizen typed or said."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from actions.values.addresses import amend_address, find_address
from actions.values.amounts import find_money, find_numbers
from actions.values.answers import find_name, find_text, find_yes_no
from actions.values.candidates import Candidate, decide
from actions.values.codes import find_ibans, find_personal_codes, find_phones
from actions.values.dates import find_dates
from actions.values.emails import find_emails
from actions.values.found import NO_LIMITS, Found, Kind, Limits, Unfit
from actions.values.ordinals import find_ordinals
from actions.values.plates import find_plates
from actions.values.spans import find_spans
from actions.values.utterance import Utterance
from actions.values.words import WORDS
from assistant.core.languages import Language

_LONGEST = 2000  # characters; nobody says or types more in an answer


def find_value(
    kind: Kind,
    text: str,
    language: Language,
    *,
    today: date,
    limits: Limits = NO_LIMITS,
    corrected: str | None = None,
) -> Found | Unfit | None:
    """The value of that kind in the text; None if there is nothing of that kind.

    Whole requests may be given for a date, money, plate, personal code, e-mail or phone; the other kinds take what the
    text says for an answer, so ask them only about answers. `corrected` is the value that a new one takes the place of:
    "no, the sixth" of the same month.
    """
    table = WORDS[language]
    text = text[:_LONGEST]
    dropped = Utterance.of(text, table, dropped=table.hesitations)
    if kind == "address" and corrected and (amended := amend_address(dropped, corrected)):
        return amended
    if answer := _ANSWERS.get(kind):
        return answer(dropped)
    if kind == "date" and corrected:
        return decide(dropped, find_dates(dropped, today, limits, _day(corrected)))
    if kind not in _SPELLED:
        return decide(dropped, _READERS[kind](dropped, today, limits))
    everything = Utterance.of(text, table)
    found = decide(everything, _READERS[kind](everything, today, limits))
    return found if isinstance(found, Found) else decide(dropped, _READERS[kind](dropped, today, limits))


def _day(iso: str) -> date | None:
    """The day of a date, or of a moment, as a register may tell it."""
    try:
        return date.fromisoformat(iso[:10])
    except ValueError:
        return None


def names_month(text: str, language: Language) -> bool:
    """Whether a month is named, so that a number beside it is one of its days."""
    table = WORDS[language]
    return any(word in table.months for word in Utterance.of(text[:_LONGEST], table).words)


_ANSWERS: Mapping[Kind, Callable[[Utterance], Found | Unfit | None]] = {
    "address": find_address,
    "name": find_name,
    "text": find_text,
}

_READERS: Mapping[Kind, Callable[[Utterance, date, Limits], Iterable[Candidate]]] = {
    "date": find_dates,
    "span": find_spans,
    "money": lambda said, _, limits: find_money(said, limits),
    "number": lambda said, _, limits: find_numbers(said, limits),
    "ordinal": lambda said, *_: find_ordinals(said),
    "plate": lambda said, *_: find_plates(said),
    "personal_code": lambda said, *_: find_personal_codes(said),
    "email": lambda said, *_: find_emails(said),
    "iban": lambda said, *_: find_ibans(said),
    "phone": lambda said, *_: find_phones(said),
    "yes_no": lambda said, *_: find_yes_no(said),
}

_SPELLED = frozenset({"plate", "email", "iban"})
"""Where a hesitation may be a letter (`ee`): such words are dropped only if it does not work with them."""
