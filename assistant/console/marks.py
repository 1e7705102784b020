"""Words of an example that say a value, marked by mouse or keyboard."""

import asyncio
import re
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from assistant.console.access import Reader, Teacher
from assistant.console.drafts import OpenDraft, save
from assistant.console.forms import Sent, language_of
from assistant.console.intents import IntentName
from assistant.console.pages import page, seen
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.examples import LONGEST_EXAMPLE, edit_example, find_example
from assistant.content.editing.services import check_value, list_inputs
from assistant.content.marks import Mark, mark, pieces, read_marks, unmark
from assistant.core.errors import EditRefused
from assistant.core.languages import Language

_WORD = re.compile(r"([\w'’-]+)")

Text = Annotated[str, Query(max_length=LONGEST_EXAMPLE)]

router = APIRouter(prefix="/drafts/{name}/intents/{intent}/marks")


@dataclass(frozen=True)
class Word:
    """A word of an example; `before` is what stands between it and the last one, `mark` the one it is in."""

    text: str
    before: str
    start: int
    end: int
    mark: Mark | None


@router.get("")
async def show(me: Reader, draft: OpenDraft, intent: IntentName, language: Language, text: Text) -> Response:
    """The words of an example, and the values that they can be marked as."""
    files = ContentFiles(draft.folder)
    place = await asyncio.to_thread(find_example, files, intent, language, text)
    return page(
        "marks.html",
        title="Mark words",
        me=me,
        draft=draft,
        intent=intent,
        language=language,
        text=place.text,
        words=words_of(place.text),
        marks=read_marks(place.text)[1],
        inputs=await asyncio.to_thread(list_inputs, files),
    )


@router.post("")
async def change(me: Teacher, draft: OpenDraft, intent: IntentName, form: Sent) -> Response:
    """Mark words, from the first to the last of those chosen, or take a mark away."""
    language, text = language_of(form), form["text"]
    if form["do"] == "unmark":
        new, slot, value = unmark(text, form.number("start", 0)), "", ""
        why = f"{intent}: “{new}” has a mark less"
    else:
        slot, _, value = form["value"].partition(":")
        new = _marked(text, form.numbers("word"), slot, value)
        why = f"{intent}: a value is marked in “{new}”"

    def edit(files: ContentFiles) -> None:
        if slot:
            check_value(files, slot, value)
        edit_example(files, intent, language, text, new)

    await save(draft, edit, me, why)
    return seen(f"/drafts/{draft.name}/intents/{intent}/marks?{urlencode({'language': language.value, 'text': new})}")


def words_of(example: str) -> tuple[Word, ...]:
    """The words of an example, without the spelling of its marks."""
    words, before, at = [], "", 0
    for piece, inside in pieces(example):
        for text in _WORD.split(piece):
            if text and _WORD.fullmatch(text):
                words.append(Word(text, before, at, at + len(text), inside))
                before = ""
            else:
                before += text
            at += len(text)
    return tuple(words)


def _marked(example: str, chosen: tuple[int, ...], slot: str, value: str) -> str:
    words = words_of(example)
    if not chosen or not 0 <= min(chosen) <= max(chosen) < len(words):
        raise EditRefused("choose the words that say the value")
    return mark(example, words[min(chosen)].start, words[max(chosen)].end, slot, value)
