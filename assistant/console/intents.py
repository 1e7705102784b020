"""Intents and their examples, in a draft."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InPath
from starlette.responses import Response

from assistant.console.access import Reader, Teacher
from assistant.console.drafts import OpenDraft, save
from assistant.console.forms import Form, Sent, language_of
from assistant.console.pages import page, seen
from assistant.console.parts import Parts
from assistant.content.compare_models import kept_comparison
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.draft import Edit
from assistant.content.editing.examples import (
    Example,
    add_examples,
    delete_examples,
    edit_example,
    list_examples,
    move_examples,
)
from assistant.content.editing.intents import (
    delete_intent,
    list_intents,
    merge_intents,
    new_intent,
    rename_intent,
)
from assistant.content.model_bank import ModelBank
from assistant.content.trained_examples import live_examples
from assistant.core.errors import MalformedTurn
from assistant.core.languages import Language

MOST_TAKEN_FOR = 3
"""Intents that are named as what another is taken for."""

IntentName = Annotated[str, InPath(pattern=r"^[a-z][a-z0-9_]{0,126}$")]

router = APIRouter(prefix="/drafts/{name}/intents")


@dataclass(frozen=True)
class Grade:
    """How a model does with held-out requests of an intent: F1, 0-1, and what it does instead, how often.

    `among_examples` is the F1 of the examples that it was trained with, each told by what the others teach.
    """

    f1: float
    taken_for: Mapping[str, int]
    among_examples: float | None = None


def live_grades(bank: ModelBank) -> dict[str, Grade]:
    """Of the live model, by intent, as it was compared last; of no intent if it never was."""
    live = bank.live
    comparison = kept_comparison(bank, live.version) if live else None
    if comparison is None:
        return {}
    return {
        intent: Grade(
            pair.now or 0.0,
            dict(list(comparison.taken_for.get(intent, {}).items())[:MOST_TAKEN_FOR]),
            comparison.folds.intents.get(intent) if comparison.folds else None,
        )
        for intent, pair in comparison.intents.items()
    }


@router.get("")
async def show_all(me: Reader, parts: Parts, draft: OpenDraft, q: str = "") -> Response:
    """Every intent, and how the live model does with it; those whose name or examples have the words looked for."""
    files = ContentFiles(draft.folder)
    counts = await asyncio.to_thread(list_intents, files)
    found = await asyncio.to_thread(_with_words, files, q) if q else None
    new = await asyncio.to_thread(_untrained, files, parts.bank)
    shown = {intent: each for intent, each in counts.items() if found is None or intent in found}
    return page(
        "intents.html",
        title="Requests",
        me=me,
        draft=draft,
        counts=shown,
        q=q,
        new=Counter((each.intent, each.language) for each in new),
        languages=list(Language),
        grades=await asyncio.to_thread(live_grades, parts.bank),
    )


@router.get("/{intent}")
async def show(me: Reader, parts: Parts, draft: OpenDraft, intent: IntentName) -> Response:
    """The examples of an intent, language by language, and how the live model does with it."""
    files = ContentFiles(draft.folder)
    examples = await asyncio.to_thread(lambda: tuple(list_examples(files, intent)))
    by_language = {each: [one for one in examples if one.language is each] for each in Language}
    others = await asyncio.to_thread(list_intents, files)
    trained = await asyncio.to_thread(live_examples, parts.bank)
    return page(
        "intent.html",
        title=intent,
        me=me,
        draft=draft,
        intent=intent,
        examples=by_language,
        new={each for each in examples if not trained.has(each.intent, each.text)} if trained.is_known else set(),
        is_trained_known=trained.is_known,
        intents=others,
        grade=(await asyncio.to_thread(live_grades, parts.bank)).get(intent),
    )


@router.post("")
async def add(me: Teacher, draft: OpenDraft, form: Sent) -> Response:
    """Make a new intent, which is answered by one response."""
    intent = form["intent"]
    await save(draft, new_intent_of(form), me, form.note or f"New: {intent}")
    return seen(f"/drafts/{draft.name}/intents/{intent}")


@router.post("/{intent}/rename")
async def rename(me: Teacher, draft: OpenDraft, intent: IntentName, form: Sent) -> Response:
    """Give an intent another name, wherever it stands."""
    new = form["new"]
    await save(draft, lambda files: rename_intent(files, intent, new), me, f"{intent} is called {new}")
    return seen(f"/drafts/{draft.name}/intents/{new}")


@router.post("/{intent}/merge")
async def merge(me: Teacher, draft: OpenDraft, intent: IntentName, form: Sent) -> Response:
    """Make all that an intent has another one's."""
    into = form["into"]
    await save(draft, lambda files: merge_intents(files, intent, into), me, f"{intent} means {into}")
    return seen(f"/drafts/{draft.name}/intents/{into}")


@router.post("/{intent}/delete")
async def delete(me: Teacher, draft: OpenDraft, intent: IntentName) -> Response:
    """Delete an intent that nothing uses."""
    await save(draft, lambda files: delete_intent(files, intent), me, f"{intent} is deleted")
    return seen(f"/drafts/{draft.name}/intents")


@router.post("/{intent}")
async def change(me: Teacher, draft: OpenDraft, intent: IntentName, form: Sent) -> Response:
    """Add, change, move or take away examples."""
    change, why = change_of(form, intent)
    await save(draft, change, me, form.note or why)
    return seen(f"/drafts/{draft.name}/intents/{intent}")


def new_intent_of(form: Form) -> Edit:
    """The edit that the form of a new intent asks for."""
    intent = form["intent"]
    examples = {each: form.lines(each.value) for each in Language}
    answer = {each: form.get(f"answer-{each.value}") for each in Language if form.get(f"answer-{each.value}")}
    return lambda files: new_intent(files, intent, examples, answer)


def change_of(form: Form, intent: str) -> tuple[Edit, str]:
    """The edit that a form asks for, and what is said of it in the history."""
    language, what, chosen = language_of(form), form["do"], form.all("text")
    number = f"{len(chosen)} example{'s' * (len(chosen) != 1)}"
    if what == "add":
        lines = form.lines("lines")
        return (
            lambda files: add_examples(files, intent, language, lines)
        ), f"{intent}: {len(lines)} more in {language}"
    if what == "edit":
        old, new = form["old"], form["new"]
        return (lambda files: edit_example(files, intent, language, old, new)), f"{intent}: “{old}” is now “{new}”"
    if what == "delete":
        return (lambda files: delete_examples(files, intent, language, chosen)), f"{intent}: {number} taken away"
    if what == "move":
        to = form["to"]
        return (lambda files: move_examples(files, intent, language, chosen, to)), f"{number} of {intent} mean {to}"
    raise MalformedTurn(f"nobody can {what} examples")


def _untrained(files: ContentFiles, bank: ModelBank) -> list[Example]:
    """The examples that the live model was not trained with; none, if it does not tell."""
    trained = live_examples(bank)
    return (
        [each for each in list_examples(files) if not trained.has(each.intent, each.text)] if trained.is_known else []
    )


def _with_words(files: ContentFiles, words: str) -> set[str]:
    wanted = words.casefold()
    examples = list_examples(files)
    return {each.intent for each in examples if wanted in each.text.casefold() or wanted in each.intent}
