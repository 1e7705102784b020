"""Faults on demand: how one register misbehaves, until told otherwise."""

import asyncio
import dataclasses
import uuid
from enum import StrEnum
from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from assistant.sandbox.provider import Answer, problem
from assistant.sandbox.xroad_error import PROVIDER_UNREACHABLE, XroadError
from assistant.sandbox.xroad_message import Identifier

LONGEST_DELAY_SECONDS = 60


class FaultKind(StrEnum):
    """What goes wrong."""

    HTML = "html"
    SERVER_ERROR = "server_error"
    XROAD_ERROR = "xroad_error"
    REDIRECT = "redirect"
    TRUNCATED = "truncated"
    WRONG_ECHO = "wrong_echo"
    DELAY = "delay"


class Fault(BaseModel):
    """A fault of one service; `seconds` is only for a delay."""

    fault: FaultKind
    seconds: float = Field(0, ge=0, le=LONGEST_DELAY_SECONDS)


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
        """Let every call of a service misbehave this way; the end of its identifier names it, and all that end so."""
        end = tuple(service.split("/"))
        named = [identifier for identifier in self._services if identifier[-len(end) :] == end]
        if not named:
            raise HTTPException(HTTPStatus.NOT_FOUND, "no such service")
        self._in_force |= dict.fromkeys(named, fault)

    async def clear(self) -> None:
        """Let every service behave again."""
        self._in_force.clear()

    async def spoil(self, service: Identifier, answer: Answer) -> Answer:
        """The answer as the fault in force leaves it.

        Raises:
            XroadError: the fault is one of X-Road itself.
        """
        fault = self._in_force.get(service)
        if fault is None:
            return answer
        if fault.fault is FaultKind.XROAD_ERROR:
            raise XroadError(PROVIDER_UNREACHABLE, "Connection refused")
        if fault.fault is FaultKind.DELAY:
            await asyncio.sleep(fault.seconds)
        return _spoilt(answer, fault.fault)


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
        case _:
            return answer
