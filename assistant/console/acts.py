"""An act of a service in a draft, tried in a sandbox of its own."""

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from assistant.console.access import Reader, Teacher
from assistant.console.calls import CallNumber
from assistant.console.drafts import OpenDraft
from assistant.console.forms import Form, Sent
from assistant.console.pages import page
from assistant.console.parts import Attempted, Parts, WriteSandbox
from assistant.console.services import ServiceName
from assistant.content.editing.draft import Draft
from assistant.content.editing.services import at, service_path
from assistant.content.editing.yaml_text import yaml_text
from assistant.content.exchange_spec import KEY, LITERAL, Write
from assistant.content.service_spec import read_terms
from assistant.content.yaml_source import faults
from assistant.core.editors import Editor
from assistant.core.errors import EditRefused, NotAllowed

router = APIRouter(prefix="/drafts/{name}/services/{service}/writes/{number}")


@router.get("")
async def show(me: Reader, parts: Parts, draft: OpenDraft, service: ServiceName, number: CallNumber) -> Response:
    """What an act needs to be tried."""
    _sandbox(parts)
    return _page(me, draft, service, await asyncio.to_thread(_write, draft, service, number))


@router.post("")
async def try_it(
    me: Teacher, parts: Parts, draft: OpenDraft, service: ServiceName, number: CallNumber, form: Sent
) -> Response:
    """Do an act in a sandbox that is made for it; the draft and everything else stay as they are."""
    sandbox = _sandbox(parts)
    write = await asyncio.to_thread(_write, draft, service, number)
    said = {name: form.get(name) for name in form.fields}
    values = {name: said[name] for name in _needed(write) if said.get(name)}
    terms = await asyncio.to_thread(read_terms, draft.folder)
    attempted = await sandbox(service, write, values, _body(write, form), terms)
    return _page(me, draft, service, write, said, attempted)


def _page(
    me: Editor,
    draft: Draft,
    service: str,
    write: Write,
    said: Mapping[str, str] | None = None,
    attempted: Attempted | None = None,
) -> Response:
    return page(
        "act.html",
        title=f"Try the act {write.id}",
        me=me,
        draft=draft,
        service=service,
        write=write,
        needed=_needed(write),
        said=said or {},
        attempted=attempted,
    )


def _needed(write: Write) -> tuple[str, ...]:
    """What stands in braces in either address; the key is made of what is sent."""
    return tuple(sorted((write.placeholders | write.status_placeholders) - {KEY}))


def _body(write: Write, form: Form) -> dict[str, str | bool]:
    """What is sent; a field that nothing was written into is left out, as where nobody knows its value."""
    body: dict[str, str | bool] = {}
    for field, source in write.body.items():
        if isinstance(source, bool):
            body[field] = source
        elif source.startswith(LITERAL):
            body[field] = source.removeprefix(LITERAL)
        elif value := form.get(f"body.{field}"):
            body[field] = value
    return body


def _write(draft: Draft, service: str, number: int) -> Write:
    path = service_path(service)
    written = at(yaml_text(draft.read(path).text, path).value, ("writes", number))
    if written is None:
        raise HTTPException(404)
    if wrong := faults(written, Write):
        raise EditRefused("mend the act first", reasons=[each.detail for each in wrong])
    return Write.model_validate(written)


def _sandbox(parts: Parts) -> WriteSandbox:
    if parts.write_sandbox is None:
        raise NotAllowed("there is no sandbox here, and a draft never reaches a real register")
    return parts.write_sandbox
