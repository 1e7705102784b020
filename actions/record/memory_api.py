"""What this assistant itself keeps about a person, as an X-Road service: told in numbers, forgotten on their wish."""

import secrets
import time
from collections import Counter
from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Column, Double, MetaData, String, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.citizen_data import CitizenData
from actions.record.provider import Callers, CallRefused, ProviderRoute, read_key
from assistant.database import SqlDatabase

_METADATA = MetaData()
_FORGETTINGS = Table(
    "forgettings",
    _METADATA,
    Column("key", String, primary_key=True),
    Column("subject", String, nullable=False),
    Column("receipt", String, nullable=False),
    Column("at", Double, nullable=False),
)
_DAY_SECONDS = 86400


class Forgettings:
    """Who wished to be forgotten, by idempotency key; all methods raise `ServiceUnavailable` if the database fails."""

    def __init__(self, database: SqlDatabase, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def open(self) -> None:
        """Make what is missing."""
        await self._database.create(_METADATA)

    async def note(self, subject: str, key: str) -> str:
        """The receipt of this wish; the same wish has the same."""

        async def note(connection: AsyncConnection) -> str:
            theirs = select(_FORGETTINGS).where(_FORGETTINGS.c.key == key)
            if known := (await connection.execute(theirs.with_for_update())).one_or_none():
                if known.subject != subject:
                    raise CallRefused(422, "key_reused", "the Idempotency-Key was used for something else")
                return str(known.receipt)
            receipt = f"KR-{secrets.randbelow(10**8):08d}"
            await connection.execute(
                insert(_FORGETTINGS).values(key=key, subject=subject, receipt=receipt, at=self._now())
            )
            return receipt

        return await self._database.write(note)

    async def forget(self, days: float) -> None:
        """Delete the wishes that are so many days old."""
        is_old = _FORGETTINGS.c.at <= self._now() - days * _DAY_SECONDS
        await self._database.write(lambda connection: connection.execute(delete(_FORGETTINGS).where(is_old)))

    async def receipt(self, subject: str, key: str) -> str | None:
        """The receipt of the wish that this person made with this key."""
        theirs = select(_FORGETTINGS.c.receipt).where(_FORGETTINGS.c.key == key, _FORGETTINGS.c.subject == subject)
        async with self._database.transaction() as connection:
            found: str | None = (await connection.execute(theirs)).scalar_one_or_none()
            return found


def build_memory_router(data: CitizenData, forgettings: Forgettings, callers: Callers) -> APIRouter:
    """The routes of `memory`; sessions and dialogues are the gateway's to forget, once it sees the reply."""
    path = "/memory/v1/persons/{person}"
    router = APIRouter(route_class=ProviderRoute)

    @router.get(path + "/memory")
    async def tell(request: Request, person: str) -> dict[str, str]:
        callers.check_own(request, person)
        count = Counter(str(record["kind"]) for record in await data.kept_of(person))
        return {
            name: str(count[kind])
            for name, kind in (("accesses", "access"), ("restrictions", "restriction"), ("writes", "write"))
        }

    @router.post(path + "/forgettings")
    async def forget(request: Request, person: str) -> JSONResponse:
        callers.check_own(request, person)
        receipt = await forgettings.note(person, read_key(request))
        await data.forget(person)
        return JSONResponse({"receiptNumber": receipt}, 201)

    @router.get(path + "/forgettings/{key}")
    async def tell_forgetting(request: Request, person: str, key: str) -> dict[str, str]:
        callers.check_own(request, person)
        receipt = await forgettings.receipt(person, key)
        if receipt is None:
            raise CallRefused(404, "unknown_key", "nothing was done with this Idempotency-Key")
        return {"receiptNumber": receipt}

    return router
