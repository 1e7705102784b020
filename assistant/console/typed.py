"""What is said of a form of a draft while it is typed into: what says the same, and the rules that it would break.

Each address takes the fields of a form as they stand, and besides `typed`, the name of the field that is typed into,
and `line`, the line of it; it answers with sentences for an editor, those of a service by the name of the field that
each is about. Nothing is saved.
"""

import asyncio
from collections.abc import Callable
from functools import lru_cache

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.responses import Response

from assistant.console import answers, intents, values, words
from assistant.console.access import Teacher
from assistant.console.answers import ResponseName
from assistant.console.drafts import OpenDraft, complaints
from assistant.console.forms import Form, Sent
from assistant.console.intents import IntentName
from assistant.console.parts import Parts
from assistant.console.service_faults import Wrong, wrong_as_typed, wrong_as_written
from assistant.console.services import ServiceName, text_of
from assistant.console.values import ValueName
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.draft import Draft, Edit
from assistant.content.editing.duplicates import ExampleIndex
from assistant.content.editing.examples import list_examples
from assistant.content.editing.merging import FileConflict
from assistant.core.errors import ContentError, EditRefused

MOST_CHARACTERS = 500
"""Of a line that others are compared with."""
MOST_SAID = 5
"""Of either kind."""

router = APIRouter(prefix="/drafts/{name}/typed")


@router.post("/intents")
async def new_intent(_: Teacher, draft: OpenDraft, form: Sent) -> Response:
    """Of the form of a new intent."""
    return await _answer(draft, form, intents.new_intent_of(form), of_example=not form["typed"].startswith("answer-"))


@router.post("/intents/{intent}")
async def examples(_: Teacher, draft: OpenDraft, intent: IntentName, form: Sent) -> Response:
    """Of an example that is new, or becomes another one."""
    edit, _why = intents.change_of(form, intent)
    return await _answer(draft, form, edit, of_example=True)


@router.post("/answers/{answer}")
async def answer(_: Teacher, draft: OpenDraft, answer: ResponseName, form: Sent) -> Response:
    """Of the wordings of an answer."""
    edit, overtaken = answers.change_of(form, answer)
    return await _answer(draft, form, edit, overtaken)


@router.post("/new-value")
async def new_value(_: Teacher, draft: OpenDraft, form: Sent) -> Response:
    """Of a value that is being made."""
    return await _answer(draft, form, values.begun_of(form))


@router.post("/values/{value}")
async def value(_: Teacher, draft: OpenDraft, value: ValueName, form: Sent) -> Response:
    """Of the words and phrases of a value."""
    if wrong := values.wrong_as_sent(values.sent(form)).get(form["typed"]):
        return JSONResponse(wrong)
    edit, overtaken = values.change_of(form, value)
    return await _answer(draft, form, edit, overtaken)


@router.post("/services/{service}")
async def service(_: Teacher, draft: OpenDraft, service: ServiceName, form: Sent) -> Response:
    """Of all fields of a service: what one says may be wrong for what another one says."""
    return JSONResponse(await asyncio.to_thread(_wrong, lambda: wrong_as_typed(draft, service, form)))


@router.post("/services/{service}/text")
async def service_text(_: Teacher, draft: OpenDraft, service: ServiceName, form: Sent) -> Response:
    """Of a service.yml that is written as it is."""
    text, version = text_of(form), form["version"]
    wrong = await asyncio.to_thread(_wrong, lambda: wrong_as_written(draft, service, text, version))
    return JSONResponse([each for of_field in wrong.values() for each in of_field])


@router.post("/words")
async def word(_: Teacher, parts: Parts, draft: OpenDraft, form: Sent) -> Response:
    """Of the ways that a word is said."""
    return await _answer(draft, form, words.change_of(form, parts))


async def _answer(
    draft: Draft, form: Form, edit: Edit, overtaken: list[FileConflict] | None = None, *, of_example: bool = False
) -> Response:
    """What there is to say; `overtaken` is what the edit finds that others have changed meanwhile."""
    line = form.get("line")
    like = await asyncio.to_thread(_like, draft, line) if of_example else []
    broken = await asyncio.to_thread(_broken, draft, edit) if line else []
    lost = [f"somebody else changed {each.path} meanwhile" for each in overtaken or ()]
    return JSONResponse([*like[:MOST_SAID], *lost, *broken[:MOST_SAID]])


def _wrong(look: Callable[[], Wrong]) -> Wrong:
    try:
        return look()
    except EditRefused as error:
        return {"": [error.detail]}
    except ContentError as error:  # no YAML, or a place that a value cannot be written in
        return {"": [str(error)]}


def _like(draft: Draft, line: str) -> list[str]:
    found = _index(draft, draft.head()).similar(line[:MOST_CHARACTERS])
    return [f"{each.kind}: “{each.example.text}” ({each.example.intent})" for each in found]


def _broken(draft: Draft, edit: Edit) -> list[str]:
    try:
        return [str(each) for each in draft.broken_by(edit, complaints(draft, draft.head()))]
    except EditRefused as error:
        return [error.detail]
    except ContentError as error:  # a file that the edit cannot be made in
        return [str(error)]


@lru_cache(maxsize=4)
def _index(draft: Draft, head: str) -> ExampleIndex:  # the index of this commit
    return ExampleIndex(list_examples(ContentFiles(draft.folder)))
