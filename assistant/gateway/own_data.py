"""What Kratt keeps about the citizen who is logged in: as a file, and gone on their wish."""

import json
from datetime import UTC, datetime

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from assistant.core.errors import NotAllowed
from assistant.gateway.conversations import COOKIE, resume
from assistant.gateway.intake import check_origin
from assistant.gateway.parts import GatewayParts, Parts
from assistant.gateway.rates import count_login_of_address

FILE_NAME = "kratt-data.json"

router = APIRouter(
    prefix="/v1/own-data",
    tags=["own data"],
    dependencies=[Depends(check_origin), Depends(count_login_of_address)],
)


class ForgottenBody(BaseModel):
    """What was deleted."""

    forgotten: dict[str, int] = Field(description="Number of records by store")


@router.get("", response_class=Response)
async def export_own_data(request: Request, parts: Parts) -> Response:
    """Hand out everything that Kratt keeps about the citizen, as a file."""
    subject = await _subject(request, parts)
    kept = await parts.own_data.tell(subject)
    content = {"person": subject, "at": datetime.now(UTC).isoformat(timespec="seconds"), "kept": kept}
    return Response(
        json.dumps(content, ensure_ascii=False, indent=2),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{FILE_NAME}"'},
    )


@router.delete("")
async def forget_own_data(request: Request, response: Response, parts: Parts) -> ForgottenBody:
    """Forget the citizen: sessions on all devices, dialogues and their key, acts that have ended."""
    forgotten = await parts.own_data.forget(await _subject(request, parts))
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=parts.is_https)
    return ForgottenBody(forgotten=dict(forgotten))


async def _subject(request: Request, parts: GatewayParts) -> str:
    session = await resume(request, parts.sessions)
    if session is None or session.subject is None:
        raise NotAllowed("nobody is logged in")
    return session.subject
