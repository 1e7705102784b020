"""Answers, side by side in three languages, in a draft."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path
from starlette.responses import Response

from assistant.console.access import Reader, Teacher
from assistant.console.drafts import OpenDraft, conflict_page, save
from assistant.console.forms import Form, Sent
from assistant.console.pages import page, seen
from assistant.console.previews import previews, sayings, spoken_seconds
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.draft import Edit
from assistant.content.editing.merging import Conflict, FileConflict
from assistant.content.editing.responses import Response as Written
from assistant.content.editing.responses import list_responses, write_response
from assistant.content.editing.services import list_services
from assistant.content.readability import is_hard
from assistant.core.languages import Language

SEPARATOR = "\n---\n"
"""Between the wordings of one answer."""

ResponseName = Annotated[str, Path(pattern=r"^utter_[a-z0-9_]{1,120}$")]
Only = Literal["", "missing", "hard"]
"""Which answers are listed: all, those that lack a language, or those that are hard to read in one."""

router = APIRouter(prefix="/drafts/{name}/answers")


@router.get("")
async def show_all(me: Reader, draft: OpenDraft, q: str = "", only: Only = "") -> Response:
    """Every answer with its length when spoken; those that have the words looked for, or lack something."""
    answers = await asyncio.to_thread(lambda: list_responses(ContentFiles(draft.folder)))
    wanted = q.casefold()
    shown = {
        answer: {language: _seconds(each.texts) for language, each in by_language.items()}
        for answer, by_language in answers.items()
        if _is_listed(by_language, only)
        and (wanted in answer or any(wanted in text.casefold() for each in by_language.values() for text in each.texts))
    }
    return page(
        "answers.html",
        title="Answers",
        me=me,
        draft=draft,
        answers=shown,
        q=q,
        only=only,
        languages=list(Language),
    )


@router.get("/{answer}")
async def show(me: Reader, draft: OpenDraft, answer: ResponseName) -> Response:
    """An answer in all languages, as it is written, read and heard."""
    files = ContentFiles(draft.folder)
    found = (await asyncio.to_thread(list_responses, files)).get(answer)
    if found is None:
        raise HTTPException(404)
    services = await asyncio.to_thread(list_services, files)
    return page(
        "answer.html",
        title=answer,
        me=me,
        draft=draft,
        answer=answer,
        texts=_texts(found),
        previews={language: previews(files, each) for language, each in found.items()},
        sayings=tuple(sayings(services, answer)),
    )


@router.post("/{answer}")
async def change(me: Teacher, draft: OpenDraft, answer: ResponseName, form: Sent) -> Response:
    """Write an answer otherwise, in the languages that the editor changed."""
    edit, overtaken = change_of(form, answer)
    await save(draft, edit, me, form.note or f"{answer} says it otherwise")
    if overtaken:
        return conflict_page(Conflict(tuple(overtaken)), me, draft)
    return seen(f"/drafts/{draft.name}/answers/{answer}")


def change_of(form: Form, answer: str) -> tuple[Edit, list[FileConflict]]:
    """The edit that a form asks for; it fills the list, and changes nothing, if others changed the same words."""
    mine = {each: _lines(form.get(each.value)) for each in Language if form.get(each.value)}
    shown = {each: _lines(form.get(f"seen.{each.value}")) for each in Language}
    words = {language: text for language, text in mine.items() if text != shown[language]}
    overtaken: list[FileConflict] = []

    def edit(files: ContentFiles) -> None:
        now = _texts(list_responses(files).get(answer, {}))
        changes = ((each, shown[each], words[each], now[each]) for each in words)
        overtaken.extend(
            FileConflict(f"{answer} ({language})", before, new, theirs, "")
            for language, before, new, theirs in changes
            if theirs not in {before, new}
        )
        if not overtaken:
            write_response(files, answer, {each: text.split(SEPARATOR) for each, text in words.items()})

    return edit, overtaken


def _texts(found: Mapping[Language, Written]) -> dict[Language, str]:
    """What the form shows in each language."""
    return {each: SEPARATOR.join(found[each].texts) if each in found else "" for each in Language}


def _lines(text: str) -> str:
    """As it was before a browser sent it."""
    return text.replace("\r\n", "\n")


def _seconds(texts: tuple[str, ...]) -> float:
    """How long the longest wording takes to be spoken."""
    return max(map(spoken_seconds, texts), default=0.0)


def _is_listed(answer: Mapping[Language, Written], only: Only) -> bool:
    if only == "missing":
        return len(answer) < len(Language)
    if only == "hard":
        return any(is_hard(text, language) for language, each in answer.items() for text in each.texts)
    return True
