"""Fixed values of inputs in a draft, with the words that citizens use for them, in three languages."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi import Path as InPath
from starlette.responses import Response

from assistant.console.access import Reader, Teacher
from assistant.console.drafts import OpenDraft, complaints, conflict_page, save
from assistant.console.forms import Form, Sent
from assistant.console.pages import page, seen
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.draft import Draft, Edit
from assistant.content.editing.examples import clean
from assistant.content.editing.merging import Conflict, FileConflict
from assistant.content.editing.values import (
    InputPlace,
    Value,
    change_phrases,
    check_new_value,
    delete_value,
    leave_value,
    list_fixed_inputs,
    list_values,
    new_value,
    registers_sent,
    rename_value,
    take_value,
    uses_of_value,
    words_of_code,
    write_words,
)
from assistant.content.project import read_content
from assistant.content.value_words import ValueFault, faults_of_values
from assistant.core.editors import Editor
from assistant.core.errors import ContentError, EditRefused
from assistant.core.languages import Language

ValueName = Annotated[str, InPath(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Wrong = Mapping[str, list[str]]
"""What is wrong by the name of the field; under the empty name what is about none."""

router = APIRouter(prefix="/drafts/{name}")


@dataclass(frozen=True)
class Shown:
    """What the form of a value shows, or showed when it was sent."""

    words: Mapping[Language, str]
    phrases: Mapping[Language, tuple[str, ...]]
    inputs: tuple[str, ...]
    name: str = ""


@router.get("/values")
async def show_all(me: Reader, draft: OpenDraft) -> Response:
    """Every input with fixed values, and the words and phrases of each."""
    files = ContentFiles(draft.folder)
    values, inputs, faults = await asyncio.to_thread(
        lambda: (list_values(files), list_fixed_inputs(files), _faults(draft, draft.head()))
    )
    bad = {fault.value for fault in faults if isinstance(fault, ValueFault)}
    unread = [str(fault) for fault in faults if isinstance(fault, ContentError)]
    by_slot: dict[str, dict[InputPlace, tuple[str, ...]]] = {}
    for place, taken in inputs.items():
        by_slot.setdefault(place.slot, {})[place] = taken
    return page(
        "values.html",
        title="Values",
        me=me,
        draft=draft,
        values=values,
        slots=dict(sorted(by_slot.items())),
        bad=bad,
        unread=unread,
        languages=list(Language),
    )


@router.get("/new-value")
async def show_new(me: Reader, draft: OpenDraft, to: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The form of a value that is not there yet; `to` is an input that shall take it."""
    empty = Shown(dict.fromkeys(Language, ""), dict.fromkeys(Language, ()), (to,))
    return await _form_page(me, draft, "", empty, {})


@router.post("/new-value")
async def add(me: Teacher, draft: OpenDraft, form: Sent) -> Response:
    """Make a value that inputs take."""
    said, name = sent(form), form["value"]
    wrong = await asyncio.to_thread(_wrong_of_new, draft, said)
    if wrong:
        return await _form_page(me, draft, "", said, wrong, 422)
    words = {language: word for language, word in said.words.items() if word}

    def edit(files: ContentFiles) -> None:
        new_value(files, name, words, said.phrases, _places(files, said.inputs))

    try:
        await save(draft, edit, me, form.note or f"The value {name} is new")
    except EditRefused as error:
        return await _form_page(me, draft, "", said, {"": [error.detail]}, 422)
    return seen(f"/drafts/{draft.name}/values/{name}")


@router.get("/values/{value}")
async def show(me: Reader, draft: OpenDraft, value: ValueName) -> Response:
    """A value in three languages, who takes it, and what is wrong with it."""
    shown = _shown(await asyncio.to_thread(_value, draft, value))
    return await _form_page(me, draft, value, shown, await asyncio.to_thread(_wrong, draft, value))


@router.post("/values/{value}")
async def change(me: Teacher, draft: OpenDraft, value: ValueName, form: Sent) -> Response:
    """Save what the editor changed; what others changed meanwhile stays, or both wordings are shown."""
    said = sent(form)
    wrong = wrong_as_sent(said)
    if wrong:
        return await _form_page(me, draft, value, said, wrong, 422)
    edit, overtaken = change_of(form, value)
    try:
        await save(draft, edit, me, form.note or f"{value}: citizens say it otherwise")
    except EditRefused as error:
        return await _form_page(me, draft, value, said, {"": [error.detail]}, 422)
    return (
        conflict_page(Conflict(tuple(overtaken)), me, draft)
        if overtaken
        else seen(f"/drafts/{draft.name}/values/{value}")
    )


@router.post("/values/{value}/rename")
async def rename(me: Teacher, draft: OpenDraft, value: ValueName, form: Sent) -> Response:
    """Give a value another name, wherever it stands."""
    new, knows = form["new"], bool(form.get("registers"))
    await save(
        draft, lambda files: rename_value(files, value, new, registers_know=knows), me, f"The value {value} is {new}"
    )
    return seen(f"/drafts/{draft.name}/values/{new}")


@router.post("/values/{value}/delete")
async def delete(me: Teacher, draft: OpenDraft, value: ValueName) -> Response:
    """Take a value from all inputs; refused with the places while something uses it."""
    await save(draft, lambda files: delete_value(files, value), me, f"The value {value} is gone")
    return seen(f"/drafts/{draft.name}/values")


async def _form_page(me: Editor, draft: Draft, value: str, shown: Shown, wrong: Wrong, status: int = 200) -> Response:
    files = ContentFiles(draft.folder)
    inputs, uses, sent_to, kept = await asyncio.to_thread(
        lambda: (
            list_fixed_inputs(files),
            uses_of_value(files, value) if value else (),
            registers_sent(files, value) if value else (),
            list_values(files).get(value),
        )
    )
    return page(
        "value.html",
        status,
        title=value or "A new value",
        me=me,
        draft=draft,
        value=value,
        shown=shown,
        seen=_shown(kept) if kept else None,
        inputs=list(inputs),
        uses=uses,
        sent_to=sent_to,
        wrong=wrong,
        languages=list(Language),
    )


def _value(draft: Draft, value: str) -> Value:
    found = list_values(ContentFiles(draft.folder)).get(value)
    if found is None:
        raise HTTPException(404)
    return found


def _shown(value: Value) -> Shown:
    words = {each: value.words.get(each, "") for each in Language}
    phrases = {each: value.phrases.get(each, ()) for each in Language}
    return Shown(words, phrases, tuple(map(str, value.inputs)), value.name)


def sent(form: Form, before: str = "") -> Shown:
    """What stands in a form, or stood there when it was made."""
    words = {each: form.get(f"{before}word.{each.value}") for each in Language}
    phrases = {each: form.lines(f"{before}phrases.{each.value}") for each in Language}
    return Shown(words, phrases, form.all(f"{before}input"), form.get("value"))


def wrong_as_sent(said: Shown) -> dict[str, list[str]]:
    """What is wrong with a form, whatever the content is."""
    wrong: dict[str, list[str]] = {}
    for language in Language:
        fields = {
            f"word.{language.value}": (said.words[language],),
            f"phrases.{language.value}": said.phrases[language],
        }
        for name, texts in fields.items():
            for text in texts or ("",):
                try:
                    clean(text)
                except EditRefused as error:
                    wrong.setdefault(name, []).append(error.detail if text else "say it in this language, too")
    if not said.inputs:
        wrong["input"] = ["choose an input that takes it"]
    return wrong


def _wrong_of_new(draft: Draft, said: Shown) -> dict[str, list[str]]:
    """The same of a value that is new: a register's code may have its words already, and they hold."""
    known = words_of_code(ContentFiles(draft.folder), said.name)
    words = {each: said.words[each] or known.get(each, "") for each in Language}
    wrong = wrong_as_sent(Shown(words, said.phrases, said.inputs))
    for language, word in known.items():
        if words[language] != word:
            wrong[f"word.{language.value}"] = [f"registers answer with this code, and it is called “{word}”"]
    return wrong


def _wrong(draft: Draft, value: str) -> dict[str, list[str]]:
    """What the check says of a value, at its fields."""
    wrong: dict[str, list[str]] = {}
    for fault in _faults(draft, draft.head()):
        if isinstance(fault, ContentError):
            wrong[""] = [str(fault)]
        elif fault.value == value and fault.language:
            wrong.setdefault(f"phrases.{fault.language.value}", []).append(fault.detail)
        elif fault.value == value:
            wrong |= {f"word.{each.value}": [fault.detail] for each in Language}
    return wrong


@lru_cache(maxsize=16)
def _faults(draft: Draft, head: str) -> tuple[ValueFault | ContentError, ...]:
    """What is wrong with the values of a draft as it is at a commit, or the file that cannot be read."""
    try:
        return tuple(faults_of_values(read_content(draft.folder)))
    except ContentError:
        return complaints(draft, head)


def _overtaken(files: ContentFiles, value: str, said: Shown, before: Shown) -> list[FileConflict]:
    """Words that somebody else wrote otherwise since the form was made."""
    now = words_of_code(files, value)
    return [
        FileConflict(f"{value} ({each})", before.words[each], said.words[each], now.get(each, ""), "")
        for each in Language
        if said.words[each] != before.words[each] and now.get(each, "") not in {before.words[each], said.words[each]}
    ]


def change_of(form: Form, value: str) -> tuple[Edit, list[FileConflict]]:
    """The edit that a form asks for; it fills the list, and changes nothing, if others changed the same words."""
    said, before = sent(form), sent(form, "seen.")
    overtaken: list[FileConflict] = []

    def edit(files: ContentFiles) -> None:
        overtaken.extend(_overtaken(files, value, said, before))
        if not overtaken:
            _change(files, value, said, before)

    return edit, overtaken


def begun_of(form: Form) -> Edit:
    """What the form of a new value has so far, as an edit; the check tells what it lacks yet."""
    said = sent(form)

    def edit(files: ContentFiles) -> None:
        check_new_value(files, said.name)
        for place in _places(files, said.inputs):
            take_value(files, place, said.name)
        for language, phrases in said.phrases.items():
            change_phrases(files, said.name, language, phrases)
        if all(said.words.values()):
            write_words(files, said.name, said.words)

    return edit


def _change(files: ContentFiles, value: str, said: Shown, before: Shown) -> None:
    words = {each: said.words[each] for each in Language if said.words[each] != before.words[each]}
    if words:
        write_words(files, value, words)
    for each in Language:
        mine, theirs = set(said.phrases[each]), set(before.phrases[each])
        add = [phrase for phrase in said.phrases[each] if phrase not in theirs]
        gone = [phrase for phrase in before.phrases[each] if phrase not in mine]
        change_phrases(files, value, each, add, gone)
    for place in _places(files, tuple(set(said.inputs) - set(before.inputs))):
        take_value(files, place, value)
    for place in _places(files, tuple(set(before.inputs) - set(said.inputs))):
        leave_value(files, place, value)


def _places(files: ContentFiles, names: tuple[str, ...]) -> list[InputPlace]:
    known = {str(place): place for place in list_fixed_inputs(files)}
    if strange := [name for name in names if name not in known]:
        raise EditRefused(f"no input {strange[0]} takes fixed values any more")
    return [known[name] for name in names]
