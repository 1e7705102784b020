"""Our own restrictions as an X-Road service: what a citizen blocks here, this assistant does not read."""

import re
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, ValidationError

from actions.record.provider import Callers, CallRefused, ProviderRoute, read_key
from actions.record.restrictions import EVERYTHING, Change, Restriction, Restrictions
from actions.xroad.identifiers import ServiceId
from assistant.core.errors import ServiceRefused

_INSTITUTION = re.compile(r"\d{8}", re.ASCII)


def _scope(value: str) -> str:
    try:
        if value != EVERYTHING and not _INSTITUTION.fullmatch(value):
            ServiceId.parse(value)
    except ServiceRefused:
        raise ValueError("needs all, an institution's code or an X-Road service") from None
    return value


class WantedChange(BaseModel, strict=True, extra="forbid"):
    """The body that blocks or unblocks."""

    scope: Annotated[str, AfterValidator(_scope)]
    blocked: bool


def build_restrictions_router(restrictions: Restrictions, callers: Callers) -> APIRouter:
    """The routes of `restrictions`."""
    path = "/restrictions/v1/persons/{person}/restrictions"
    router = APIRouter(route_class=ProviderRoute)

    @router.get(path)
    async def list_restrictions(request: Request, person: str) -> dict[str, object]:
        callers.check_own(request, person)
        return {"restrictions": [_describe(each) for each in await restrictions.of(person)]}

    @router.post(path)
    async def change_restrictions(request: Request, person: str) -> JSONResponse:
        callers.check_own(request, person)
        key = read_key(request)
        wanted = await _read_body(request)
        try:
            done = await restrictions.change(key, Change(person, wanted.scope, wanted.blocked))
        except ServiceRefused:
            raise CallRefused(422, "key_reused", "the Idempotency-Key was used for something else") from None
        return JSONResponse(_receipt(done), 201)

    @router.get(path + "/{key}")
    async def tell_change(request: Request, person: str, key: str) -> dict[str, object]:
        callers.check_own(request, person)
        done = await restrictions.changed_by(person, key)
        if done is None:
            raise CallRefused(404, "unknown_key", "nothing was done with this Idempotency-Key")
        return _receipt(done)

    return router


def _describe(restriction: Restriction) -> dict[str, object]:
    since = datetime.fromtimestamp(restriction.since, UTC).isoformat(timespec="seconds")
    return {"scope": restriction.scope, "blocked": True, "since": since}


def _receipt(change: Change) -> dict[str, object]:
    return {"receiptNumber": change.receipt, "scope": change.scope, "blocked": change.blocked}


async def _read_body(request: Request) -> WantedChange:
    # Not a parameter of the route: FastAPI's answer to a wrong one quotes the body.
    try:
        return WantedChange.model_validate_json(await request.body())
    except ValidationError:
        raise CallRefused(400, "body_malformed", "the body is not as described") from None
