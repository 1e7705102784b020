"""What may come of looking for a value in the citizen's words."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

Kind = Literal[
    "date",
    "span",
    "money",
    "number",
    "ordinal",
    "plate",
    "address",
    "personal_code",
    "email",
    "phone",
    "iban",
    "name",
    "yes_no",
    "text",
]
"""What an input takes. Each kind has one canonical spelling, see `Found`."""

UnfitReason = Literal[
    "no_such_day",
    "past",
    "future",
    "too_early",
    "too_late",
    "checksum",
    "too_small",
    "too_large",
    "incomplete",
    "too_long",
    "ambiguous",
    "not_a_plate",
    "not_an_email",
    "not_a_phone",
]
"""Why a value that was said cannot be taken; each has a response `utter_unfit_<reason>`.

`past`: before today where only today and later will do; `too_early`, `too_late`: outside other limits of a date;
`future`: after today where only today and earlier will do. `incomplete`: a part is missing (digits, a house number);
`too_long`: more digits than there should be. `ambiguous`: two answers at once.
"""

UNFIT_REASONS: frozenset[UnfitReason] = frozenset(get_args(UnfitReason))
"""All reasons."""


@dataclass(frozen=True)
class Found:
    """A value, and where in the text it stands.

    Attributes:
        value: date `2027-05-05`, span `2027-05-01/2027-05-10`, ordinal `2` or `last`, money `80.00`, number `3`, plate
            `123ABC`, address `Pikk 5-3, Tallinn`, personal code `60001019906`, e-mail `mary@example.com`, phone
            `+3725551234`, IBAN `EE382200221020145685`, yes_no `yes` or `no`.
        start: index of its first character.
        end: index after its last character.
        is_whole: nothing but fillers ("it is", "umm", "please") stands beside it.
    """

    value: str
    start: int
    end: int
    is_whole: bool


@dataclass(frozen=True)
class Unfit:
    """A value was said, but it cannot be taken."""

    reason: UnfitReason


@dataclass(frozen=True)
class Limits:
    """The bounds of a value, inclusive: days from today for a date, the amount for money and numbers."""

    at_least: Decimal | None = None
    at_most: Decimal | None = None


NO_LIMITS = Limits()
"""Anything goes."""
