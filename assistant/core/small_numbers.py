"""Which numbers of citizens are not told in public, because they could be somebody."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

FEWEST_TOLD = 5
"""Smaller numbers are not told."""


class Asked(Protocol):
    """A row of a table: how often something was asked."""

    @property
    def asked(self) -> int:
        """How often."""


_Row = TypeVar("_Row", bound=Asked)


def is_small(*numbers: int) -> bool:
    """Whether one of these could be somebody; nobody is no secret."""
    return any(0 < number < FEWEST_TOLD for number in numbers)


def rows_for_all(rows: Sequence[_Row]) -> tuple[_Row, ...]:
    """Rows that may be told, in their order.

    Small ones are left out; where those together are small still, so that another table's total less the rows told
    would give them away, the smallest of the others, too.
    """
    told = [row for row in rows if row.asked >= FEWEST_TOLD]
    if told and is_small(sum(row.asked for row in rows) - sum(row.asked for row in told)):
        told.remove(min(told, key=lambda row: row.asked))
    return tuple(told)
