"""The citizen's own Smart-ID app: linked in their own browser, so that acts can be confirmed there (docs/adr/0024).

The app is on the same phone, which comes back to the page, or on another device, which reads a QR code from it.
"""

import hmac
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from assistant.core.errors import NotAllowed
from assistant.core.ports import PhoneAnswer, Session
from assistant.gateway.devices import Citizen
from assistant.gateway.intake import check_origin
from assistant.gateway.parts import Parts
from assistant.gateway.qr_code import QrBody, qr_code
from assistant.gateway.rates import count_login_of_address, count_turn_of_address
from assistant.intake import set_language
from assistant.pipeline.link_app import LinkLook
from assistant.return_cookie import ReturnCookie

LINK_PATH = "/v1/smart-id"
_LINK = ReturnCookie("kratt_smart_id", LINK_PATH, 300)
_COUNTED = Depends(count_login_of_address)

router = APIRouter(prefix=LINK_PATH, tags=["login"])


class LinkCodeBody(BaseModel):
    """What has come of linking an app on another device."""

    state: Literal["waiting", "linked", "not_linked"] = Field(
        description="`not_linked` if it was refused there, or not confirmed in time"
    )
    given_name: str = Field(description="Whom the app is linked to")
    address: str = Field(description="While it is waited for: what the app has to read now, another every second")
    qr: QrBody | None = Field(description="The same to be drawn")


@router.get("", status_code=302, response_class=RedirectResponse, dependencies=[_COUNTED])
async def begin_link(request: Request, citizen: Citizen, parts: Parts, language: str | None = None) -> Response:
    """Send the browser of the citizen who is logged in to the Smart-ID app on the same phone."""
    chosen = set_language(request, language, parts.default_language)
    # Smart-ID comes back to https addresses alone; without TLS, which production asks for, only the sandbox is there.
    here = f"https://{parts.public_url.partition('://')[2]}{LINK_PATH}/callback"
    address, state = await parts.link_app.begin(citizen.subject or "", chosen, lambda state: f"{here}?state={state}")
    response = RedirectResponse(address, 302)
    _LINK.put(response, state, is_https=parts.is_https)
    return response


@router.get("/callback", status_code=302, response_class=RedirectResponse, dependencies=[_COUNTED])
async def finish_link(
    request: Request,
    parts: Parts,
    state: Annotated[str, Query(max_length=200)] = "",
    secret_digest: Annotated[str, Query(alias="sessionSecretDigest", max_length=200)] = "",
    verifier: Annotated[str, Query(alias="userChallengeVerifier", max_length=200)] = "",
) -> Response:
    """Take the browser back from the app, once, and remember which app it is."""
    if not hmac.compare_digest(state.encode(), request.cookies.get(_LINK.name, "").encode()):
        raise NotAllowed("the link was begun in another browser")
    await parts.link_app.finish(state, secret_digest, verifier)
    response = RedirectResponse("/?smart_id=linked", 302)
    _LINK.drop(response, is_https=parts.is_https)
    return response


@router.post("/codes", status_code=201, dependencies=[Depends(check_origin), _COUNTED])
async def show_code(
    request: Request, response: Response, citizen: Citizen, parts: Parts, language: str | None = None
) -> LinkCodeBody:
    """Begin a link for the Smart-ID app of the citizen who is logged in, on another device: a QR code for it."""
    chosen = set_language(request, language, parts.default_language)
    look, state = await parts.link_app.show(citizen.subject or "", chosen)
    _LINK.put(response, state, is_https=parts.is_https)
    return _code_body(look, citizen)


@router.post("/codes/next", dependencies=[Depends(check_origin), Depends(count_turn_of_address)])
async def show_next_code(request: Request, response: Response, citizen: Citizen, parts: Parts) -> LinkCodeBody:
    """Wait a second for the app: what has come of it, and the code that is shown from now on."""
    look = await parts.link_app.look(request.cookies.get(_LINK.name, ""), citizen.subject or "")
    if look.answer is not PhoneAnswer.WAITING:
        _LINK.drop(response, is_https=parts.is_https)
    return _code_body(look, citizen)


_STATES: dict[PhoneAnswer, Literal["waiting", "linked"]] = {
    PhoneAnswer.WAITING: "waiting",
    PhoneAnswer.CONFIRMED: "linked",
}


def _code_body(look: LinkLook, citizen: Session) -> LinkCodeBody:
    return LinkCodeBody(
        state=_STATES.get(look.answer, "not_linked"),
        given_name=citizen.given_name,
        address=look.address,
        qr=qr_code(look.address) if look.address else None,
    )
