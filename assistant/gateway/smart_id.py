"""The citizen's own Smart-ID app: linked on their own phone, so that acts can be confirmed there (docs/adr/0024)."""

import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from assistant.core.errors import NotAllowed
from assistant.gateway.devices import Citizen
from assistant.gateway.parts import Parts
from assistant.gateway.rates import count_login_of_address
from assistant.intake import set_language
from assistant.return_cookie import ReturnCookie

LINK_PATH = "/v1/smart-id"
_LINK = ReturnCookie("kratt_smart_id", LINK_PATH, 300)

router = APIRouter(prefix=LINK_PATH, tags=["login"], dependencies=[Depends(count_login_of_address)])


@router.get("", status_code=302, response_class=RedirectResponse)
async def begin_link(request: Request, citizen: Citizen, parts: Parts, language: str | None = None) -> Response:
    """Send the browser of the citizen who is logged in to the Smart-ID app on the same phone."""
    chosen = set_language(request, language, parts.default_language)
    # Smart-ID comes back to https addresses alone; without TLS, which production asks for, only the sandbox is there.
    here = f"https://{parts.public_url.partition('://')[2]}{LINK_PATH}/callback"
    address, state = await parts.link_app.begin(citizen.subject or "", chosen, lambda state: f"{here}?state={state}")
    response = RedirectResponse(address, 302)
    _LINK.put(response, state, is_https=parts.is_https)
    return response


@router.get("/callback", status_code=302, response_class=RedirectResponse)
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
