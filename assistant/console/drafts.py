"""Drafts: what is being changed, by whom, and whether it may go on."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from fastapi import APIRouter
from starlette.responses import Response

from assistant.console.access import Reader, Teacher
from assistant.console.forms import Sent
from assistant.console.pages import page, seen
from assistant.console.parts import Parts
from assistant.content.editing.draft import Draft, Edit, Saved
from assistant.content.editing.history import Editor as Author
from assistant.content.editing.merging import Conflict
from assistant.core.editors import Editor

T = TypeVar("T")

router = APIRouter(prefix="/drafts")


def author(me: Editor) -> Author:
    """Who is named in the history of the content."""
    return Author(me.name, me.mail)


async def in_thread(work: Callable[[], T]) -> T:
    """Let git and files work beside the event loop."""
    return await asyncio.to_thread(work)


async def save(draft: Draft, edit: Edit, me: Editor, why: str) -> Saved:
    """Save an edit in a draft, in somebody's name."""
    return await in_thread(partial(draft.edit, edit, author(me), why))


@router.get("")
async def show_all(me: Reader, parts: Parts) -> Response:
    """Every draft that is open."""
    drafts = await in_thread(parts.drafts.all)
    return page("drafts.html", title="Drafts", me=me, drafts=drafts)


@router.post("")
async def open_draft(me: Teacher, parts: Parts, form: Sent) -> Response:
    """Begin a draft, or go on with the one of that name."""
    draft = await in_thread(partial(parts.drafts.open, form["name"]))
    return seen(f"/drafts/{draft.name}")


@router.get("/{name}")
async def show(me: Reader, parts: Parts, name: str) -> Response:
    """What a draft changes, what is wrong with it, and what can be done next."""
    draft = await in_thread(partial(parts.drafts.get, name))
    changes, difference, complaints = await in_thread(
        lambda: (draft.own_changes(), draft.whole_difference(), draft.check())
    )
    return page(
        "draft.html",
        title=f"Draft {name}",
        me=me,
        draft=draft,
        changes=changes,
        lines=difference.splitlines(),
        complaints=complaints,
    )


@router.post("/{name}/undo")
async def undo(me: Teacher, parts: Parts, name: str, form: Sent) -> Response:
    """Take one change back."""
    draft = await in_thread(partial(parts.drafts.get, name))
    return await _settled(await in_thread(partial(draft.undo, form["commit"], author(me))), me, draft)


@router.post("/{name}/update")
async def update(me: Teacher, parts: Parts, name: str) -> Response:
    """Bring in what was published since the draft began."""
    draft = await in_thread(partial(parts.drafts.get, name))
    return await _settled(await in_thread(partial(draft.update, author(me))), me, draft)


@router.post("/{name}/discard")
async def discard(_: Teacher, parts: Parts, name: str) -> Response:
    """Take a draft off the list."""
    await in_thread(partial(parts.drafts.discard, name))
    return seen("/drafts")


async def _settled(done: Saved | Conflict, me: Editor, draft: Draft) -> Response:
    if isinstance(done, Conflict):
        return page("conflict.html", 409, title="Two people changed the same words", me=me, draft=draft, conflict=done)
    return seen(f"/drafts/{draft.name}")
