"""From a draft to citizens: trained, compared with what is live, published."""

import asyncio
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InPath
from starlette.responses import Response

from assistant.console.access import Publisher, Reader, Teacher
from assistant.console.drafts import OpenDraft, author, conflict_page
from assistant.console.forms import Sent
from assistant.console.pages import page, seen
from assistant.console.parts import Parts
from assistant.console.trainer import Wanted
from assistant.content.compare_models import confusion_file
from assistant.content.comparison import Comparison, Pair
from assistant.content.editing.merging import Conflict
from assistant.content.publish import AskToPublish
from assistant.core.errors import MalformedTurn
from assistant.core.publishing import ALL_CONVERSATIONS, Act, Wish

AGAIN_SECONDS = 2
MOST_SENTENCES = 200

PictureOf = Annotated[str, InPath(pattern=r"^[a-z]{2,3}$")]
"""A language, or ALL."""

router = APIRouter(prefix="/drafts/{name}/training")


@router.get("")
async def show(me: Reader, parts: Parts, draft: OpenDraft) -> Response:
    """How far the training of a draft is, or what the new model does otherwise than the live one."""
    job, head = parts.trainer.of(draft.name), await asyncio.to_thread(draft.head)
    return page(
        "training.html",
        title="Train and compare",
        me=me,
        draft=draft,
        job=job,
        is_old=bool(job and job.head != head),
        waits_for_review=await asyncio.to_thread(_waits_for_review, parts.ask_to_publish, head),
        most=MOST_SENTENCES,
        intents=_moved_first(job.comparison) if job and job.comparison else (),
        again_seconds=AGAIN_SECONDS,
    )


@router.get("/confusion/{which}")
async def confusion(_: Reader, parts: Parts, draft: OpenDraft, which: PictureOf) -> Response:
    """Which intents the new model takes for which, as a picture, of a language or of all."""
    job = parts.trainer.of(draft.name)
    if job is None or job.comparison is None:
        raise MalformedTurn("nothing was compared yet")
    picture = confusion_file(parts.bank, job.comparison.version, which)
    try:
        return Response(await asyncio.to_thread(picture.read_bytes), media_type="image/svg+xml")
    except OSError:
        raise MalformedTurn(f"there is no picture of {which}") from None


def _moved_first(comparison: Comparison) -> list[tuple[str, Pair]]:
    """The F1 of each intent; those that moved most come first, then those that are lowest."""
    return sorted(comparison.intents.items(), key=lambda each: (-abs(each[1].drop), each[1].now or 0.0))


def _waits_for_review(ask: AskToPublish, head: str) -> bool:
    return ask.reviews is not None and not ask.reviews.covers(head)


@router.post("")
async def train(me: Teacher, parts: Parts, draft: OpenDraft, form: Sent) -> Response:
    """Train the draft as it stands."""
    changes = await asyncio.to_thread(draft.own_changes)
    authors = tuple(dict.fromkeys(change.name for change in changes))
    wanted = Wanted(draft.folder, me.name, f"draft {draft.name}", authors, is_thorough=bool(form.get("thorough")))
    parts.trainer.start(draft.name, await asyncio.to_thread(draft.head), wanted)
    return seen(f"/drafts/{draft.name}/training")


@router.post("/publish")
async def publish(me: Publisher, parts: Parts, draft: OpenDraft, form: Sent) -> Response:
    """Let the new model answer citizens; the draft becomes what everybody goes on from."""
    job = parts.trainer.of(draft.name)
    if job is None or job.comparison is None or job.head != await asyncio.to_thread(draft.head):
        raise MalformedTurn("the draft has changed since it was trained: train it again")
    why, share, due = form.note, form.number("share", ALL_CONVERSATIONS), form.moment("due")
    wish = Wish(Act.PUBLISH, me.name, why, job.comparison.version, share, due)
    await asyncio.to_thread(parts.ask_to_publish.check, wish)
    if wish.is_for_all:
        merged = await asyncio.to_thread(parts.drafts.merge, draft.name, author(me), why, head=job.head)
        if isinstance(merged, Conflict):
            return conflict_page(merged, me, draft)
    await parts.ask_to_publish(wish)
    return seen("/models")
