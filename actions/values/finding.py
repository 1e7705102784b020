"""Finds a value of a kind in what the citizen typed or said."""

from datetime import date

from actions.values.addresses import find_address
from actions.values.amounts import find_money, find_numbers
from actions.values.answers import find_name, find_text, find_yes_no
from actions.values.candidates import decide
from actions.values.codes import find_personal_codes, find_phones
from actions.values.dates import find_dates
from actions.values.emails import find_emails
from actions.values.found import NO_LIMITS, Found, Kind, Limits, Unfit
from actions.values.plates import find_plates
from actions.values.utterance import Utterance
from actions.values.words import WORDS
from assistant.core.languages import Language

_LONGEST = 2000  # characters; nobody says or types more in an answer


def find_value(
    kind: Kind, text: str, language: Language, *, today: date, limits: Limits = NO_LIMITS
) -> Found | Unfit | None:
    """The value of that kind in the text; None if there is nothing of that kind.

    Whole requests may be given for a date, money, plate, personal code, e-mail or phone; the other kinds take what the
    text says for an answer, so ask them only about answers.
    """
    table = WORDS[language]
    said = Utterance.of(text[:_LONGEST], table, dropped=table.hesitations)
    match kind:
        case "address":
            return find_address(said)
        case "name":
            return find_name(said)
        case "text":
            return find_text(said)
        case "date":
            return decide(said, find_dates(said, today, limits))
        case "money":
            return decide(said, find_money(said, limits))
        case "number":
            return decide(said, find_numbers(said, limits))
        case _:
            return _find_spelled(kind, text[:_LONGEST], said)


_READERS = {
    "plate": find_plates,
    "personal_code": find_personal_codes,
    "email": find_emails,
    "phone": find_phones,
    "yes_no": find_yes_no,
}


def _find_spelled(kind: Kind, text: str, said: Utterance) -> Found | Unfit | None:
    """What is spelled; a hesitation may be a letter there (`ee`), so words are dropped only if it does not work with them."""
    read = _READERS[kind]
    everything = Utterance.of(text, said.table)
    first = decide(everything, read(everything))
    return first if isinstance(first, Found) or len(everything) == len(said) else decide(said, read(said))
