"""Insight: what was asked, and what came of it."""

import csv
import io
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from assistant.console.access import Reader
from assistant.console.pages import page
from assistant.console.parts import Parts
from assistant.core.turn_counts import Tally, fit_for_all, tallies

Days = Annotated[int, Query(ge=1, le=400)]
By = Literal["intent", "language", "channel"]
KINDS: tuple[By, ...] = ("intent", "language", "channel")
WEEK, MONTH, YEAR = 7, 28, 365

router = APIRouter(prefix="/insight")


@router.get("")
async def show(me: Reader, parts: Parts, days: Days = WEEK) -> Response:
    """Turns by intent, language and channel."""
    counted = await parts.counted_turns.since(days)
    tables = {by: tallies(counted, by) for by in KINDS}
    return page("insight.html", title="Insight", me=me, tables=tables, days=days, periods=(WEEK, MONTH, YEAR))


@router.get("/{by}.csv")
async def hand_out(_: Reader, parts: Parts, by: By, days: Days = WEEK) -> Response:
    """The same as open data: small numbers are left out."""
    rows = fit_for_all(tallies(await parts.counted_turns.since(days), by))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(Tally.__dataclass_fields__))
    writer.writeheader()
    writer.writerows(rows)
    headers = {"Content-Disposition": f'attachment; filename="kratt-{by}-{days}-days.csv"'}
    return Response(out.getvalue(), headers=headers, media_type="text/csv; charset=utf-8")
