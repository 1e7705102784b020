"""What the citizen has confirmed, and what became of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from actions.xroad.identifiers import EncodedPath, ServiceId
from actions.xroad.question import Question


def confirmation_hash(service: str, subject: str, dialogue_id: str, body: Mapping[str, object]) -> str:
    """The idempotency key of a write: the same for the same act in the same dialogue, and for nothing else.

    SHA-256, in hex, of these four as JSON: names sorted, no white space, ASCII only.
    """
    confirmed = {"service": service, "subject": subject, "dialogue": dialogue_id, "body": body}
    return hashlib.sha256(json.dumps(confirmed, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


class Receipt(Protocol):
    """By what a message can be found in the logs of both security servers."""

    @property
    def message_id(self) -> str:
        """`X-Road-Id`."""

    @property
    def request_hash(self) -> str:
        """X-Road's hash of the request, signed by both sides."""


class Answer(Protocol):
    """What a register answered."""

    @property
    def body(self) -> object:
        """Its JSON."""

    @property
    def receipt(self) -> Receipt:
        """How to find the message again."""


class XRoad(Protocol):
    """The part of the X-Road client that writing needs."""

    async def post(
        self, question: Question, body: Mapping[str, object], idempotency_key: str, timeout_seconds: float
    ) -> Answer:
        """Send once.

        Raises:
            ServiceUnavailable: nothing was sent.
            ServiceRefused: nothing was done.
            OutcomeUnknown: everything else.
        """

    async def get(self, question: Question, timeout_seconds: float) -> Answer:
        """Read.

        Raises:
            ServiceError: no answer, or none that is one.
        """


class WriteState(StrEnum):
    """Where a write stands."""

    UNSENT = "unsent"
    """Nothing left this house."""
    SENDING = "sending"
    """Under way, or we crashed: the outcome is unknown unless somebody still waits for the answer."""
    DONE = "done"
    REFUSED = "refused"
    """The register, or X-Road, said no; nothing was done."""
    UNKNOWN = "unknown"
    """It may or may not have been done; follow-ups ask until it is known."""
    GIVEN_UP = "unknown_given_up"
    """Nobody could tell for so long that a person has to find out."""


@dataclass(frozen=True)
class WriteResult:
    """What became of a write.

    `answer` holds the kept fields of the register's answer, `problem` the register's own code for its refusal.
    """

    key: str
    subject: str
    service: str
    write_id: str
    language: str
    state: WriteState
    answer: Mapping[str, object] = field(default_factory=dict)
    problem: str | None = None


@dataclass(frozen=True)
class ConfirmedWrite:
    """One act: `key` is the confirmation's hash, `status_path` where the register tells the act's state by it.

    `service` and `write_id` name it in our service.yml. `kept` are the fields of the answer that are needed to tell of
    it later; nothing else of what was written or answered is stored.
    """

    key: str
    subject: str
    service: str
    write_id: str
    register: ServiceId
    path: EncodedPath
    status_path: EncodedPath
    body: Mapping[str, object]
    kept: tuple[str, ...]
    language: str
    represented_party: str | None = None

    @property
    def question(self) -> Question:
        """Where it is sent, for whom and because of which confirmation."""
        return self._ask(self.path)

    @property
    def status_question(self) -> Question:
        """Where the register tells whether it was done."""
        return self._ask(self.status_path)

    def _ask(self, path: EncodedPath) -> Question:
        return Question(
            self.register, path, subject=self.subject, issue=self.key, represented_party=self.represented_party
        )

    def result(self, state: WriteState) -> WriteResult:
        """What became of it, without an answer."""
        return WriteResult(self.key, self.subject, self.service, self.write_id, self.language, state)
