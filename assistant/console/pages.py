"""Pages: templates filled in on the server, and the errors that editors see."""

from pathlib import Path
from typing import Literal

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.responses import Response

from assistant.console.access import SignInFirst
from assistant.console.sign_in import PATH as SIGN_IN
from assistant.content.marks import pieces
from assistant.core.editors import Role
from assistant.core.errors import (
    Busy,
    CallerError,
    ContentError,
    EditRefused,
    KrattError,
    NotAllowed,
    OperationFailed,
    ServiceUnavailable,
    StageError,
    TooMuch,
    TooOften,
)

FOLDER = Path(__file__).parent
CITIZENS_PAGE = FOLDER.parent / "gateway" / "page"
Microphone = Literal["microphone.js", "recorder_worklet.js", "resampler.js", "voice_gate.js"]
"""What citizens speak with, editors speak with, too."""
_STATUSES: dict[type[KrattError], int] = {
    CallerError: 400,
    NotAllowed: 403,
    TooMuch: 413,
    ContentError: 422,
    EditRefused: 422,
    OperationFailed: 422,
    TooOften: 429,
    ServiceUnavailable: 503,
    StageError: 503,
    Busy: 503,
}

_TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals.update(editor=Role.EDITOR, publisher=Role.PUBLISHER, reviewer=Role.REVIEWER)
_TEMPLATES.filters["words"] = lambda name: str(name).replace("_", " ")
_TEMPLATES.filters["pieces"] = pieces


def page(template: str, status: int = 200, **facts: object) -> Response:
    """A page; the templates say which facts they need."""
    return HTMLResponse(_TEMPLATES.get_template(template).render(**facts), status)


def seen(path: str) -> Response:
    """Send the browser on to a page after a change, so that loading it again changes nothing."""
    return RedirectResponse(path, 303)


def add_pages(app: FastAPI) -> None:
    """Serve the pages' own files, and put errors into words."""
    app.mount("/assets", StaticFiles(directory=FOLDER / "assets"), name="assets")
    app.add_api_route("/page/{name}", _microphone)

    async def sign_in(request: Request, _: Exception) -> Response:
        return page("sign_in.html", 401, title="Sign in", sign_in=SIGN_IN, was_sent=_was_sent(request))

    async def refuse(request: Request, error: Exception) -> Response:
        status = next((_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES), 500)
        detail = error.detail if isinstance(error, KrattError) else ""
        return error_page(status, "That did not work", detail, was_sent=_was_sent(request))

    async def answer(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return error_page(status, "There is no such page", was_sent=_was_sent(request))

    app.add_exception_handler(SignInFirst, sign_in)
    app.add_exception_handler(KrattError, refuse)
    app.add_exception_handler(HTTPException, answer)


def error_page(status: int, title: str, detail: str = "", *, was_sent: bool = False) -> Response:
    """The page of what went wrong; `was_sent`: with a form, which the editor may want to send again."""
    return page("error.html", status, title=title, detail=detail, was_sent=was_sent)


def _was_sent(request: Request) -> bool:
    return request.method == "POST"


async def _microphone(name: Microphone) -> Response:
    return FileResponse(CITIZENS_PAGE / name)
