"""A call of a service in a draft, tried against the sandbox's register."""

import asyncio

from fastapi import APIRouter
from starlette.responses import Response

from assistant.console.access import Reader, Teacher
from assistant.console.drafts import OpenDraft
from assistant.console.exchanges import Number, exchange_of, given
from assistant.console.forms import Sent
from assistant.console.pages import page
from assistant.console.parts import Called, Parts
from assistant.console.services import ServiceName
from assistant.content.editing.draft import Draft
from assistant.content.exchange_spec import TODAY, Call
from assistant.content.service_spec import read_terms
from assistant.core.editors import Editor

router = APIRouter(prefix="/drafts/{name}/services/{service}/calls/{number}")


@router.get("")
async def show(me: Reader, parts: Parts, draft: OpenDraft, service: ServiceName, number: Number) -> Response:
    """What a call needs to be made."""
    given(parts.call_sandbox)
    return _page(
        me, draft, service, await asyncio.to_thread(exchange_of, draft, service, "calls", number, Call), {}, None
    )


@router.post("")
async def try_it(
    me: Teacher, parts: Parts, draft: OpenDraft, service: ServiceName, number: Number, form: Sent
) -> Response:
    """Make a call of the sandbox's register; the draft stays as it is."""
    sandbox = given(parts.call_sandbox)
    call = await asyncio.to_thread(exchange_of, draft, service, "calls", number, Call)
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
