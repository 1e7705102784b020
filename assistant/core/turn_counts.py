"""How many turns ended how, day by day: of nobody in particular."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.core.small_numbers import is_small, rows_for_all


@dataclass(frozen=True)
class TurnKind:
    """What turns are told apart by; `intent` is empty where none was found."""

    channel: str
    language: str
    intent: str
    outcome: str


@dataclass(frozen=True)
class Tally:
    """How often something was asked, and what came of it."""

    name: str
    asked: int = 0
    answered: int = 0
    unanswered: int = 0
    handed_over: int = 0
    failed: int = 0


class TurnCounts(Protocol):
    """Counts turns; a turn waits for nothing."""

    def count(self, kind: TurnKind) -> None:
        """One more of these."""


class CountedTurns(Protocol):
    """What was counted."""

    async def since(self, days: int) -> dict[TurnKind, int]:
        """How many there were of each kind on the last `days` days."""


_COLUMNS = {"unanswerable": "unanswered", "handed": "handed_over", "failed": "failed"}
"""By the first word of an outcome; every other turn was answered, or goes on with a question."""


def tallies(counted: dict[TurnKind, int], by: str) -> tuple[Tally, ...]:
    """The turns of each intent, language or channel (`by`), the most frequent first."""
    found: dict[str, dict[str, int]] = {}
    for kind, number in counted.items():
        name = getattr(kind, by)
        row = found.setdefault(name, dict.fromkeys(("asked", "answered", "unanswered", "handed_over", "failed"), 0))
        row["asked"] += number
        row[_COLUMNS.get(kind.outcome.partition("_")[0], "answered")] += number
    rows = (Tally(name, **row) for name, row in found.items())
    return tuple(sorted(rows, key=lambda each: (-each.asked, each.name)))


def fit_for_all(rows: Sequence[Tally]) -> tuple[dict[str, str], ...]:
    """The same for the public: small numbers are left out, those from which they could be reckoned, too."""
    told = []
    for row in rows_for_all(rows):
        is_part_small = is_small(row.answered, row.unanswered, row.handed_over, row.failed)
        told.append(
            {
                name: str(value) if name in {"name", "asked"} or not is_part_small else ""
                for name, value in vars(row).items()
            }
        )
    return tuple(told)
