"""What this assistant itself keeps about a person, as an X-Road service: told in numbers, forgotten on their wish."""

from collections import Counter

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from actions.citizen_data import CitizenData
from actions.record.provider import Callers, ProviderRoute, read_key
from actions.record.receipts import Receipts


def build_memory_router(data: CitizenData, receipts: Receipts, callers: Callers) -> APIRouter:
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
        receipt = await receipts.note(person, read_key(request))
        await data.forget(person)
        return JSONResponse({"receiptNumber": receipt}, 201)

    @router.get(path + "/forgettings/{key}")
    async def tell_forgetting(request: Request, person: str, key: str) -> dict[str, str]:
        callers.check_own(request, person)
        return await receipts.tell(person, key)

    return router
