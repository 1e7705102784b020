"""Speakers: they ask for a code, their citizen enters it, and decides what they may do (docs/guides/devices.md)."""

from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from assistant.content.own_responses import PAIRING_CODE
from assistant.core.devices import CODE_DIGITS, CODE_SECONDS, LONGEST_NAME, Change, Device, checked_name
from assistant.core.errors import MalformedTurn, NotAllowed, UnknownDevice
from assistant.core.languages import Language
from assistant.core.ports import Session
from assistant.gateway.callers import device_token
from assistant.gateway.conversations import resume
from assistant.gateway.intake import check_origin
from assistant.gateway.parts import GatewayParts, Parts
from assistant.gateway.rates import count_login_of_address
from assistant.intake import body_schema, media_type, read_body, set_language

router = APIRouter(prefix="/v1/devices", tags=["devices"], dependencies=[Depends(check_origin)])
waiting_router = APIRouter(prefix="/v1", tags=["devices"], dependencies=[Depends(check_origin)])


Body = TypeVar("Body", bound=BaseModel)
Name = Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(checked_name)]


class LinkBody(BaseModel):
    """The code that a speaker says, and what its citizen calls it."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=20, description="Six digits; blanks between them do not count")
    name: Name


class ChangeBody(BaseModel):
    """What is changed of a speaker."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    may_speak: bool | None = Field(None, description="The citizen's consent that it says personal things aloud")
    is_locked: bool | None = None


class DeviceBody(BaseModel):
    """A speaker, as its citizen sees it."""

    device_id: str
    name: str
    is_locked: bool
    may_speak: bool


class CodeBody(BaseModel):
    """A pairing code."""

    code: str
    seconds: float = Field(description="It works for so long, and once")
    say: str = Field(description="What the speaker says, in the language asked for")


class NewDeviceBody(CodeBody):
    """A speaker that has just been made known."""

    device_id: str
    token: str = Field(description="Secret: the speaker sends it with every request, as a bearer token")


class OwnBody(BaseModel):
    """What a speaker gets to know of itself."""

    is_linked: bool
    is_locked: bool


class WaitingBody(BaseModel):
    """A request that a speaker did not answer aloud, or a dialogue that its citizen wants to go on with here."""

    text: str = Field(description="Empty for a dialogue")
    language: str
    hand_over: str | None = Field(None, description="Secret: the token for `POST /v1/handovers/take`")


class WaitingListBody(BaseModel):
    """All that waits."""

    requests: list[WaitingBody]


def json_schema(kind: type[BaseModel]) -> dict[str, Any]:
    """OpenAPI of a body that is read by `read_json`."""
    return body_schema({"application/json": kind.model_json_schema()})


async def _citizen(request: Request, parts: Parts) -> Session:
    """The citizen's own session.

    Raises:
        NotAllowed: nobody is logged in in this browser.
    """
    session = await resume(request, parts.sessions)
    if session is None or session.subject is None:
        raise NotAllowed("nobody is logged in")
    return session


Citizen = Annotated[Session, Depends(_citizen)]


async def _token(request: Request) -> str:
    token = device_token(request)
    if token is None:
        raise UnknownDevice
    return token


Token = Annotated[str, Depends(_token)]


@router.post("", status_code=201, dependencies=[Depends(count_login_of_address)])
async def register_device(request: Request, parts: Parts, language: str | None = None) -> NewDeviceBody:
    """Make a speaker known: it gets its token, and the code by which its citizen links it."""
    chosen = set_language(request, language, parts.default_language)
    device, token, code = await parts.devices.register()
    said = _code_body(code, chosen, parts)
    return NewDeviceBody(device_id=device.device_id, token=token, **said.model_dump())


@router.get("")
async def list_devices(citizen: Citizen, parts: Parts) -> list[DeviceBody]:
    """The speakers of the citizen who is logged in."""
    return [_body(device) for device in await parts.devices.of(citizen.subject or "")]


@router.post("/link", openapi_extra=json_schema(LinkBody))
async def link_device(request: Request, citizen: Citizen, parts: Parts) -> DeviceBody:
    """Link the speaker that says a code to the citizen who is logged in. It is locked and may say nothing personal."""
    body = await read_json(request, LinkBody, parts)
    code = "".join(body.code.split())
    return _body(await parts.devices.link(code, body.name, citizen))


@router.post("/code")
async def give_code(request: Request, token: Token, parts: Parts, language: str | None = None) -> CodeBody:
    """Another pairing code for the speaker that asks; the one before is dead."""
    chosen = set_language(request, language, parts.default_language)
    return _code_body(await parts.devices.new_code(token), chosen, parts)


@router.get("/own")
async def show_own(token: Token, parts: Parts) -> OwnBody:
    """Whether the speaker that asks is linked, and locked. Whose it is, it does not get to know."""
    device = await parts.devices.find(token)
    return OwnBody(is_linked=device.subject is not None, is_locked=device.is_locked)


@router.post("/lock", status_code=204)
async def lock_own(token: Token, parts: Parts) -> Response:
    """Lock the speaker that asks: another voice was heard, or its button was pressed."""
    await parts.devices.lock((await parts.devices.find(token)).device_id)
    return Response(status_code=204)


@router.patch("/{device_id}", openapi_extra=json_schema(ChangeBody))
async def change_device(device_id: str, request: Request, citizen: Citizen, parts: Parts) -> DeviceBody:
    """Rename a speaker, lock or unlock it, or say whether it may say personal things aloud."""
    body = await read_json(request, ChangeBody, parts)
    return _body(await parts.devices.change(device_id, Change(**body.model_dump()), citizen))


@router.delete("/{device_id}", status_code=204)
async def unlink_device(device_id: str, citizen: Citizen, parts: Parts) -> Response:
    """Take a speaker from the citizen: from its next turn on it belongs to nobody."""
    await parts.devices.unlink(device_id, citizen.subject or "")
    return Response(status_code=204)


@waiting_router.post("/waiting")
async def take_waiting(citizen: Citizen, parts: Parts) -> WaitingListBody:
    """Hand out the requests that wait for the citizen's own screen, each once."""
    taken = await parts.own_screens.take(citizen.subject or "")
    return WaitingListBody(
        requests=[WaitingBody(text=each.text, language=each.language.value, hand_over=each.hand_over) for each in taken]
    )


async def read_json(request: Request, kind: type[Body], parts: GatewayParts) -> Body:
    """The body of a request that changes something.

    Raises:
        MalformedTurn: it is not JSON, or has other fields than `kind`.
    """
    if media_type(request) != "application/json":  # a form of another page cannot send this type
        raise MalformedTurn("a change is application/json")
    try:
        return kind.model_validate_json(await read_body(request, parts.limits.json_bytes))
    except ValidationError:
        raise MalformedTurn("not the fields that belong here") from None


def _code_body(code: str, language: Language, parts: GatewayParts) -> CodeBody:
    half = CODE_DIGITS // 2
    digits = f"{' '.join(code[:half])}, {' '.join(code[half:])}"  # said one by one, with a breath between
    return CodeBody(code=code, seconds=CODE_SECONDS, say=parts.responses[PAIRING_CODE][language].format(code=digits))


def _body(device: Device) -> DeviceBody:
    return DeviceBody(
        device_id=device.device_id, name=device.name, is_locked=device.is_locked, may_speak=device.may_speak
    )
