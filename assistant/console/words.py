"""Words of a draft: those that the English recogniser lacks, and how each is said."""

import asyncio
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from assistant.console.access import Reader, Teacher
from assistant.console.drafts import OpenDraft, save
from assistant.console.forms import Sent
from assistant.console.pages import page, seen
from assistant.console.parts import Parts, Words
from assistant.content.editing.draft import Draft
from assistant.content.editing.pronunciations import write_pronunciation
from assistant.content.pronunciations import CMU_PHONES, SpokenWord, known_phones
from assistant.core.errors import MalformedTurn

MOST_CHARACTERS = 200

router = APIRouter()


@router.get("/drafts/{name}/words")
async def show(
    me: Reader, parts: Parts, draft: OpenDraft, q: Annotated[str, Query(max_length=MOST_CHARACTERS)] = ""
) -> Response:
    """The words that are not heard before the model is built again, and those that are looked for."""
    unheard = await asyncio.to_thread(lambda: _unheard(parts.words, draft, draft.head()))
    found = await asyncio.to_thread(parts.words.said, draft.folder, q) if q.strip() else ()
    others = [each for each in unheard if each not in found]
    return page("words.html", title="Words", me=me, draft=draft, unheard=others, found=found, q=q, phones=CMU_PHONES)


@router.post("/drafts/{name}/words")
async def change(me: Teacher, draft: OpenDraft, form: Sent) -> Response:
    """Say how a word is said; a way on each line."""
    word, ways = form["word"].lower(), form.lines("ways")
    why = f"{word} is said {', '.join(ways)}" if ways else f"{word} is said as dictionaries say"
    await save(draft, lambda files: write_pronunciation(files, word, ways), me, why)
    return seen(f"/drafts/{draft.name}/words?q={word}")


@router.get("/sound")
async def sound(_: Reader, parts: Parts, phones: Annotated[str, Query(max_length=MOST_CHARACTERS)]) -> Response:
    """Phones, spoken."""
    try:
        known = known_phones(phones.upper())
    except ValueError as error:
        raise MalformedTurn(str(error)) from None
    return Response(await asyncio.to_thread(parts.words.sound, tuple(known.split())), media_type="audio/wav")


@lru_cache(maxsize=4)
def _unheard(words: Words, draft: Draft, head: str) -> tuple[SpokenWord, ...]:  # those of this commit
    return words.unheard(draft.folder)
