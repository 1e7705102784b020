"""The citizen's speakers as an X-Road service of our own: which there are, and what takes something away from them.

What gives a speaker more (linking, unlocking, the consent to speak) is done on the citizen's own page alone.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, ValidationError

from actions.record.provider import Callers, CallRefused, ProviderRoute, read_key
from actions.record.receipts import Receipts
from assistant.core.devices import Change, Device, Devices, checked_name
from assistant.core.errors import UnknownDevice
from assistant.core.ports import Session


class Unlinking(BaseModel, strict=True, extra="forbid"):
    """The body that unlinks a speaker."""

    change: Literal["unlink"]
    speaker: str


class Renaming(BaseModel, strict=True, extra="forbid"):
    """The body that renames one."""

    change: Literal["rename"]
    speaker: str
    name: Annotated[str, AfterValidator(checked_name)]


def build_speakers_router(devices: Devices, receipts: Receipts, callers: Callers) -> APIRouter:
    """The routes of `speakers`."""
    path = "/speakers/v1/persons/{person}"
    router = APIRouter(route_class=ProviderRoute)

    @router.get(path + "/speakers")
    async def list_speakers(request: Request, person: str) -> dict[str, object]:
        callers.check_own(request, person)
        return {"speakers": [_describe(each) for each in await devices.of(person)]}

    @router.get(path + "/speakers/{device_id}")
    async def tell_speaker(request: Request, person: str, device_id: str) -> dict[str, object]:
        callers.check_own(request, person)
        found = next((each for each in await devices.of(person) if each.device_id == device_id), None)
        return {"isSpeaker": found is not None, **(_describe(found) if found else {})}

    @router.post(path + "/changes")
    async def change_speaker(request: Request, person: str) -> JSONResponse:
        callers.check_own(request, person)
        key = read_key(request)
        wanted = await _read_body(request)
        if await receipts.find(person, key) is None:
            await _change(devices, person, wanted)
        return JSONResponse({"receiptNumber": await receipts.note(person, key)}, 201)

    @router.get(path + "/changes/{key}")
    async def tell_change(request: Request, person: str, key: str) -> dict[str, str]:
        callers.check_own(request, person)
        return await receipts.tell(person, key)

    return router


async def _change(devices: Devices, person: str, wanted: Unlinking | Renaming) -> None:
    try:
        if isinstance(wanted, Unlinking):
            await devices.unlink(wanted.speaker, person)
        else:
            await devices.change(wanted.speaker, Change(name=wanted.name), Session("", "", person))
    except UnknownDevice:
        raise CallRefused(422, "no_such_speaker", "no speaker of this person") from None


def _describe(device: Device) -> dict[str, object]:
    state = "speaker_locked" if device.is_locked else "speaker_unlocked"
    return {"speaker": device.device_id, "name": device.name, "state": state}


async def _read_body(request: Request) -> Unlinking | Renaming:
    # Not a parameter of the route: FastAPI's answer to a wrong one quotes the body.
    body = await request.body()
    for kind in (Unlinking, Renaming):
        try:
            return kind.model_validate_json(body)
        except ValidationError:
            continue
    raise CallRefused(422, "unfit_name", "the body is not as described, or no speaker can be called so")
