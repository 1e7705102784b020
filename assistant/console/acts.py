"""An act of a service in a draft, tried in a sandbox of its own."""

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter
from starlette.responses import Response

from assistant.console.access import Reader, Teacher
from assistant.console.drafts import OpenDraft
from assistant.console.exchanges import Number, exchange_of, given
from assistant.console.forms import Sent
from assistant.console.pages import page
from assistant.console.parts import Attempted, Parts
from assistant.console.services import ServiceName
from assistant.content.editing.draft import Draft
from assistant.content.exchange_spec import KEY, Write
from assistant.content.service_spec import read_terms
from assistant.core.editors import Editor

router = APIRouter(prefix="/drafts/{name}/services/{service}/writes/{number}")


@router.get("")
async def show(me: Reader, parts: Parts, draft: OpenDraft, service: ServiceName, number: Number) -> Response:
    """What an act needs to be tried."""
    given(parts.write_sandbox)
    return _page(me, draft, service, await asyncio.to_thread(exchange_of, draft, service, "writes", number, Write))


@router.post("")
async def try_it(
    me: Teacher, parts: Parts, draft: OpenDraft, service: ServiceName, number: Number, form: Sent
) -> Response:
    """Do an act in a sandbox that is made for it; the draft and everything else stay as they are."""
    sandbox = given(parts.write_sandbox)
    write = await asyncio.to_thread(exchange_of, draft, service, "writes", number, Write)
    said = {name: form.get(name) for name in form.fields}
    values = {name: said[name] for name in _needed(write) if said.get(name)}
    terms = await asyncio.to_thread(read_terms, draft.folder)
    body = write.filled(lambda field, _: form.get(f"body.{field}") or None)
    attempted = await sandbox(service, write, values, body, terms)
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
