"""What came of citizens' requests, service by service and day by day: of nobody in particular.

A request begins when somebody asks for a service, and may take several turns; what Kratt did not understand is a
request for no service.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Literal, Protocol

from assistant.core.feedback import GRADES
from assistant.core.publishing import grade
from assistant.core.small_numbers import is_small, rows_for_all

NO_SERVICE = ""
DAY = timedelta(days=1)
WEEK = timedelta(days=7)

By = Literal["service", "language", "channel"]


@dataclass(frozen=True)
class RequestKind:
    """What requests are told apart by."""

    service: str
    language: str
    channel: str


class Came(str, Enum):
    """What can come of a request; beside it stand grades, as `grade` names them."""

    ASKED = "asked"
    MISTAKEN = "mistaken"  # not understood, or its citizen said "no", corrected it, or wanted a person at once
    SOLVED = "solved"
    HANDED_OVER = "handed_over"
    FAILED = "failed"


@dataclass(frozen=True)
class Happened:
    """Something that came of requests of a kind on a day (UTC), or in a span that begins with it."""

    day: date
    kind: RequestKind
    what: str


Counted = Mapping[Happened, int]


class RequestCounts(Protocol):
    """Counts requests; a turn waits for nothing."""

    def count(self, kind: RequestKind, what: str) -> None:
        """One more of these."""


class CountedRequests(Protocol):
    """What was counted."""

    async def between(self, first: date, last: date, step: timedelta = DAY, what: str = "") -> Counted:
        """What happened from the first day to the last, both included, in spans of `step`; only `what`, if said."""

    async def asked(
        self, by: By, spans: Sequence[date], last: date, language: str = "", channel: str = ""
    ) -> Mapping[str, tuple[int, ...]]:
        """How often each was asked for in each of the equal spans that begin on these days, the last day included."""


@dataclass(frozen=True)
class RequestTally:
    """How often something was asked for, what came of it, and how many citizens gave it which grade, from 1 up."""

    name: str
    asked: int = 0
    understood: int = 0
    solved: int = 0
    handed_over: int = 0
    failed: int = 0
    grades: tuple[int, ...] = (0,) * len(GRADES)

    @property
    def rated(self) -> int:
        """How many gave a grade."""
        return sum(self.grades)

    @property
    def mean_grade(self) -> float | None:
        """What they gave on the mean; None if nobody did."""
        return sum(map(int.__mul__, GRADES, self.grades)) / self.rated if self.rated else None


def request_tallies(counted: Counted, by: By) -> tuple[RequestTally, ...]:
    """The requests of each service, language or channel, the most frequent first."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for each, number in counted.items():
        found[getattr(each.kind, by)][each.what] += number
    rows = (
        RequestTally(
            name,
            asked=of[Came.ASKED],
            understood=max(0, of[Came.ASKED] - of[Came.MISTAKEN]),  # one asked yesterday may be mistaken today
            solved=of[Came.SOLVED],
            handed_over=of[Came.HANDED_OVER],
            failed=of[Came.FAILED],
            grades=tuple(of[grade(number)] for number in GRADES),
        )
        for name, of in found.items()
    )
    return tuple(sorted(rows, key=lambda each: (-each.asked, each.name)))


def narrowed(counted: Counted, language: str = "", channel: str = "", services: Sequence[str] | None = None) -> Counted:
    """What happened in a language, on a channel, or with some services; all, where nothing is said."""
    return {
        each: number
        for each, number in counted.items()
        if (not language or each.kind.language == language)
        and (not channel or each.kind.channel == channel)
        and (services is None or each.kind.service in services)
    }


def monday_of(day: date) -> date:
    """The day on which its week begins."""
    return day - timedelta(days=day.weekday())


OPEN_COLUMNS = ("week", "name", "asked", "understood", "solved", "handed_over", "failed", "rated", "mean_grade")


def open_data(counted: Counted, by: By) -> tuple[dict[str, str], ...]:
    """The same for the public, week by week: small numbers are left out, those they could be reckoned from, too.

    Weeks do not overlap, so that no number follows from two of them.
    """
    weeks: dict[date, dict[Happened, int]] = defaultdict(dict)
    for each, number in counted.items():
        weeks[monday_of(each.day)][each] = number
    return tuple(
        _open_row(monday, row)
        for monday, of_week in sorted(weeks.items())
        for row in rows_for_all(request_tallies(of_week, by))
    )


def _open_row(monday: date, row: RequestTally) -> dict[str, str]:
    shares = (row.understood, row.solved, row.handed_over, row.failed)
    is_hidden = is_small(*shares, row.asked - row.understood, row.asked - row.solved)
    parts = dict(zip(OPEN_COLUMNS[3:7], ("" if is_hidden else str(share) for share in shares), strict=True))
    mean = "" if row.mean_grade is None or is_small(row.rated) else f"{row.mean_grade:.1f}"
    rated = "" if is_small(row.rated) else str(row.rated)
    year, week, _ = monday.isocalendar()
    return {
        "week": f"{year}-W{week:02}",
        "name": row.name,
        "asked": str(row.asked),
        **parts,
        "rated": rated,
        "mean_grade": mean,
    }
