"""Sessions of the services that reach phones: each stands five minutes, and is asked after by long polls."""

import asyncio
import copy
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Generic, TypeAlias, TypeVar

from fastapi.responses import JSONResponse

from assistant.sandbox.phones import Lie, Phone
from assistant.sandbox.population import MARI_LIIS, MARY

SESSION_SECONDS = 300.0

R = TypeVar("R")

Changes: TypeAlias = Mapping[Lie, Mapping[str, Callable[[Any], Any]]]
"""What a lie makes of the parts of an answer, by their dotted names."""


@dataclass
class Session(Generic[R]):
    """A question: what was asked of whom, and how their phone behaves; `is_open` until the phone may answer."""

    subject: str
    asked: R
    phone: Phone
    ends: float
    answerable: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, timeout_ms: int) -> bool:
        """Whether the phone answers within this time."""
        try:
            async with asyncio.timeout(timeout_ms / 1000):
                await self.answerable.wait()
        except TimeoutError:
            return False
        return True


class Sessions(Generic[R]):
    """The sessions of one service, by their ids."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._open: dict[str, Session[R]] = {}

    def begin(self, subject: str, asked: R, phone: Phone) -> tuple[str, Session[R]]:
        """A new one, and its id."""
        self._open = {key: each for key, each in self._open.items() if each.ends > self._now()}
        key = str(uuid.uuid4())
        self._open[key] = Session(subject, asked, phone, self._now() + SESSION_SECONDS)
        return key, self._open[key]

    def find(self, key: str) -> Session[R] | None:
        """The one of an id, unless it is over."""
        session = self._open.get(key)
        return session if session and session.ends > self._now() else None


def other_than(subject: str) -> str:
    """Somebody else, who can log in, too."""
    return MARI_LIIS if subject == MARY else MARY


def spoilt(answer: Mapping[str, Any], lie: Lie | None, changes: Changes) -> dict[str, Any]:
    """An answer as the lie leaves it."""
    spoiled = copy.deepcopy(dict(answer))
    for path, change in changes.get(lie, {}).items() if lie else ():
        *above, name = path.split(".")
        place = spoiled
        for each in above:
            place = place[each]
        place[name] = change(place[name])
    return spoiled


def cut(text: str) -> str:
    """A text in base64 without its end, and in base64 still."""
    return text[:-8]


def refused(status: HTTPStatus | int, error: str) -> JSONResponse:
    """An error; it says nothing of the person."""
    return JSONResponse({"error": error}, status)
