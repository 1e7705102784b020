"""The HTTP face of the actions: rasa_sdk's webhook protocol, without rasa_sdk's server.

rasa_sdk answers a failure with the exception's words and the whole tracker, and logs both; none of it may leave here.
"""

import hmac
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, ValidationError
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from actions.dialogue.flow import ServiceFlow
from actions.news import News
from actions.registry import build_actions, build_executor
from actions.xroad.preflight import Preflight
from assistant.content.service_spec import Service
from assistant.content.spec import Terms
from assistant.core.errors import KrattError, NotAllowed
from assistant.core.redaction import places_of

_log = logging.getLogger("kratt.actions")


class TrackerState(BaseModel, extra="allow"):
    """The state of the dialogue, as far as every action needs it."""

    sender_id: str
    slots: dict[str, Any]
    latest_message: dict[str, Any]
    events: list[dict[str, Any]] = []


class ActionCall(BaseModel):
    """What the dialogue engine sends; the domain, which comes along, is not needed."""

    next_action: Annotated[str, Field(min_length=1)]
    tracker: TrackerState


@dataclass(frozen=True)
class Parts:
    """What the action server is made of; `lifetime` opens what must be open while it runs, and closes it."""

    services: Sequence[Service]
    terms: Terms
    flow: ServiceFlow
    news: News
    lifetime: Callable[[], AbstractAsyncContextManager[None]]
    own_services: Sequence[APIRouter] = ()
    preflight: Preflight | None = None
    for_gateway: APIRouter = field(default_factory=APIRouter)


@dataclass(frozen=True)
class Secrets:
    """What only our own processes know: `turn` signs turn contexts, `token` opens this server to the engine."""

    turn: str
    token: str


def create_app(parts: Parts, secrets: Secrets) -> FastAPI:
    """The action server: actions for the dialogue engine, and our own X-Road services below /xroad.

    Raises:
        ServiceRefused: a call names something that is no X-Road service.
    """
    executor = build_executor(build_actions(parts.services, parts.terms, parts.flow, parts.news, secrets.turn))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with parts.lifetime():
            yield

    app = FastAPI(title="Kratt actions", lifespan=lifespan, openapi_url=None)
    app.add_exception_handler(NotAllowed, _refuse)
    own = APIRouter(dependencies=[Depends(_Token(secrets.token))])

    @own.post("/webhook")
    async def run_action(request: Request) -> JSONResponse:
        # Not a parameter of type ActionCall: FastAPI's answer to a wrong one quotes the body.
        try:
            call = ActionCall.model_validate_json(await request.body())
        except ValidationError:
            # Not 400: to the engine that is an action which declined to run.
            return JSONResponse(_failure("malformed_call", "this is not a call of an action"), 422)
        return await _run(executor, call)

    @own.get("/actions")
    async def list_actions() -> list[dict[str, str]]:
        return [{"name": name} for name in executor.actions]

    @own.get("/readiness")
    async def tell_readiness() -> dict[str, Mapping[str, Mapping[str, str]]]:
        return {"services": parts.preflight.report if parts.preflight else {}}

    @app.get("/healthz")
    async def tell_health() -> dict[str, str]:
        return {"status": "ok"}

    own.include_router(parts.for_gateway)
    app.include_router(own)
    for router in parts.own_services:
        app.include_router(router, prefix="/xroad")
    return app


@dataclass(frozen=True)
class _Token:
    """Lets in who has the token; a turn's context says who asks, but not that the engine does."""

    token: str

    async def __call__(self, request: Request) -> None:
        given = request.headers.get("authorization", "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, f"Bearer {self.token}".encode()):
            raise NotAllowed("wrong or missing token")


async def _refuse(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse(_failure(NotAllowed.code, str(error)), 401, {"WWW-Authenticate": "Bearer"})


async def _run(executor: ActionExecutor, call: ActionCall) -> JSONResponse:
    # An empty domain: without one the executor asks for it (449), with one it keeps the domain of whoever called last.
    try:
        result = await executor.run({**call.model_dump(), "domain": {}})
        return JSONResponse(result.model_dump())
    except ActionExecutionRejection as error:
        return JSONResponse({"error": error.message, "action_name": error.action_name}, 400)
    except ActionNotFoundException as error:
        return JSONResponse({"error": "there is no such action", "action_name": error.action_name}, 404)
    except Exception as error:  # noqa: BLE001  # the action boundary: the words of an exception may be a citizen's
        code = error.code if isinstance(error, KrattError) else "unexpected"
        facts = {"action": call.next_action, "code": code, "exception": _kinds(error), "at": places_of(error)}
        _log.error("action failed", extra={"facts": facts})  # a traceback would end in those words
        return JSONResponse(_failure(code, "the action failed"), 500)


def _failure(code: str, message: str) -> Mapping[str, str]:
    return {"code": code, "message": message}


def _kinds(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return ", ".join(_kinds(part) for part in error.exceptions)
    return type(error).__name__
