"""The desk: where a person goes on when Kratt cannot, or when a citizen wishes it (docs/adr/0030)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from assistant.core.languages import Language
from assistant.core.ports import Session

DUTY_SECONDS = 90.0
"""Who has asked for the queue within so long is on duty; a browser wakes a page in the background once a minute."""
LEFT_SECONDS = 900.0
"""A case whose citizen has neither spoken nor looked for so long is closed: nobody waits for its answer."""
KEPT_SECONDS = 3600.0
"""How long the words of a closed case are kept, so that its citizen can still read the last of them."""
LONGEST_WORDS = 2000


class Reason(str, Enum):
    """Why a person is wanted."""

    ASKED = "asked"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True)
class Called:
    """What the citizen agreed to; `service` is what was under way, if anything was."""

    reason: Reason
    with_transcript: bool
    service: str = ""


@dataclass(frozen=True)
class Exchange:
    """What was said, and what Kratt replied."""

    said: str
    replied: str


class CaseState(str, Enum):
    """What becomes of a case; one whose agent vanishes waits again."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    CLOSED = "closed"


@dataclass(frozen=True)
class Case:
    """One citizen who wants a person. Its id is a name: nobody can act with it who is not its citizen or its agent.

    `since` is epoch seconds; `place` is that in the queue, 0 if it does not wait; `last_words` is the number of
    the last thing said. `agent` is who has it, or who closed it; None if its citizen did.
    """

    case_id: str
    language: Language
    reason: Reason
    service: str
    since: float
    state: CaseState
    place: int = 0
    agent: str | None = None
    last_words: int = 0


@dataclass(frozen=True)
class Words:
    """One thing said in a case; numbers count from 1 in each, without gaps, in the order in which they are read."""

    number: int
    is_agents: bool
    text: str
    at: float


class Desk(Protocol):
    """Keeps cases. What is said in them is sealed by a key of each case.

    A citizen's methods go by their session: a case is that of its dialogue, or of whoever is logged in; never somebody
    else's. An agent's go by the agent's name.
    """

    async def call(self, session: Session, called: Called, language: Language, talk: Sequence[Exchange]) -> Case:
        """Open a case; `talk` is handed over as its transcript. A dialogue has one: the open one, if there is one."""

    async def open_case(self, session: Session) -> Case | None:
        """The case that the words of this dialogue go to, if there is one."""

    async def latest_case(self, session: Session) -> Case | None:
        """The latest case of the dialogue or of the citizen, be it closed; they have looked at it now."""

    async def say(self, session: Session, case_id: str, text: str) -> None:
        """Take the citizen's words.

        Raises:
            UnknownCase: it is not theirs, or is closed.
        """

    async def words_of_citizen(self, session: Session, case_id: str, after: int) -> tuple[Words, ...]:
        """What was said in a case of theirs after the word of that number."""

    async def leave(self, session: Session) -> None:
        """Close the dialogue's open case, if there is one."""

    async def waiting(self) -> int | None:
        """How many wait; None if no agent is on duty."""

    async def queue(self, agent: str) -> tuple[Case, ...]:
        """The agent is on duty: the cases that wait, and those that are theirs, the oldest first."""

    async def go_off_duty(self, agent: str) -> None:
        """The agent leaves; their cases wait again."""

    async def claim(self, case_id: str, agent: str) -> Case:
        """Take a case that waits; of many who do so at once one gets it.

        Raises:
            AlreadyTaken: another agent has it.
            UnknownCase: there is no such open case.
        """

    async def transcript(self, case_id: str, agent: str) -> tuple[Exchange, ...]:
        """What the citizen and Kratt talked about; nothing without the citizen's consent.

        Raises:
            UnknownCase: it is not this agent's.
        """

    async def words_of_agent(self, case_id: str, agent: str, after: int) -> tuple[Words, ...]:
        """What was said in a case after the word of that number.

        Raises:
            UnknownCase: it is not this agent's.
        """

    async def answer(self, case_id: str, agent: str, text: str, key: str) -> int:
        """Say something to the citizen; its number. The same `key` again, of a repeated request, says nothing twice.

        Raises:
            UnknownCase: it is not this agent's, or is closed.
        """

    async def release(self, case_id: str, agent: str) -> None:
        """Give a case back to the queue, at its old place.

        Raises:
            UnknownCase: it is not this agent's.
        """

    async def close_case(self, case_id: str, agent: str) -> None:
        """End a case: its citizen talks with Kratt again.

        Raises:
            UnknownCase: it is not this agent's.
        """
