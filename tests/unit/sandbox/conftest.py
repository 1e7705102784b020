import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

import pytest

from assistant.sandbox.register import Register
from assistant.sandbox.registers import find_registers
from assistant.sandbox.state import State
from assistant.sandbox.xroad_message import RestRequest, read_identifier

TODAY = date(2027, 2, 26)


@dataclass(frozen=True)
class Person:
    """Somebody who asks a register about themselves, with nothing between; answers are status and JSON."""

    subject: str
    state: State
    represented: str | None = None

    def acting_for(self, other: str) -> Self:
        return replace(self, represented=other)

    @property
    def today(self) -> date:
        return TODAY

    @property
    def _path(self) -> str:
        who = self.represented or self.subject
        return f"v1/persons/{who}" if who.startswith("EE") else f"v1/companies/{who}"

    async def get(self, service: str, path: str) -> tuple[int, Any]:
        return await self._call(service, f"{self._path}/{path}")

    async def get_public(self, service: str, path: str) -> Any:
        return (await self._call(service, f"v1/{path}"))[1]

    async def ask_tracker(self, service: str, path: str) -> tuple[int, Any]:
        return await self._call(service, f"v2/{path}")

    async def post(self, service: str, path: str, key: str = "k1", **body: object) -> tuple[int, Any]:
        return await self._call(service, f"{self._path}/{path}", key, json.dumps(body).encode())

    async def _call(self, service: str, path: str, key: str = "", body: bytes = b"") -> tuple[int, Any]:
        headers = {"X-Road-UserId": self.subject, "Idempotency-Key": key}
        headers["X-Road-Represented-Party"] = self.represented or ""
        request = RestRequest(
            verb="POST" if body else "GET",
            target=path,
            headers=tuple((name, value) for name, value in headers.items() if value),
            client=read_identifier("EE/GOV/70009999/kratt"),
            service=read_identifier(service),
            path=tuple(path.partition("?")[0].split("/")),
        )
        register = Register(service, find_registers().services[service], self.state)
        answer = await register.answer(request, body)
        return answer.status, json.loads(answer.content)


@pytest.fixture
def person() -> Callable[[str], Person]:
    state = State(None, find_registers().seeds, lambda: TODAY)
    return lambda subject: Person(subject, state)
