"""Insight: what was asked, what came of it, and how it went on from day to day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from assistant.console.access import Reader
from assistant.console.csv_files import csv_file
from assistant.console.pages import page
from assistant.console.parts import Parts
from assistant.core.request_counts import (
    DAY,
    OPEN_COLUMNS,
    WEEK,
    By,
    RequestKind,
    monday_of,
    narrowed,
    open_data,
    request_tallies,
)
from assistant.core.turn_counts import Tally, fit_for_all, tallies

PERIODS = (7, 28, 364)
MOST_DAILY = 28
"""Longer periods are shown week by week."""
OPEN_WEEKS = 52

Days = Annotated[int, Query(ge=1, le=400)]
Filter = Annotated[str, Query(max_length=32)]
TurnsBy = Literal["intent", "language", "channel"]
KINDS: tuple[By, ...] = ("service", "language", "channel")
TURN_KINDS: tuple[TurnsBy, ...] = ("intent", "language", "channel")

router = APIRouter(prefix="/insight")


def today() -> date:
    """The day as it is counted."""
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class Period:
    """The last days up to `today`; a year of whole weeks begins on a Monday."""

    today: date
    days: int

    @property
    def step(self) -> timedelta:
        """How long each bar of a chart lasts."""
        return DAY if self.days <= MOST_DAILY else WEEK

    @property
    def first(self) -> date:
        """The first day."""
        first = self.today - (self.days - 1) * DAY
        return first if self.step == DAY else monday_of(first)

    @property
    def spans(self) -> tuple[date, ...]:
        """The day on which each bar of a chart begins."""
        return tuple(self.first + at * self.step for at in range((self.today - self.first) // self.step + 1))


async def _period(days: Days = PERIODS[0]) -> Period:
    return Period(today(), days)


ChosenPeriod = Annotated[Period, Depends(_period)]


def filters(kinds: Collection[RequestKind], period: Period, language: str, channel: str) -> dict[str, Any]:
    """What the form above a page of insight offers, and what is chosen in it; `kinds` are those that were counted."""
    return {
        "period": period,
        "periods": PERIODS,
        "language": language,
        "channel": channel,
        "languages": sorted({each.language for each in kinds}),
        "channels": sorted({each.channel for each in kinds}),
    }


@router.get("")
async def show(me: Reader, parts: Parts, period: ChosenPeriod, language: Filter = "", channel: Filter = "") -> Response:
    """Requests by service, language and channel, with how often they were made from day to day."""
    counts, first, last = parts.counted_requests, period.first, period.today
    everything = await counts.between(first, last, last - first + DAY)
    counted = narrowed(everything, language, channel)
    return page(
        "insight.html",
        title="Insight",
        me=me,
        tables={by: request_tallies(counted, by) for by in KINDS},
        series={by: await counts.asked(by, period.spans, last, language, channel) for by in KINDS},
        **filters({each.kind for each in everything}, period, language, channel),
    )


@router.get("/requests.csv")
async def hand_out_all(_: Reader, parts: Parts, period: ChosenPeriod) -> Response:
    """Everything that was counted, day by day: for the office, not for the public."""
    counted = await parts.counted_requests.between(period.first, period.today)
    rows = (
        {"day": each.day.isoformat(), **vars(each.kind), "what": each.what, "number": number}
        for each, number in sorted(counted.items(), key=lambda item: (item[0].day, str(item[0].kind), item[0].what))
    )
    columns = ("day", "service", "language", "channel", "what", "number")
    return csv_file(f"kratt-requests-{period.days}-days.csv", columns, rows)


@router.get("/requests/{by}.csv")
async def hand_out_open(_: Reader, parts: Parts, by: By) -> Response:
    """The whole weeks of the last year as open data: small numbers are left out."""
    this_week = monday_of(today())
    counted = await parts.counted_requests.between(this_week - OPEN_WEEKS * WEEK, this_week - DAY, WEEK)
    return csv_file(f"kratt-requests-by-{by}.csv", OPEN_COLUMNS, open_data(counted, by))


@router.get("/turns")
async def show_turns(me: Reader, parts: Parts, days: Days = PERIODS[0]) -> Response:
    """Turns by intent, language and channel."""
    counted = await parts.counted_turns.since(days)
    tables = {by: tallies(counted, by) for by in TURN_KINDS}
    return page("turns.html", title="Turns", me=me, tables=tables, days=days, periods=PERIODS)


@router.get("/turns/{by}.csv")
async def hand_out_turns(_: Reader, parts: Parts, by: TurnsBy, days: Days = PERIODS[0]) -> Response:
    """The same as open data: small numbers are left out."""
    rows = fit_for_all(tallies(await parts.counted_turns.since(days), by))
    return csv_file(f"kratt-turns-by-{by}-{days}-days.csv", tuple(Tally.__dataclass_fields__), rows)
