"""The dialogue stack: services that wait for the citizen's words, the one on top first (docs/adr/0009).

It travels as a slot of the dialogue engine, so a frame is plain data. It holds what the citizen said, never what a
register answered, except the keys of items that were chosen.
"""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

CONFIRM = "?confirm"
MORE = "?more"
OFFER = "?offer"
DONE = "?done"
LATER = "?later"
MEANT = "?meant"
HEARD = "?heard"
PHONE = "?phone"
PERSON = "?person"
TRANSCRIPT = "?transcript"
"""What a frame may wait for besides an input: a yes, a "more", an offer taken, or, after the answer, another value for
the same request ("and my passport?"); or for its turn, if it was asked for together with others. MEANT waits for what
words were to mean that were not understood, and is of no service; HEARD whether a value was heard right; PHONE for the
citizen's own phone; PERSON and TRANSCRIPT, of no service either, whether a person is wanted, and may see what was said.
A question mark is in the name of no input."""

OF_NO_SERVICE = frozenset({MEANT, PERSON, TRANSCRIPT})

WAITS = frozenset({CONFIRM, MORE, OFFER, DONE, LATER, HEARD, PHONE})

DEEPEST_STACK = 3


@dataclass(frozen=True)
class Offered:
    """A service that is offered next, with what is known of its inputs."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    service: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Frame:
    """One service that is under way.

    `asked` is the input, or the question, that it waits for; `values` stand in the order in which they were said;
    `tries` counts how often the answer was not understood; `out` are the values that the answer shall not be; `offset`
    is how many items were said already; `confirmation` is the hash of what was read back, None if a yes does not count
    before it is read back anew; `offers` are the services still to be offered; `doubted` are the inputs whose values
    count only once the citizen says that they were heard right; `owner` tells whose dialogue it is, so that nobody else
    goes on with it.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    service: str
    owner: str = ""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    asked: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    tries: int = 0
    out: tuple[str, ...] = ()
    offset: int = 0
    confirmation: str | None = None
    offers: tuple[Offered, ...] = ()
    doubted: tuple[str, ...] = ()

    def without_doubted(self) -> "Frame":
        """The same without values that may have been misheard: the first of them is asked for again."""
        if not self.doubted:
            return self
        left = {slot: value for slot, value in self.values.items() if slot not in self.doubted}
        return replace(self, asked=self.doubted[0], values=left, doubted=())


def with_values(values: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """The values with those said now, which come last."""
    return {**{slot: value for slot, value in values.items() if slot not in said}, **said}


Stack = tuple[Frame, ...]
"""The frame on top is the last one."""

_STACK = TypeAdapter(Stack)


def owner_of(subject: str | None) -> str:
    """Whose a frame is; the slot must not show the personal code."""
    return hashlib.sha256(subject.encode()).hexdigest()[:16] if subject else ""


def read_stack(slot: object, owner: str) -> Stack:
    """The stack of the slot; empty if it is somebody else's, or not as we write it."""
    try:
        stack = _STACK.validate_python(slot)
    except ValidationError:
        return ()
    # What was asked of nobody in particular may go on after the login, never after somebody else's.
    return stack if all(frame.owner in {"", owner} for frame in stack) else ()


def write_stack(stack: Stack) -> list[dict[str, Any]]:
    """The slot's value."""
    return [asdict(frame) for frame in stack]


def push(stack: Stack, frame: Frame) -> Stack:
    """The stack with a new frame on top; what lies too deep is forgotten."""
    return (*stack, frame)[-DEEPEST_STACK:]
