"""Examples and answers as tables: out to a spreadsheet, and in again."""

import asyncio
from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.console.access import Reader, Teacher
from assistant.console.drafts import OpenDraft, save
from assistant.console.forms import Sent
from assistant.console.pages import page
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.draft import Draft
from assistant.content.editing.spreadsheets import MOST_BYTES, read_rows, write_csv, write_xlsx
from assistant.content.editing.tables import TableReport, add_rows, examples_table, responses_table
from assistant.core.editors import Editor
from assistant.intake import read_body

_TABLES = {"examples": examples_table, "responses": responses_table}
_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

router = APIRouter(prefix="/drafts/{name}")


@router.get("/tables")
async def show(me: Reader, draft: OpenDraft) -> Response:
    """Where tables go out and come in."""
    return page("tables.html", title="Spreadsheets", me=me, draft=draft, report=None)


@router.get("/tables/{kind}.{form}")
async def hand_out(
    _: Reader, draft: OpenDraft, kind: Literal["examples", "responses"], form: Literal["csv", "xlsx"]
) -> Response:
    """A table as a file."""
    table = await asyncio.to_thread(lambda: _TABLES[kind](ContentFiles(draft.folder)))
    body = await asyncio.to_thread(lambda: write_csv(table) if form == "csv" else write_xlsx([table]))
    return Response(
        body,
        headers={"Content-Disposition": f'attachment; filename="{draft.name}-{kind}.{form}"'},
        media_type=_TYPES[form],
    )


@router.post("/tables")
async def take_in(me: Teacher, draft: OpenDraft, form: Sent) -> Response:
    """Take rows that were pasted; what cannot be used is named, row by row."""
    return await _take(draft, me, form["rows"].encode(), "the rows")


@router.post("/tables/file")
async def take_file(me: Teacher, draft: OpenDraft, request: Request, file: str = "the file") -> Response:
    """Take the rows of an XLSX or CSV file, which is the body as it is."""
    return await _take(draft, me, await read_body(request, MOST_BYTES), file[:200])


async def _take(draft: Draft, me: Editor, data: bytes, source: str) -> Response:
    rows = await asyncio.to_thread(read_rows, data, source)
    reports: list[TableReport] = []
    await save(draft, lambda files: reports.append(add_rows(files, rows)), me, f"Rows of {source}")
    return page("tables.html", title="Spreadsheets", me=me, draft=draft, report=reports[-1])
