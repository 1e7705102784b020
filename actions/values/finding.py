"""Finds a value of a kind in what the citizen typed or said."""

from datetime import date

from actions.values.candidates import decide
from actions.values.dates import find_dates
from actions.values.found import NO_LIMITS, Found, Kind, Limits, Unfit
from actions.values.utterance import Utterance
from actions.values.words import WORDS
from assistant.core.languages import Language


def find_value(
    kind: Kind, text: str, language: Language, *, today: date, limits: Limits = NO_LIMITS
) -> Found | Unfit | None:
    """The value of that kind in the text; None if there is nothing of that kind.

    Whole requests may be given for a date, money, plate, personal code, e-mail or phone; the other kinds take what the
    text says for an answer, so ask them only about answers.
    """
    table = WORDS[language]
    said = Utterance.of(text, table, dropped=table.hesitations)
    return decide(said, find_dates(said, today, limits))
