"""What a service is about to do, read back word for word, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from actions.asker import Asker
from actions.dialogue.filling import Facts, Fillings
from actions.dialogue.saying import Utterance
from assistant.content.exchange_spec import Write
from assistant.content.own_responses import READ_BACK_ITEM, READ_BACK_KNOWN
from assistant.content.service_spec import Service
from assistant.core.errors import ServiceError
from assistant.core.languages import Language
from assistant.core.ports import PhoneAnswer, PhoneQuestion

Body = Mapping[str, str | bool]
"""What is sent, by the register's field."""


class ActState(Enum):
    """What is known of an act."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"


@dataclass(frozen=True)
class Act:
    """One write with everything it needs; `key` is the hash of what was confirmed, and its idempotency key."""

    service: Service
    write: Write
    inputs: Mapping[str, str]
    body: Body
    key: str
    language: Language
    represented: str | None = None


@dataclass(frozen=True)
class ActResult:
    """What came of it: the register's answer if it was done, the code of its problem if it refused."""

    state: ActState
    answer: Mapping[str, object] | None = None
    problem: str | None = None
    error: ServiceError | None = None


class Writer(Protocol):
    """Does acts at most once."""

    def key(self, service: Service, body: Body, asker: Asker, frame_id: str) -> str:
        """The key of an act: the same for the same body, citizen and frame."""

    async def refusal(self, service: Service, asker: Asker) -> ServiceError | None:
        """Why this citizen must not do what the service does, by themselves or for whom they act; None if they may."""

    async def submit(self, act: Act, asker: Asker) -> ActResult:
        """Do it, unless it was done already; what has to be signed is done only once it was confirmed on the phone."""

    async def phone_of(self, asker: Asker, number: str | None) -> str | None:
        """Where the citizen's own phone is reached: their linked app, else the number that a register knows.

        Raises:
            ServiceUnavailable: it cannot be looked up now.
        """

    async def ask_phone(self, act: Act, asker: Asker, address: str) -> PhoneQuestion | None:
        """Let the citizen's own phone ask; what it asks, or None if it was asked too often.

        Raises:
            ServiceUnavailable: phones cannot be asked now.
        """

    async def phone_answer(self, act: Act, asker: Asker) -> tuple[PhoneAnswer, PhoneQuestion | None]:
        """What the phone says, and to which question, if there is one.

        Raises:
            ServiceUnavailable: phones cannot be asked now.
        """


def body_of(write: Write, fillings: Fillings, facts: Facts) -> Body:
    """What is sent; a source that nobody knows is left out."""
    return write.filled(lambda _, source: _source(source, fillings, facts))


def read_back(service: Service, write: Write, fillings: Fillings, language: Language) -> list[Utterance]:
    """Every input that is sent, each once, with the register that told it, if the citizen did not."""
    said = []
    for slot in dict.fromkeys(source.partition(".")[0] for source in write.sources.values()):
        entry, filled = service.input(slot), fillings.get(slot)
        if entry and entry.label and filled:
            label = entry.label[language]
            values = {"label": label[:1].upper() + label[1:], "value": filled.words}
            known = {**values, "register": filled.register} if filled.register else None
            said.append(Utterance(READ_BACK_KNOWN, known) if known else Utterance(READ_BACK_ITEM, values))
    return said


def _source(source: str, fillings: Fillings, facts: Facts) -> str | None:
    name, _, read = source.partition(".")
    filled = fillings.get(name)
    if not read:
        return filled.raw if filled else None
    if filled and filled.item:
        return filled.item.raw.get(read)
    items = facts.items([name])
    return items[0].raw.get(read) if items else None
