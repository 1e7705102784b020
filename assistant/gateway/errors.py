"""From errors to HTTP: the one place that knows status codes."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from assistant.core.errors import (
    AlreadyTaken,
    Busy,
    KrattError,
    LoginRefused,
    MalformedTurn,
    NotAllowed,
    ServiceUnavailable,
    TooManyGuesses,
    TooMuch,
    TooOften,
    UnknownApp,
    UnknownCase,
    UnknownConversation,
    UnknownDevice,
    UnknownLanguage,
    UnsupportedAudio,
    WrongCode,
)
from assistant.core.languages import Language
from assistant.gateway.notice_page import notice_page
from assistant.gateway.parts import GatewayParts
from assistant.intake import language_of
from assistant.pipeline.present import error_words

UNEXPECTED = "unexpected"

_STATUSES: dict[type[KrattError], int] = {
    MalformedTurn: 400,
    UnknownLanguage: 400,
    NotAllowed: 403,
    LoginRefused: 403,
    UnknownConversation: 404,
    UnknownDevice: 404,
    WrongCode: 404,
    UnknownApp: 404,
    UnknownCase: 404,
    AlreadyTaken: 409,
    TooMuch: 413,
    UnsupportedAudio: 415,
    TooManyGuesses: 429,
    TooOften: 429,
    Busy: 503,
    ServiceUnavailable: 503,
}
ERROR_STATUSES = (*sorted({*_STATUSES.values()}), 500)
"""Every status that an error may have."""
_CODES = {404: "not_found", 405: "method_not_allowed"}


class ErrorBody(BaseModel):
    """Why a request could not become a turn."""

    code: str = Field(description="Stable name of the error, such as `malformed_turn`")
    message: str = Field(description="The same in words for a citizen, in the request's language")


def error_body(code: str, language: Language, parts: GatewayParts) -> ErrorBody:
    """The error in words."""
    return ErrorBody(code=code, message=error_words(code, language, parts.responses))


def add_error_handlers(app: FastAPI, parts: GatewayParts) -> None:
    """Answer every expected error in one shape."""

    async def answer(request: Request, error: Exception) -> Response:
        status, code = _status_and_code(error)
        language = language_of(request, parts.default_language)
        body = error_body(code, language, parts)
        if _is_login_in_browser(request):
            page = notice_page(body.message, parts.words[language]["title"], language, status, data={"code": body.code})
            page.headers.update(_headers(error))
            return page
        return JSONResponse(body.model_dump(), status, _headers(error))

    for kind in (KrattError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, answer)


def _status_and_code(error: Exception) -> tuple[int, str]:
    if isinstance(error, HTTPException):
        return error.status_code, _CODES.get(error.status_code, MalformedTurn.code)
    if isinstance(error, RequestValidationError):
        return _STATUSES[MalformedTurn], MalformedTurn.code
    statuses = (_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES)
    status = next(statuses, None)
    return (status, str(getattr(error, "code", UNEXPECTED))) if status else (500, UNEXPECTED)


def _headers(error: Exception) -> dict[str, str]:
    if isinstance(error, TooOften):
        return {"Retry-After": str(error.retry_after_seconds)}
    return dict(error.headers or {}) if isinstance(error, HTTPException) else {}


def _is_login_in_browser(request: Request) -> bool:
    """A login is navigated to, not fetched: its errors are read by a person."""
    is_login = request.url.path.startswith(("/v1/login", "/v1/smart-id"))
    return is_login and "text/html" in request.headers.get("accept", "")
