"""The page and its words."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, Field

from assistant.gateway.desk import FOLDER as DESK
from assistant.gateway.parts import Parts
from assistant.intake import set_language

FOLDER = Path(__file__).parent / "page"

router = APIRouter(tags=["page"])


class WordsBody(BaseModel):
    """What the page says itself, and what it has to know of the gateway."""

    language: str
    words: dict[str, str]
    hears: bool = Field(description="Whether there is a speech model for the language")
    text_characters: int = Field(description="Longest text of a turn")


@router.get("/", include_in_schema=False)
async def show_page() -> Response:
    """Hand out the page."""
    return FileResponse(FOLDER / "index.html", headers={"Cache-Control": "no-cache"})


@router.get("/v1/words")
async def show_words(
    request: Request, parts: Parts, language: Annotated[str | None, Query(description="`en`, `et` or `ru`")] = None
) -> WordsBody:
    """Hand out the words of the page."""
    chosen = set_language(request, language, parts.default_language)
    return WordsBody(
        language=chosen.value,
        words=dict(parts.words[chosen]),
        hears=chosen in parts.speech.languages(),
        text_characters=parts.limits.text_characters,
    )


class _Files(StaticFiles):
    def file_response(self, *args: object, **options: object) -> Response:
        response = super().file_response(*args, **options)  # type: ignore[arg-type]  # passed on as it came
        response.headers["Cache-Control"] = "no-cache"  # revalidated by ETag: a new release shows at once
        return response


def add_page(app: FastAPI) -> None:
    """Serve the page's own files under `/page`, and those of the desk's under `/desk_page`."""
    app.include_router(router)
    app.mount("/page", _Files(directory=FOLDER), name="page")
    app.mount("/desk_page", _Files(directory=DESK), name="desk_page")
