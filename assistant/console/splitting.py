"""An intent that means two things: examples are chosen in all languages at once, and mean another one from then on."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from assistant.console.access import Reader, Teacher
from assistant.console.drafts import OpenDraft, save
from assistant.console.forms import Sent
from assistant.console.intents import IntentName
from assistant.console.pages import page, seen
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.examples import list_examples, move_examples
from assistant.content.editing.intents import list_intents, split_intent
from assistant.core.errors import EditRefused
from assistant.core.languages import Language

router = APIRouter(prefix="/drafts/{name}/intents/{intent}/split")


@router.get("")
async def show(
    me: Reader, draft: OpenDraft, intent: IntentName, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """All examples of an intent to choose from; those that have the words looked for are ticked."""
    files = ContentFiles(draft.folder)
    examples = await asyncio.to_thread(lambda: tuple(list_examples(files, intent)))
    wanted = q.casefold().strip()
    return page(
        "split.html",
        title=f"Split {intent}",
        me=me,
        draft=draft,
        intent=intent,
        examples={language: [each.text for each in examples if each.language is language] for language in Language},
        chosen={each.text for each in examples if wanted and wanted in each.text.casefold()},
        intents=await asyncio.to_thread(list_intents, files),
        q=q,
    )


@router.post("")
async def split(me: Teacher, draft: OpenDraft, intent: IntentName, form: Sent) -> Response:
    """Give the chosen examples to an intent that there is, or to a new one with its answer: one change."""
    to = form["to"]
    chosen = {language: form.all(f"text.{language.value}") for language in Language}
    answer = {each: form.get(f"answer-{each.value}") for each in Language if form.get(f"answer-{each.value}")}
    count = sum(map(len, chosen.values()))

    def edit(files: ContentFiles) -> None:
        if not count or to == intent:
            raise EditRefused("choose examples, and another intent that they mean")
        if to not in list_intents(files):
            split_intent(files, intent, to, chosen, answer)
            return
        for language, texts in chosen.items():
            move_examples(files, intent, language, texts, to)

    why = form.note or f"{count} example{'s' * (count != 1)} of {intent} mean {to}"
    await save(draft, edit, me, why)
    return seen(f"/drafts/{draft.name}/intents/{to}")
