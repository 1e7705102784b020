"""What citizens have to know before they ask."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from assistant.gateway.parts import Parts
from assistant.intake import set_language

router = APIRouter(tags=["page"])


class NoticeBody(BaseModel):
    """One notice."""

    text: str
    urgent: bool = Field(description="Whether it is about an emergency")


@router.get("/v1/notices")
async def show_notices(
    request: Request, parts: Parts, language: Annotated[str | None, Query(description="`en`, `et` or `ru`")] = None
) -> list[NoticeBody]:
    """Hand out the notices of the moment, urgent ones first."""
    chosen = set_language(request, language, parts.default_language)
    return [NoticeBody(text=notice.text[chosen], urgent=notice.urgent) for notice in parts.notices()]
