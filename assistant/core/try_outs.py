"""Trying a draft before it is published: whose, and how far it is."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Stage(str, Enum):
    """How far it is; who has WANTED a draft waits for READY, and who is LEAVING for ENDED."""

    WANTED = "wanted"
    STARTING = "starting"
    READY = "ready"
    LEAVING = "leaving"
    FAILED = "failed"
    ENDED = "ended"


@dataclass(frozen=True)
class Subject:
    """What is tried: a draft as it is at the commit `head`, with the model of it, by whose wish.

    Without a draft it is what everybody goes on from, with the model that is named.
    """

    draft: str
    head: str
    version: str
    by: str


@dataclass(frozen=True)
class TryOut:
    """One at a time: `detail` says in words why it is as it is; each has a `number` of its own."""

    number: int
    subject: Subject
    stage: Stage
    detail: str
    used_epoch_seconds: float

    @property
    def is_under_way(self) -> bool:
        """Whether something more will come of it without anybody asking."""
        return self.stage in {Stage.WANTED, Stage.STARTING, Stage.LEAVING}

    @property
    def is_ready(self) -> bool:
        """Whether it can be talked to."""
        return self.stage is Stage.READY


class TryOuts(Protocol):
    """Keeps what is tried; the publisher starts and stops it."""

    async def now(self) -> TryOut | None:
        """The latest; None if nothing was ever tried."""

    async def want(self, subject: Subject) -> int:
        """Have this tried instead of what is; its number."""

    async def use(self, number: int) -> None:
        """Note that somebody talks to it."""

    async def leave(self, number: int) -> None:
        """Have it ended."""


@dataclass(frozen=True)
class RegisterCall:
    """A call that a register of the sandbox was asked; `number` counts them, `service` is X-Road's identifier."""

    number: int
    method: str
    service: str
    path: str
    status: int
