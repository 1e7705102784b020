"""Faults on demand: how a service misbehaves, until told otherwise."""

import asyncio
import dataclasses
import uuid
from collections.abc import Awaitable, Callable
from enum import StrEnum
from http import HTTPStatus
from typing import Literal, Self

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.sandbox.provider import Answer, problem
from assistant.sandbox.xroad_error import PROVIDER_UNREACHABLE, XroadError
from assistant.sandbox.xroad_message import Identifier

LONGEST_DELAY_SECONDS = 60

Act = Callable[[], Awaitable[Answer]]


class FaultKind(StrEnum):
    """What goes wrong."""

    HTML = "html"
    SERVER_ERROR = "server_error"
    XROAD_ERROR = "xroad_error"
    REDIRECT = "redirect"
    TRUNCATED = "truncated"
    WRONG_ECHO = "wrong_echo"
    DUPLICATE_HEADER = "duplicate_header"
    DISCONNECT = "disconnect"
    DELAY = "delay"


_SPOILS_THE_ANSWER = {FaultKind.TRUNCATED, FaultKind.WRONG_ECHO, FaultKind.DUPLICATE_HEADER}


class Fault(BaseModel):
    """A fault of one service.

    With `when` `before` it strikes before the register has done anything, otherwise when it has done all: after a delay
    before it, a register still acts, after the others it does not. `times` is for so many calls and `method` for calls
    of one method only. `seconds` belongs to a delay, `code` to an error of X-Road.
    """

    model_config = ConfigDict(extra="forbid")

    fault: FaultKind
    when: Literal["before", "after"] = "after"
    times: int | None = Field(None, ge=1)
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] | None = None
    seconds: float = Field(0, ge=0, le=LONGEST_DELAY_SECONDS)
    code: str = Field(PROVIDER_UNREACHABLE, pattern=r"^(client|server)(\.[a-z_]+)+$")

    @model_validator(mode="after")
    def _check_answer(self) -> Self:
        if self.when == "before" and self.fault in _SPOILS_THE_ANSWER:
            raise ValueError("there is no answer to spoil before the register acted")
        return self


class Faults:
    """The faults in force, by service, and the endpoints that change them."""

    def __init__(self, services: frozenset[Identifier]) -> None:
        self._services = services
        self._in_force: dict[Identifier, Fault] = {}

    def router(self) -> APIRouter:
        """`PUT /sandbox/faults/{service}` and `DELETE /sandbox/faults`."""
        router = APIRouter(prefix="/sandbox/faults", tags=["faults"])
        router.add_api_route("/{service:path}", self.put, methods=["PUT"], status_code=HTTPStatus.NO_CONTENT)
        router.add_api_route("", self.clear, methods=["DELETE"], status_code=HTTPStatus.NO_CONTENT)
        return router

    async def put(self, service: str, fault: Fault) -> None:
        """Let a service misbehave this way; the end of its identifier names it, and all others that end so."""
        end = tuple(service.split("/"))
        named = [identifier for identifier in self._services if identifier[-len(end) :] == end]
        if not named:
            raise HTTPException(HTTPStatus.NOT_FOUND, "no such service")
        self._in_force |= dict.fromkeys(named, fault)

    async def clear(self) -> None:
        """Let every service behave again."""
        self._in_force.clear()

    async def strike(self, service: Identifier, method: str, act: Act) -> Answer | None:
        """What `act` answers, as the fault in force leaves it; None if the connection ends without an answer.

        Raises:
            XroadError: the fault is one of X-Road itself.
        """
        fault = self._take(service, method)
        if fault is None:
            return await act()
        if fault.fault is FaultKind.DELAY:
            return await _late(fault, act)
        answer = Answer(b"") if fault.when == "before" else await act()
        if fault.fault is FaultKind.XROAD_ERROR:
            raise XroadError(fault.code, "Connection refused")
        return None if fault.fault is FaultKind.DISCONNECT else _spoilt(answer, fault.fault)

    def _take(self, service: Identifier, method: str) -> Fault | None:
        fault = self._in_force.get(service)
        if fault is None or fault.method not in {None, method}:
            return None
        if fault.times == 1:
            del self._in_force[service]
        elif fault.times:
            self._in_force[service] = fault.model_copy(update={"times": fault.times - 1})
        return fault


async def _late(fault: Fault, act: Act) -> Answer:
    if fault.when == "before":
        await asyncio.sleep(fault.seconds)
        return await act()
    answer = await act()
    await asyncio.sleep(fault.seconds)
    return answer


def _spoilt(answer: Answer, kind: FaultKind) -> Answer:
    match kind:
        case FaultKind.HTML:
            return Answer(b"<!doctype html><title>Maintenance</title><h1>Maintenance</h1>", media_type="text/html")
        case FaultKind.SERVER_ERROR:
            return problem(HTTPStatus.INTERNAL_SERVER_ERROR)
        case FaultKind.REDIRECT:
            return Answer(b"", HTTPStatus.FOUND, headers={"Location": "/healthz"})
        case FaultKind.TRUNCATED:
            return dataclasses.replace(answer, content=answer.content[: len(answer.content) // 2])
        case FaultKind.WRONG_ECHO:
            return dataclasses.replace(answer, headers={"X-Road-Id": str(uuid.uuid4())})
        case _:  # a duplicate header
            return dataclasses.replace(answer, repeated="X-Road-Id")
