"""Answers, side by side in three languages, in a draft."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path
from starlette.responses import Response

from assistant.console.access import Reader, Teacher
from assistant.console.drafts import OpenDraft, save
from assistant.console.forms import Sent
from assistant.console.pages import page, seen
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.responses import list_responses, write_response
from assistant.core.languages import Language

WORDS_A_SECOND = 2.5
"""As fast as people talk, and our voices: about 150 words a minute."""
SEPARATOR = "\n---\n"
"""Between the wordings of one answer."""

ResponseName = Annotated[str, Path(pattern=r"^utter_[a-z0-9_]{1,120}$")]

router = APIRouter(prefix="/drafts/{name}/answers")


@router.get("")
async def show_all(me: Reader, draft: OpenDraft, q: str = "") -> Response:
    """Every answer with its length when spoken; those that have the words looked for."""
    answers = await asyncio.to_thread(lambda: list_responses(ContentFiles(draft.folder)))
    wanted = q.casefold()
    shown = {
        answer: {language: _seconds(each.texts) for language, each in by_language.items()}
        for answer, by_language in answers.items()
        if wanted in answer or any(wanted in text.casefold() for each in by_language.values() for text in each.texts)
    }
    return page("answers.html", title="Answers", me=me, draft=draft, answers=shown, q=q, languages=list(Language))


@router.get("/{answer}")
async def show(me: Reader, draft: OpenDraft, answer: ResponseName) -> Response:
    """An answer in all languages."""
    found = (await asyncio.to_thread(lambda: list_responses(ContentFiles(draft.folder)))).get(answer)
    if found is None:
        raise HTTPException(404)
    texts = {language: found[language].texts if language in found else () for language in Language}
    spoken = {language: _seconds(each) for language, each in texts.items()}
    joined = {language: SEPARATOR.join(each) for language, each in texts.items()}
    return page("answer.html", title=answer, me=me, draft=draft, answer=answer, texts=joined, seconds=spoken)


@router.post("/{answer}")
async def change(me: Teacher, draft: OpenDraft, answer: ResponseName, form: Sent) -> Response:
    """Write an answer otherwise."""
    words = {
        language: form[language.value].replace("\r\n", "\n").split(SEPARATOR)
        for language in Language
        if form.get(language.value)
    }
    await save(
        draft, lambda files: write_response(files, answer, words), me, form.get("why") or f"{answer} says it otherwise"
    )
    return seen(f"/drafts/{draft.name}/answers/{answer}")


def _seconds(texts: tuple[str, ...]) -> float:
    """How long the longest wording takes to be spoken."""
    return max((len(text.split()) / WORDS_A_SECOND for text in texts), default=0.0)
