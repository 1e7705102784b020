"""Insight into forms: how far citizens get in them, and where they give up."""

import asyncio
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import Response

from assistant.console.access import Reader
from assistant.console.csv_files import csv_file
from assistant.console.insight import OPEN_WEEKS, ChosenPeriod, Filter, filters, today
from assistant.console.pages import page
from assistant.console.parts import Parts
from assistant.content.service_spec import read_services
from assistant.core.form_counts import OPEN_COLUMNS, form_tallies, narrowed_steps, open_steps
from assistant.core.request_counts import DAY, WEEK, monday_of

router = APIRouter(prefix="/insight/forms")


@router.get("")
async def show(me: Reader, parts: Parts, period: ChosenPeriod, language: Filter = "", channel: Filter = "") -> Response:
    """Each form with its steps: how many were asked, asked anew, answered, and gave up there."""
    first, last = period.first, period.today
    everything = await parts.counted_forms.between(first, last, last - first + DAY)
    orders = await asyncio.to_thread(_orders, parts.content)
    return page(
        "giving_up.html",
        title="Where citizens give up",
        me=me,
        forms=form_tallies(narrowed_steps(everything, language, channel), orders),
        **filters({each.kind for each in everything}, period, language, channel),
    )


@router.get("/all.csv")
async def hand_out_all(_: Reader, parts: Parts, period: ChosenPeriod) -> Response:
    """Everything that was counted, day by day: for the office, not for the public."""
    counted = await parts.counted_forms.between(period.first, period.today)
    rows = (
        {"day": each.day.isoformat(), **vars(each.kind), "step": each.step, "what": each.what, "number": number}
        for each, number in sorted(counted.items(), key=lambda item: (item[0].day, str(item[0])))
    )
    columns = ("day", "service", "language", "channel", "step", "what", "number")
    return csv_file(f"kratt-forms-{period.days}-days.csv", columns, rows)


@router.get("/open.csv")
async def hand_out_open(_: Reader, parts: Parts) -> Response:
    """The whole weeks of the last year as open data: forms with small numbers are left out."""
    this_week = monday_of(today())
    counted = await parts.counted_forms.between(this_week - OPEN_WEEKS * WEEK, this_week - DAY, WEEK)
    orders = await asyncio.to_thread(_orders, parts.content)
    return csv_file("kratt-forms.csv", OPEN_COLUMNS, open_steps(counted, orders))


def _orders(content: Path) -> dict[str, tuple[str, ...]]:
    """The inputs of each service in the order in which they are asked."""
    files = sorted(content.glob("services/*/service.yml"))
    return _orders_of(content, tuple((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=4)
def _orders_of(content: Path, _: tuple[tuple[Path, int], ...]) -> dict[str, tuple[str, ...]]:
    """The same, read anew when a file has changed."""
    return {each.service: tuple(entry.slot for entry in each.inputs) for each in read_services(content)}
