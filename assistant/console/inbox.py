"""The inbox: what citizens asked and Kratt did not understand."""

import asyncio
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, HTTPException, Path, Query
from starlette.responses import Response

from assistant.console.access import Reader, Teacher
from assistant.console.drafts import save
from assistant.console.forms import Sent
from assistant.console.pages import page, seen
from assistant.console.parts import Parts
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.examples import add_examples
from assistant.content.editing.intents import list_intents, new_intent
from assistant.core.errors import MalformedTurn
from assistant.core.inbox import Reason
from assistant.core.languages import Language
from assistant.intake import GREATEST_NUMBER

GROUPS_A_PAGE = 50
MOST_SAMPLES = 200

router = APIRouter(prefix="/inbox")

Group = Annotated[int, Path(ge=0, le=GREATEST_NUMBER)]


@router.get("")
async def show(
    me: Reader,
    parts: Parts,
    language: str = "",
    reason: str = "",
    state: Literal["waiting", "closed"] = "waiting",
    first: Annotated[int, Query(alias="from", ge=0, le=GREATEST_NUMBER)] = 0,
) -> Response:
    """Groups of requests that mean the same: those that wait, of most people first, or those last closed."""
    groups = await parts.inbox.page(
        _chosen(Language, language), _chosen(Reason, reason), first, GROUPS_A_PAGE, closed=state == "closed"
    )
    return page(
        "inbox.html",
        title="Inbox",
        me=me,
        groups=groups,
        language=language,
        reason=reason,
        state=state,
        first=first,
        step=GROUPS_A_PAGE,
        languages=list(Language),
        reasons=list(Reason),
    )


@router.get("/{group_id}")
async def show_group(me: Reader, parts: Parts, group_id: Group) -> Response:
    """The requests of a group, to be taught or dismissed."""
    samples = await parts.inbox.samples(group_id, MOST_SAMPLES)
    if not samples:
        raise HTTPException(404)
    drafts = await asyncio.to_thread(parts.drafts.all)
    intents = await asyncio.to_thread(lambda: list_intents(ContentFiles(parts.content)))
    return page(
        "group.html",
        title=samples[0].text,
        me=me,
        group_id=group_id,
        samples=samples,
        drafts=drafts,
        intents=intents,
        languages=list(Language),
    )


@router.post("/dismiss")
async def dismiss(me: Teacher, parts: Parts, form: Sent) -> Response:
    """Take groups out that teach nothing."""
    await parts.inbox.close_groups(form.numbers("group"), "", me.name)
    return seen("/inbox")


@router.post("/reopen")
async def reopen(_: Teacher, parts: Parts, form: Sent) -> Response:
    """Bring groups back that were dismissed or taught; what they taught stays in its draft."""
    await parts.inbox.reopen_groups(form.numbers("group"))
    return seen("/inbox")


@router.post("/{group_id}/teach")
async def teach(me: Teacher, parts: Parts, group_id: Group, form: Sent) -> Response:
    """File requests of a group under an intent, which may be new: they become examples in a draft."""
    chosen = [_in_language(each) for each in form.all("text")]
    if not chosen:
        raise MalformedTurn("choose at least one request")
    draft, intent = await asyncio.to_thread(parts.drafts.open, form["draft"]), form["intent"]
    asked = {language: [text for of, text in chosen if of is language] for language in Language}
    answer = {each: form.get(f"answer-{each.value}") for each in Language if form.get(f"answer-{each.value}")}

    def edit(files: ContentFiles) -> None:
        if intent not in list_intents(files):
            examples = {each: [*asked[each], *form.lines(f"more-{each.value}")] for each in Language}
            new_intent(files, intent, examples, answer)
            return
        for language in Language:
            if asked[language]:
                add_examples(files, intent, language, asked[language])

    await save(draft, edit, me, f"{intent}: {len(chosen)} requests that citizens made")
    await parts.inbox.close_groups([group_id], intent, me.name)
    return seen(f"/drafts/{draft.name}/intents/{intent}")


def _in_language(value: str) -> tuple[Language, str]:
    name, _, text = value.partition(" ")
    language = _chosen(Language, name)
    if language is None:
        raise MalformedTurn("the form names no language")
    return language, text


_Kind = TypeVar("_Kind", Language, Reason)


def _chosen(kind: type[_Kind], value: str) -> _Kind | None:
    return next((each for each in kind if each.value == value), None)
