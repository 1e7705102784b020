"""A page a week for each institution: how its services did, to be read and printed."""

import asyncio
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi import Path as InPath
from starlette.responses import Response

from assistant.console.access import Reader
from assistant.console.insight import today
from assistant.console.pages import page
from assistant.console.parts import Parts
from assistant.content.service_spec import Service, read_services
from assistant.core.languages import Language
from assistant.core.request_counts import (
    DAY,
    WEEK,
    By,
    RequestTally,
    monday_of,
    narrowed,
    request_tallies,
)

WEEKS_SHOWN = 12
OWN_KINDS: tuple[By, ...] = ("language", "channel")

router = APIRouter(prefix="/insight/owners")

Code = Annotated[str, InPath(pattern=r"^\d{8}$")]
Week = Annotated[str, Query(pattern=r"^(\d{4}-W\d{2})?$")]


@dataclass(frozen=True)
class Owner:
    """An institution, and the titles of its services by their names."""

    code: str
    name: str
    services: dict[str, str]


@router.get("")
async def show_all(me: Reader, parts: Parts) -> Response:
    """Every institution that answers for a service."""
    owners = await asyncio.to_thread(_owners, parts.content)
    return page("owners.html", title="Institutions", me=me, owners=owners.values())


@router.get("/{code}")
async def show(me: Reader, parts: Parts, code: Code, week: Week = "") -> Response:
    """How an institution's services did in a week, and in those before it; by default the last whole one."""
    owner = (await asyncio.to_thread(_owners, parts.content)).get(code)
    if owner is None:
        raise HTTPException(404)
    monday = _monday(week) if week else monday_of(today()) - WEEK
    spans = tuple(monday - at * WEEK for at in reversed(range(WEEKS_SHOWN)))
    sunday = monday + WEEK - DAY
    of_week = narrowed(await parts.counted_requests.between(monday, sunday, WEEK), services=tuple(owner.services))
    asked = await parts.counted_requests.asked("service", spans, sunday)
    rows = {row.name: row for row in request_tallies(of_week, "service")}
    return page(
        "owner.html",
        title=f"{owner.name}, week {monday.isocalendar().week}",
        me=me,
        owner=owner,
        rows=[rows.get(service, RequestTally(service)) for service in owner.services],
        series={service: numbers for service, numbers in asked.items() if service in owner.services},
        tables={by: request_tallies(of_week, by) for by in OWN_KINDS},
        monday=monday,
        sunday=sunday,
        before=_week_name(monday - WEEK),
        after=_week_name(monday + WEEK) if monday + WEEK <= today() else "",
    )


def _monday(week: str) -> date:
    try:
        return date.fromisocalendar(int(week[:4]), int(week[6:]), 1)
    except ValueError:
        raise HTTPException(404) from None


def _week_name(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def _owners(content: Path) -> dict[str, Owner]:
    files = sorted(content.glob("services/*/service.yml"))
    return _owners_of(content, tuple((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=4)
def _owners_of(content: Path, _: tuple[tuple[Path, int], ...]) -> dict[str, Owner]:
    """By code, in the order of their names; read anew when a file has changed."""
    by_code: dict[str, list[Service]] = {}
    for service in read_services(content):
        by_code.setdefault(service.owner.code, []).append(service)
    owners = (
        Owner(
            code,
            services[0].owner.institution[Language.EN],
            {each.service: each.title[Language.EN] for each in services},
        )
        for code, services in by_code.items()
    )
    return {owner.code: owner for owner in sorted(owners, key=lambda each: each.name)}
