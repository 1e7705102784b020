"""When somebody answers: by weekday, without holidays, where the citizens are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assistant.core.calendar import CITIZENS_ZONE

_LOOKED_AHEAD_DAYS = 60


@dataclass(frozen=True)
class OpeningHours:
    """`week` has spans by weekday (Monday is 0), each from and up to a minute of the day.

    `holidays` are days of one year (`2027-03-26`), or of every year (`12-24`).
    """

    week: Mapping[int, Sequence[tuple[int, int]]]
    holidays: frozenset[str] = frozenset()

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody answers at a moment, which has a time zone."""
        local = moment.astimezone(CITIZENS_ZONE)
        minute = local.hour * 60 + local.minute
        return any(first <= minute < end for first, end in self._spans(local.date()))

    def next_day(self, moment: datetime) -> date | None:
        """The day on which somebody answers next: today, if they have not begun yet; None if nobody ever does."""
        local = moment.astimezone(CITIZENS_ZONE)
        minute, today = local.hour * 60 + local.minute, local.date()
        if any(end > minute for _, end in self._spans(today)):
            return today
        days = (today + timedelta(days=ahead) for ahead in range(1, _LOOKED_AHEAD_DAYS))
        return next((day for day in days if self._spans(day)), None)

    def written(self, day: date) -> str:
        """The hours of a day in digits, as every language writes them; empty if nobody answers on it."""
        return ", ".join(f"{_clock(first)}–{_clock(end)}" for first, end in self._spans(day))

    def _spans(self, day: date) -> Sequence[tuple[int, int]]:
        is_holiday = not self.holidays.isdisjoint({f"{day:%Y-%m-%d}", f"{day:%m-%d}"})
        return () if is_holiday else self.week.get(day.weekday(), ())


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"
