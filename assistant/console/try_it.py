"""Talking to a draft before it is published, on a second Kratt with a sandbox of its own."""

import asyncio
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.console.access import Reader, Teacher
from assistant.console.drafts import OpenDraft, save
from assistant.console.forms import Sent
from assistant.console.good_talk import conversation_of
from assistant.console.pages import page, seen
from assistant.console.parts import ConsoleParts, Parts, TryItParts
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.conversations import FILE as TESTS
from assistant.content.editing.conversations import add_conversation
from assistant.content.editing.draft import Draft
from assistant.content.editing.responses import list_responses
from assistant.content.held_out import FOLDER as HELD_OUT
from assistant.content.training import fingerprint_of
from assistant.core.errors import EditRefused, OperationFailed
from assistant.core.languages import Language, parse_language
from assistant.core.try_outs import Subject, TryOut
from assistant.intake import read_body

AGAIN_SECONDS = 1
MOST_SOUND_BYTES = 2 * 1024 * 1024
"""A minute as the page records it."""
NOT_HERE = (
    "there is no sandbox in production, and a draft never reaches a real register: try it where Kratt is developed"
)
NOT_READY = "this draft is not being tried any more: start it again"

router = APIRouter(prefix="/drafts/{name}/try")


@router.get("")
async def show(me: Reader, parts: Parts, draft: OpenDraft) -> Response:
    """The talk with a draft, and how each turn came about; or how far it is until it can be talked to."""
    try_it = parts.try_it
    now = await try_it.store.now() if try_it else None
    talk = kratt = None
    if try_it and now and _is_ready(now, draft):
        kratt, talk = await try_it.talks.kratt(now), await try_it.talks.of(me, now)
        await kratt.catch_up()
    return page(
        "try.html",
        title="Try it",
        me=me,
        draft=draft,
        not_here="" if try_it else NOT_HERE,
        now=now,
        is_mine=now is not None and now.subject.draft == draft.name,
        is_old=talk is not None and now is not None and await asyncio.to_thread(_is_old, now, draft),
        talk=talk,
        hears=kratt.hears if kratt else frozenset(),
        people=try_it.talks.people if try_it else {},
        languages=list(Language),
        again_seconds=AGAIN_SECONDS,
    )


@router.post("/start")
async def start(me: Teacher, parts: Parts, draft: OpenDraft) -> Response:
    """Have the draft as it was trained last started, instead of what is tried."""
    subject = await asyncio.to_thread(_subject, parts, draft, me.name)
    await _try_it(parts).store.want(subject)
    return _back(draft)


@router.post("/end")
async def end(_: Teacher, parts: Parts, draft: OpenDraft) -> Response:
    """End it: its processes stop, and what was said is forgotten."""
    await _try_it(parts).store.leave((await _ready(parts, draft)).number)
    return _back(draft)


@router.post("/begin")
async def begin(me: Teacher, parts: Parts, draft: OpenDraft, form: Sent) -> Response:
    """Begin the talk anew, in a language and as somebody."""
    now = await _ready(parts, draft)
    await _try_it(parts).talks.begin(me, now, parse_language(form["language"]), form.get("person"))
    return _back(draft)


@router.post("/say")
async def say(me: Teacher, parts: Parts, draft: OpenDraft, form: Sent) -> Response:
    """Say something."""
    await _say(me, parts, draft, form["text"])
    return _back(draft)


@router.post("/hear")
async def hear(request: Request, me: Teacher, parts: Parts, draft: OpenDraft) -> Response:
    """Say something aloud: a WAV file as the body."""
    await _say(me, parts, draft, await read_body(request, MOST_SOUND_BYTES))
    return _back(draft)


@router.post("/save")
async def keep(me: Teacher, parts: Parts, draft: OpenDraft, form: Sent) -> Response:
    """Make the talk a test conversation of the draft."""
    now, name = await _ready(parts, draft), form["name"]
    talk = await _try_it(parts).talks.of(me, now)

    def add(files: ContentFiles) -> None:
        add_conversation(files, conversation_of(talk, name, list_responses(files)))

    await save(draft, add, me, f"The test conversation “{name}”")
    return seen(f"/drafts/{draft.name}")


async def _say(me: Teacher, parts: ConsoleParts, draft: Draft, said: str | bytes) -> None:
    now, try_it = await _ready(parts, draft), _try_it(parts)
    await try_it.talks.say(me, now, said)
    await try_it.store.use(now.number)


def _is_old(now: TryOut, draft: Draft) -> bool:
    """Whether the draft would answer otherwise by now: tests and held-out requests change no answer."""
    changed = draft.changed_since(now.subject.head)
    return any(Path(path).name != TESTS and not path.startswith(f"{HELD_OUT}/") for path in changed)


def _subject(parts: ConsoleParts, draft: Draft, by: str) -> Subject:
    head = draft.head()
    model = parts.bank.made_from(fingerprint_of(draft.folder))
    if model is None:
        raise EditRefused("there is no model of the draft as it is now: train it first")
    return Subject(draft.name, head, model.version, by)


async def _ready(parts: ConsoleParts, draft: Draft) -> TryOut:
    now = await _try_it(parts).store.now()
    if now is None or not _is_ready(now, draft):
        raise EditRefused(NOT_READY)
    return now


def _is_ready(now: TryOut, draft: Draft) -> bool:
    return now.is_ready and now.subject.draft == draft.name


def _try_it(parts: ConsoleParts) -> TryItParts:
    if parts.try_it is None:
        raise OperationFailed(NOT_HERE)
    return parts.try_it


def _back(draft: Draft) -> Response:
    return seen(f"/drafts/{draft.name}/try#now")
