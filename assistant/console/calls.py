"""A call of a service in a draft, tried against the sandbox's register."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, HTTPException
from fastapi import Path as InPath
from starlette.responses import Response

from assistant.console.access import Reader, Teacher
from assistant.console.drafts import OpenDraft
from assistant.console.forms import Sent
from assistant.console.pages import page
from assistant.console.parts import Called, CallSandbox, Parts
from assistant.console.services import ServiceName
from assistant.content.editing.draft import Draft
from assistant.content.editing.services import at, service_path
from assistant.content.editing.yaml_text import yaml_text
from assistant.content.exchange_spec import TODAY, Call
from assistant.content.service_spec import read_terms
from assistant.content.yaml_source import faults
from assistant.core.editors import Editor
from assistant.core.errors import EditRefused, NotAllowed

CallNumber = Annotated[int, InPath(ge=0, le=100)]

router = APIRouter(prefix="/drafts/{name}/services/{service}/calls/{number}")


@router.get("")
async def show(me: Reader, parts: Parts, draft: OpenDraft, service: ServiceName, number: CallNumber) -> Response:
    """What a call needs to be made."""
    _sandbox(parts)
    return _page(me, draft, service, await asyncio.to_thread(_call, draft, service, number), {}, None)


@router.post("")
async def try_it(
    me: Teacher, parts: Parts, draft: OpenDraft, service: ServiceName, number: CallNumber, form: Sent
) -> Response:
    """Make a call of the sandbox's register; the draft stays as it is."""
    sandbox = _sandbox(parts)
    call = await asyncio.to_thread(_call, draft, service, number)
    values = {name: form.get(name) for name in _needed(call) if form.get(name)}
    terms = await asyncio.to_thread(read_terms, draft.folder)
    return _page(me, draft, service, call, values, await sandbox(call, values, terms))


def _page(
    me: Editor, draft: Draft, service: str, call: Call, values: dict[str, str], called: Called | None
) -> Response:
    return page(
        "call.html",
        title=f"Try the call {call.id}",
        me=me,
        draft=draft,
        service=service,
        call=call,
        needed=_needed(call),
        values=values,
        called=called,
    )


def _needed(call: Call) -> tuple[str, ...]:
    """What stands in braces, and the inputs by which items are chosen."""
    return tuple(sorted((call.placeholders | set(call.where.values())) - {TODAY}))


def _call(draft: Draft, service: str, number: int) -> Call:
    path = service_path(service)
    written = at(yaml_text(draft.read(path).text, path).value, ("calls", number))
    if written is None:
        raise HTTPException(404)
    if wrong := faults(written, Call):
        raise EditRefused("mend the call first", reasons=[each.detail for each in wrong])
    return Call.model_validate(written)


def _sandbox(parts: Parts) -> CallSandbox:
    if parts.call_sandbox is None:
        raise NotAllowed("there is no sandbox here, and a draft never reaches a real register")
    return parts.call_sandbox
