"""Words of a draft: those that a recogniser lacks, how each is said, and what is heard when an editor says it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from assistant.console.access import Reader, Teacher
from assistant.console.drafts import OpenDraft, save
from assistant.console.forms import Form, Sent, language_of
from assistant.console.pages import page, seen
from assistant.console.parts import ConsoleParts, Ears, Parts, Words
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.draft import Draft, Edit
from assistant.content.editing.pronunciations import write_pronunciation
from assistant.content.editing.spoken_words import places_of_words, words_in
from assistant.content.pronunciations import SpokenWord, known_phones, read_wording
from assistant.core.editors import Editor
from assistant.core.errors import MalformedTurn
from assistant.core.languages import Language
from assistant.core.turns import Transcript
from assistant.intake import read_body

MOST_CHARACTERS = 200
MOST_SOUND_BYTES = 1024 * 1024
"""Half a minute as the page records it."""
MOST_LISTED = 200
"""Words without a pronunciation of ours: a model that was made elsewhere may lack many."""

Text = Annotated[str, Query(max_length=MOST_CHARACTERS)]

router = APIRouter()


@dataclass(frozen=True)
class Heard:
    """What the recogniser heard of an editor.

    `otherwise` are the places where that is not what they meant to say, both as texts; None if they did not write it.
    """

    transcript: Transcript
    otherwise: tuple[tuple[str, str], ...] | None


@router.get("/drafts/{name}/words")
async def show(me: Reader, parts: Parts, draft: OpenDraft, q: Text = "", language: Language = Language.EN) -> Response:
    """The words that are not heard before the model is built again, and those that are looked for."""
    return await _page(me, parts, draft, q, language)


@router.post("/drafts/{name}/words/hear")
async def hear(
    request: Request, me: Teacher, parts: Parts, draft: OpenDraft, q: Text = "", language: Language = Language.EN
) -> Response:
    """What is heard in a WAV file, the body; `q` is what the editor meant to say, if they wrote it."""
    transcript = await parts.ears.hear(await read_body(request, MOST_SOUND_BYTES), language)
    wanted = await asyncio.to_thread(_wanted, draft, q, language)
    otherwise = _otherwise(wanted, transcript.text.split()) if wanted else None
    return await _page(me, parts, draft, q or transcript.text, language, Heard(transcript, otherwise))


@router.post("/drafts/{name}/words")
async def change(me: Teacher, parts: Parts, draft: OpenDraft, form: Sent) -> Response:
    """Say how a word is said; a way on each line."""
    word, ways, language = form["word"].lower(), form.lines("ways"), language_of(form)
    why = f"{word} is said {', '.join(ways)}" if ways else f"{word} is said as dictionaries say"
    await save(draft, change_of(form, parts), me, why)
    return seen(f"/drafts/{draft.name}/words?{urlencode({'language': language.value, 'q': word})}")


def change_of(form: Form, parts: ConsoleParts) -> Edit:
    """The edit that the form of a word asks for.

    Raises:
        MalformedTurn: the language's words cannot be mended here.
    """
    word, language = form["word"].lower(), language_of(form)
    phones = _book(parts, language).phones
    ways = [_written(way, language) for way in form.lines("ways")]
    return lambda files: write_pronunciation(files, word, ways, language, phones)


def _written(phones: str, language: Language) -> str:
    """Phones as they are written: those of English in capitals."""
    return phones.upper() if language is Language.EN else phones


def _book(parts: ConsoleParts, language: Language) -> Words:
    book = parts.words(language)
    if book is None:
        raise MalformedTurn(f"the words of the speech model of {language} were settled elsewhere")
    return book


@router.get("/sound")
async def sound(_: Reader, parts: Parts, phones: Text, language: Language = Language.EN) -> Response:
    """Phones, spoken."""
    book = _book(parts, language)
    try:
        known = known_phones(_written(phones, language), book.phones)
    except ValueError as error:
        raise MalformedTurn(str(error)) from None
    return Response(await asyncio.to_thread(book.sound, tuple(known.split())), media_type="audio/wav")


async def _page(
    me: Editor, parts: Parts, draft: Draft, q: str, language: Language, heard: Heard | None = None
) -> Response:
    book, is_heard = parts.words(language), language in parts.ears.languages()
    unheard = await asyncio.to_thread(_unheard, parts, draft, language) if book or is_heard else ()
    found = await asyncio.to_thread(book.said, draft.folder, q) if book and q.strip() else ()
    wanted = await asyncio.to_thread(_wanted, draft, q, language)
    known = {each.word for each in found}
    others = [each for each in unheard if each.word not in known]
    return page(
        "words.html",
        title="Words",
        me=me,
        draft=draft,
        language=language,
        languages=list(Language),
        is_heard=is_heard,
        is_ours=book is not None,
        unheard=others[:MOST_LISTED],
        count=len(others),
        found=found,
        lacking=parts.ears.lacking(language, wanted) if is_heard else (),
        heard=heard,
        q=q,
        phones=book.phones if book else (),
    )


def _wanted(draft: Draft, text: str, language: Language) -> tuple[str, ...]:
    """The words of a text as the recogniser would write them."""
    words = read_wording(draft.folder).words if language is Language.EN else words_in
    return words(text)


def _otherwise(wanted: Sequence[str], heard: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Where what was heard is not what was meant; either text may be empty."""
    parts = SequenceMatcher(None, wanted, heard, autojunk=False).get_opcodes()
    return tuple(
        (" ".join(wanted[first:last]), " ".join(heard[begin:end]))
        for kind, first, last, begin, end in parts
        if kind != "equal"
    )


def _unheard(parts: Parts, draft: Draft, language: Language) -> tuple[SpokenWord, ...]:
    head = draft.head()
    if book := parts.words(language):
        return _unheard_by_ours(book, draft, head)
    return _unheard_by(parts.ears, draft, language, head)


@lru_cache(maxsize=4)
def _unheard_by_ours(words: Words, draft: Draft, head: str) -> tuple[SpokenWord, ...]:  # those of this commit
    return words.unheard(draft.folder)


@lru_cache(maxsize=8)
def _unheard_by(ears: Ears, draft: Draft, language: Language, head: str) -> tuple[SpokenWord, ...]:
    places = places_of_words(ContentFiles(draft.folder), language)
    return tuple(SpokenWord(word, places[word], (), "") for word in ears.lacking(language, tuple(places)))
