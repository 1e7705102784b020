"""Drafts: what is being changed, by whom, and whether it may go on."""

import asyncio
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from assistant.console.access import Reader, Reviewer, Teacher
from assistant.console.forms import Sent
from assistant.console.pages import page, seen
from assistant.console.parts import Parts
from assistant.content.editing.draft import Draft, Edit, Saved
from assistant.content.editing.history import Editor as Author
from assistant.content.editing.merging import Conflict
from assistant.core.editors import Editor
from assistant.core.errors import ContentError

router = APIRouter(prefix="/drafts")


def author(me: Editor) -> Author:
    """Who is named in the history of the content."""
    return Author(me.name, me.mail)


async def _draft(parts: Parts, name: str) -> Draft:
    return await asyncio.to_thread(parts.drafts.get, name)


OpenDraft = Annotated[Draft, Depends(_draft)]
"""The parameter of a route below a draft that wants the draft."""


async def save(draft: Draft, edit: Edit, me: Editor, why: str) -> Saved:
    """Save an edit in a draft, in somebody's name."""
    return await asyncio.to_thread(draft.edit, edit, author(me), why)


@router.get("")
async def show_all(me: Reader, parts: Parts) -> Response:
    """Every draft that is open."""
    drafts = await asyncio.to_thread(parts.drafts.all)
    return page("drafts.html", title="Drafts", me=me, drafts=drafts)


@router.post("")
async def open_draft(me: Teacher, parts: Parts, form: Sent) -> Response:
    """Begin a draft, or go on with the one of that name."""
    draft = await asyncio.to_thread(parts.drafts.open, form["name"])
    return seen(f"/drafts/{draft.name}")


@router.get("/{name}")
async def show(me: Reader, parts: Parts, draft: OpenDraft) -> Response:
    """What a draft changes, what is wrong with it, and what can be done next."""
    head = await asyncio.to_thread(draft.head)
    changes, difference, wrong = await asyncio.to_thread(
        lambda: (draft.own_changes(), draft.whole_difference(), complaints(draft, head))
    )
    return page(
        "draft.html",
        title=f"Draft {draft.name}",
        me=me,
        draft=draft,
        changes=changes,
        lines=difference.splitlines(),
        complaints=wrong,
        head=head,
        approval=await asyncio.to_thread(parts.drafts.reviews.approval, head),
        has_to_be_approved=parts.ask_to_publish.reviews is not None,
    )


@lru_cache(maxsize=16)
def complaints(draft: Draft, _: str) -> tuple[ContentError, ...]:
    """What is wrong with a draft as it is at a commit: to find that takes a second or two."""
    return tuple(draft.check())


@router.post("/{name}/approve")
async def approve(me: Reviewer, parts: Parts, draft: OpenDraft, form: Sent) -> Response:
    """Approve what a draft changes, as the reviewer has seen it; whatever is changed afterwards is not approved."""
    await asyncio.to_thread(parts.drafts.reviews.approve, draft, form["head"], author(me), form.note)
    return seen(f"/drafts/{draft.name}")


@router.post("/{name}/undo")
async def undo(me: Teacher, draft: OpenDraft, form: Sent) -> Response:
    """Take one change back."""
    return _settled(await asyncio.to_thread(draft.undo, form["commit"], author(me)), me, draft)


@router.post("/{name}/update")
async def update(me: Teacher, draft: OpenDraft) -> Response:
    """Bring in what was published since the draft began."""
    return _settled(await asyncio.to_thread(draft.update, author(me)), me, draft)


@router.post("/{name}/discard")
async def discard(_: Teacher, parts: Parts, name: str) -> Response:
    """Take a draft off the list."""
    await asyncio.to_thread(parts.drafts.discard, name)
    return seen("/drafts")


def conflict_page(conflict: Conflict, me: Editor, draft: Draft) -> Response:
    """Both wordings of what two people changed; nothing was saved."""
    return page("conflict.html", 409, title="Two people changed the same words", me=me, draft=draft, conflict=conflict)


def _settled(done: Saved | Conflict, me: Editor, draft: Draft) -> Response:
    return conflict_page(done, me, draft) if isinstance(done, Conflict) else seen(f"/drafts/{draft.name}")
