"""What the registers were asked lately, for those who look at what Kratt does."""

from collections import deque
from itertools import count

from fastapi import APIRouter
from pydantic import BaseModel

from assistant.sandbox.metaservices import METASERVICES
from assistant.sandbox.xroad_message import RestRequest, write_identifier

MOST_CALLS = 500
_PARTS_BEFORE_PATH = 7  # "", r1, and the five parts of a service


class Called(BaseModel):
    """One call; `path` is what follows the service, as it came over the wire, and `status` what was answered."""

    number: int
    method: str
    service: str
    path: str
    status: int


class CallLog:
    """The latest calls, without those that only ask what there is; gone with the process."""

    def __init__(self) -> None:
        """Begin with none."""
        self._numbers = count(1)
        self._calls: deque[Called] = deque(maxlen=MOST_CALLS)

    def note(self, message: RestRequest, status: int) -> None:
        """Keep a call."""
        if message.service[-1] not in METASERVICES:
            path = "/" + "/".join(message.target.split("/")[_PARTS_BEFORE_PATH:])
            service = write_identifier(message.service)
            called = Called(number=next(self._numbers), method=message.verb, service=service, path=path, status=status)
            self._calls.append(called)

    def router(self) -> APIRouter:
        """Tells the calls behind a number, in order."""
        router = APIRouter(prefix="/sandbox/calls")

        @router.get("")
        async def list_calls(after: int = 0) -> list[Called]:
            return [each for each in self._calls if each.number > after]

        return router
