"""A register of the sandbox as a provider: a service and the state that it works on."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.sandbox.openapi import describe_service
from assistant.sandbox.provider import Answer, Endpoint, Refused, problem
from assistant.sandbox.records import Json
from assistant.sandbox.service import Service
from assistant.sandbox.state import State
from assistant.sandbox.xroad_message import RestRequest


@dataclass(frozen=True)
class Register:
    """A service with the state it works on."""

    name: str
    service: Service
    state: State

    @property
    def endpoints(self) -> Sequence[Endpoint]:
        """Every operation."""
        return [
            Endpoint(operation.method, "/" + "/".join("*" if "{" in part else part for part in operation.segments))
            for operation in self.service.operations
        ]

    def describe(self) -> Json:
        """The OpenAPI description."""
        return describe_service(self.name, self.service)

    async def answer(self, request: RestRequest, body: bytes) -> Answer:
        """One call, in one transaction: what refuses changes nothing."""
        try:
            with self.state.transaction() as records:
                return self.service.answer(request, body, records)
        except Refused as refused:
            return problem(refused.status, refused.detail, refused.code)
