"""Requests that Kratt did not understand, or not well, for editors to learn from: masked, and of nobody by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Protocol

from assistant.core.languages import Language


class Reason(str, Enum):
    """Why a request is in the inbox."""

    OUT_OF_SCOPE = "out_of_scope"
    NOT_UNDERSTOOD = "not_understood"
    UNSURE = "unsure"
    DENIED = "denied"
    CORRECTED = "corrected"
    WANTED_A_PERSON = "wanted_a_person"
    RATED_BADLY = "rated_badly"


@dataclass(frozen=True)
class Unclear:
    """One request, masked; `person` is whoever said it: the citizen, or the dialogue if they had not logged in."""

    text: str
    language: Language
    channel: str
    reason: Reason
    intent: str
    confidence: float
    person: str


@dataclass(frozen=True)
class Sample:
    """One request as editors see it."""

    id: int
    text: str
    language: Language
    reason: Reason
    intent: str
    confidence: float


@dataclass(frozen=True)
class Closing:
    """Why a group waits no longer: `filed_under` is the intent that it was taught, empty where it was dismissed."""

    filed_under: str
    by: str
    day: date


@dataclass(frozen=True)
class Group:
    """Requests that mean the same; `people` is how many said so, `text` the one that stands for all.

    One that is open has no `closing`.
    """

    id: int
    text: str
    language: Language
    people: int
    requests: int
    intents: tuple[str, ...]
    reasons: tuple[Reason, ...]
    closing: Closing | None = None


@dataclass(frozen=True)
class GroupPage:
    """Some groups, and how many there are."""

    groups: tuple[Group, ...]
    number: int


class UnclearRequests(Protocol):
    """Where the gateway leaves them."""

    async def note(self, unclear: Unclear) -> None:
        """Keep one.

        Raises:
            ServiceUnavailable: it is not kept.
        """


class Inbox(Protocol):
    """Where editors find them."""

    async def page(
        self, language: Language | None, reason: Reason | None, first: int, most: int, *, closed: bool = False
    ) -> GroupPage:
        """Groups that are open, those of most people first, or those last closed, from number `first` (0) on."""

    async def samples(self, group_id: int, most: int) -> Sequence[Sample]:
        """Requests of a group, different ones, the latest first."""

    async def close_groups(self, group_ids: Sequence[int], how: str, by: str) -> None:
        """Take groups out: `how` is the intent that they were filed under, or empty if they were dismissed."""

    async def reopen_groups(self, group_ids: Sequence[int]) -> None:
        """Undo that."""
