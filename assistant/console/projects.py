"""Projects of Rasa and Bürokratt come into a draft, with a report of what does not map."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from assistant.console.access import Reader, Teacher
from assistant.console.drafts import OpenDraft, save
from assistant.console.pages import page
from assistant.content.exchange.adding import Added, add_project
from assistant.content.exchange.source import read_zip
from assistant.core.languages import Language, parse_language
from assistant.intake import read_body

MOST_PACKED_BYTES = 10_000_000
MOST_BYTES = 30_000_000
"""Of all files, unpacked: examples are words, and nobody has so many."""
MOST_FINDINGS = 500

router = APIRouter(prefix="/drafts/{name}/project")


@router.get("")
async def show(me: Reader, draft: OpenDraft) -> Response:
    """Where a project comes in."""
    return page("project.html", title="A project of Rasa", me=me, draft=draft, added=None, languages=list(Language))


@router.post("/file")
async def take_file(
    me: Teacher,
    draft: OpenDraft,
    request: Request,
    file: Annotated[str, Query(max_length=200)] = "the project",
    language: Annotated[str, Query(max_length=8)] = "",
) -> Response:
    """Take what maps of a zip, which is the body as it is; all else is told with file and line."""
    spoken = parse_language(language) if language else None
    data = await read_body(request, MOST_PACKED_BYTES)
    source = await asyncio.to_thread(read_zip, data, file, MOST_BYTES)
    added: list[Added] = []
    await save(draft, lambda files: added.append(add_project(files, source, spoken)), me, f"The project {file}")
    return page(
        "project.html",
        title="A project of Rasa",
        me=me,
        draft=draft,
        added=added[-1],
        most=MOST_FINDINGS,
        languages=list(Language),
    )
