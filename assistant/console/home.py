"""The first page: what waits to be done."""

import asyncio

from fastapi import APIRouter
from starlette.responses import Response

from assistant.console.access import Reader
from assistant.console.pages import page
from assistant.console.parts import Parts

MOST_GROUPS = 5

router = APIRouter()


@router.get("/")
async def show(me: Reader, parts: Parts) -> Response:
    """What citizens asked in vain, most of them first, and what is being changed."""
    groups = await parts.inbox.page(None, None, 0, MOST_GROUPS)
    drafts = await asyncio.to_thread(parts.drafts.all)
    return page("home.html", title="Today", me=me, groups=groups, drafts=drafts)


@router.get("/healthz")
async def live() -> dict[str, str]:
    """Tell that the process answers."""
    return {"status": "ok"}
