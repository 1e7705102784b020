"""Finds a value of a kind in what the citizen typed or said."""

from datetime import date

from actions.values.found import NO_LIMITS, Found, Kind, Limits, Unfit
from assistant.core.languages import Language


def find_value(
    kind: Kind, text: str, language: Language, *, today: date, limits: Limits = NO_LIMITS
) -> Found | Unfit | None:
    """The value of that kind in the text; None if there is nothing of that kind.

    Whole requests may be given for a date, money, plate, personal code, e-mail or phone; the other kinds take what the
    text says for an answer, so ask them only about answers.
    """
    raise NotImplementedError
