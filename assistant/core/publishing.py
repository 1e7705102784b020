"""How a trained model comes to citizens: wishes of people, what came of them, and what is on trial now."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import Protocol

from assistant.core.outcomes import Outcome

ALL_CONVERSATIONS = 100


class Act(str, Enum):
    """What somebody wants done."""

    PUBLISH = "publish"
    ROLL_BACK = "roll_back"


class State(str, Enum):
    """How far a wish is; the last three are ends."""

    WAITING = "waiting"
    UNDER_WAY = "under_way"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_end(self) -> bool:
        """Whether nothing more will come of it."""
        return self in {State.DONE, State.FAILED, State.CANCELLED}


@dataclass(frozen=True)
class Wish:
    """What somebody wants: a model for `share` per cent of the conversations, or the one before; from `due` on.

    `version` is empty for a roll back; `due_epoch_seconds` 0 is now.
    """

    act: Act
    by: str
    why: str = ""
    version: str = ""
    share: int = ALL_CONVERSATIONS
    due_epoch_seconds: float = 0.0

    @property
    def is_for_all(self) -> bool:
        """Whether no conversation is left to another model."""
        return self.share >= ALL_CONVERSATIONS


@dataclass(frozen=True)
class Publication:
    """A wish and what came of it, as `detail` says in words; they are kept for ever."""

    number: int
    wish: Wish
    state: State
    detail: str
    asked_epoch_seconds: float
    changed_epoch_seconds: float


@dataclass(frozen=True)
class Trial:
    """The model on the second engine, and the share of the conversations that it answers, in per cent."""

    version: str
    share: int
    since_epoch_seconds: float

    @property
    def is_for_all(self) -> bool:
        """Whether no conversation is left to the other engine."""
        return self.share >= ALL_CONVERSATIONS

    def has(self, dialogue_id: str) -> bool:
        """Whether it answers this dialogue: always the same for one, and others at each trial."""
        digest = sha256(f"{self.version} {dialogue_id}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % ALL_CONVERSATIONS < self.share


class Publications(Protocol):
    """Keeps wishes and what came of them: the log of who published what, when and why."""

    async def ask(self, wish: Wish) -> Publication:
        """Keep a wish, for the publisher to see to."""

    async def publication(self, number: int) -> Publication | None:
        """A wish and what has come of it so far."""

    async def publications(self, most: int = 100) -> tuple[Publication, ...]:
        """The latest wishes, the last one first."""

    async def cancel(self, number: int, detail: str) -> bool:
        """Let a wish go that still waits; whether it did."""


class Trials(Protocol):
    """Tells what is on trial."""

    async def trial(self) -> Trial | None:
        """The trial of now, if there is one."""


class ModelFigures(Protocol):
    """Counts what came of a model, by the engine's id of it."""

    def count(self, model: str, *what: str) -> None:
        """One more of each: an outcome, FALLBACK, a grade, or what core/model_trial.py counts of conversations."""

    async def close(self) -> None:
        """Let nothing of it be lost."""


FALLBACK = "fallback"
"""A turn that the model took for no intent."""


def grade(number: int) -> str:
    """What a citizen's grade is counted as."""
    return f"grade_{number}"


@dataclass(frozen=True)
class Figures:
    """What came of a model: how often each thing that was counted."""

    counts: Mapping[str, int]

    @property
    def turns(self) -> int:
        """All turns."""
        return sum(self.counts.get(outcome.value, 0) for outcome in Outcome)

    def share(self, *names: str) -> float | None:
        """Of all turns, those that are counted under these names, 0-1; None of no turns."""
        return sum(self.counts.get(name, 0) for name in names) / self.turns if self.turns else None

    @property
    def failed(self) -> float | None:
        """The share of turns that failed."""
        return self.share(*(name for name in self.counts if name.startswith("failed_")))

    @property
    def mean_grade(self) -> float | None:
        """What citizens graded it, on the mean; None if nobody did."""
        grades = {number: self.counts.get(grade(number), 0) for number in range(1, 6)}
        count = sum(grades.values())
        return sum(number * times for number, times in grades.items()) / count if count else None
