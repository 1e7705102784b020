import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from assistant.sandbox.register import Register
from assistant.sandbox.registers import Registers, find_registers
from assistant.sandbox.state import State
from assistant.sandbox.xroad_message import RestRequest, read_identifier

FOUND = find_registers()
TODAY = date(2027, 2, 28)


def _new_state() -> State:
    return State(None, FOUND.seeds, lambda: TODAY)


@dataclass
class Population:
    """All registers over one state; everybody asks about themselves."""

    found: Registers = FOUND
    state: State = field(default_factory=_new_state)

    async def get(self, service: str, path: str, person: str) -> Any:
        """What a register answers; `path` begins after the person."""
        return await self._ask("GET", service, path, person, (), b"", 200)

    async def post(self, service: str, path: str, person: str, body: dict[str, object], key: str = "k1") -> Any:
        """What a register answers to a write."""
        headers = (("Idempotency-Key", key),)
        return await self._ask("POST", service, path, person, headers, json.dumps(body).encode(), 201)

    async def refusal(self, service: str, path: str, person: str, body: dict[str, object]) -> object:
        """The code with which a register refuses a write."""
        headers = (("Idempotency-Key", "refused"),)
        return (await self._ask("POST", service, path, person, headers, json.dumps(body).encode(), 422))["code"]

    async def _ask(
        self,
        method: str,
        service: str,
        path: str,
        person: str,
        headers: tuple[tuple[str, str], ...],
        body: bytes,
        status: int,
    ) -> Any:
        target = f"v1/persons/{person}/{path}"
        request = RestRequest(
            verb=method,
            target=target,
            headers=(("X-Road-UserId", person), *headers),
            client=read_identifier("EE/GOV/70009999/kratt"),
            service=read_identifier(service),
            path=tuple(target.split("/")),
        )
        answer = await Register(service, self.found.services[service], self.state).answer(request, body)
        assert answer.status == status, answer
        return json.loads(answer.content)


@pytest.fixture
def registers() -> Population:
    return Population()
