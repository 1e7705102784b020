"""Speakers: whose they are, and whether they may speak for that citizen now (docs/adr/0023)."""

from dataclasses import dataclass
from typing import Protocol

from assistant.core.channels import Channel
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.ports import Session

CODE_DIGITS = 6
CODE_SECONDS = 300.0
"""A pairing code is spoken, heard and typed meanwhile; it works once."""
MOST_GUESSES, GUESSES_SECONDS = 5, 600.0
"""Wrong codes that one citizen may enter in so many seconds."""
UNLOCKED_SECONDS = 900.0
"""An unlocked speaker locks itself after so long, even if somebody keeps talking: a television never stops."""
HAND_OVER_SECONDS = 120.0
LONGEST_NAME = 40


def checked_name(text: str) -> str:
    """What a speaker is to be called, in one line.

    Raises:
        ValueError: it has no words, or too many.
    """
    name = " ".join(text.split())
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        raise ValueError(f"a name has words, and at most {LONGEST_NAME} characters")
    return name


@dataclass(frozen=True)
class Device:
    """One speaker.

    `device_id` names it and is no secret; `dialogue_id` is the engine's own. `subject` is whose it is, None while it is
    linked to nobody; `assurance` is how surely the citizen was known who unlocked it. `may_speak`: they consented that
    it says personal things aloud.
    """

    device_id: str
    dialogue_id: str
    name: str = ""
    subject: str | None = None
    given_name: str = ""
    assurance: Assurance = Assurance.NONE
    may_speak: bool = False
    is_locked: bool = True

    @property
    def channel(self) -> Channel:
        """What it is to the matrix (assistant/core/channels.py)."""
        if self.subject is None:
            return Channel.SHARED_SPEAKER
        if self.is_locked:
            return Channel.LOCKED_SPEAKER
        return Channel.UNLOCKED_SPEAKER if self.may_speak else Channel.QUIET_SPEAKER

    @property
    def session(self) -> Session:
        """The session of its turns: nobody's while it is locked, so that nothing personal can be read."""
        if self.is_locked or self.subject is None:
            return Session(self.device_id, self.dialogue_id)
        return Session(self.device_id, self.dialogue_id, self.subject, self.given_name, self.assurance, self.device_id)


@dataclass(frozen=True)
class Change:
    """What a citizen changes of their speaker; None leaves it as it is."""

    name: str | None = None
    may_speak: bool | None = None
    is_locked: bool | None = None


@dataclass(frozen=True)
class Waiting:
    """A request that was not answered where it was asked: it waits for its citizen's own screen.

    Or, with a `hand_over` token and without a text, a whole dialogue that is to go on there.
    """

    text: str
    language: Language
    hand_over: str | None = None


@dataclass(frozen=True)
class HandOver:
    """A dialogue that may go on on another screen; once it is not where it was, there is nothing to take.

    Without a `device_id` it is no speaker's, but that of a page: in a browser, its session is found by the dialogue.
    """

    device_id: str | None
    dialogue_id: str


class Devices(Protocol):
    """Keeps speakers. Their tokens are 128-bit random; whatever makes a speaker say less ends its dialogue, too."""

    async def register(self) -> tuple[Device, str, str]:
        """A new speaker that is linked to nobody, its token, and a pairing code.

        Raises:
            Busy: too many speakers wait to be linked.
        """

    async def new_code(self, token: str) -> str:
        """Another pairing code; the one before is dead.

        Raises:
            UnknownDevice: no speaker has this token.
            NotAllowed: the speaker is linked; its citizen has to unlink it first.
        """

    async def find(self, token: str) -> Device:
        """The speaker of a token, as it is; it is not kept awake by this.

        Raises:
            UnknownDevice: no speaker has this token.
        """

    async def begin_turn(self, token: str, *, relock: bool = False) -> Device:
        """The same for a turn; locked if it was idle for too long, or if `relock` says that the speaker may be another.

        Raises:
            UnknownDevice: no speaker has this token.
        """

    async def lock(self, device_id: str) -> None:
        """Lock it, until its citizen unlocks it on their own screen."""

    async def link(self, code: str, name: str, owner: Session) -> Device:
        """Link the speaker that said the code to a citizen who is logged in; it stays locked.

        Raises:
            WrongCode: no speaker waits with this code, or not any more.
            TooManyGuesses: the citizen has entered too many wrong codes.
        """

    async def of(self, subject: str) -> tuple[Device, ...]:
        """A citizen's speakers, those linked first before the others."""

    async def change(self, device_id: str, change: Change, owner: Session) -> Device:
        """Change a speaker of the owner; unlocked by them, it knows them as surely as their session does.

        Raises:
            UnknownDevice: the citizen has no such speaker.
        """

    async def unlink(self, device_id: str, subject: str) -> None:
        """Take it from its citizen, from its next turn on.

        Raises:
            UnknownDevice: the citizen has no such speaker.
        """

    async def owner_of_dialogue(self, device_id: str, dialogue_id: str) -> str | None:
        """Whose the dialogue of a speaker is; None if nobody's.

        Raises:
            WrongCode: the speaker is in another dialogue by now.
        """

    async def leave_dialogue(self, device_id: str, dialogue_id: str) -> None:
        """Begin a new dialogue in place of this one.

        Raises:
            WrongCode: the speaker is in another dialogue by now.
        """


class HandOvers(Protocol):
    """Keeps dialogues that may go on on a screen, by tokens that work once and for two minutes."""

    async def offer(self, hand_over: HandOver) -> str:
        """A token for the dialogue; the one before is dead. A page's is short, so that it can be typed."""

    async def find(self, token: str) -> HandOver:
        """What a token is for; it lives on.

        Raises:
            WrongCode: there is no such token, or not any more.
        """

    async def take(self, token: str) -> HandOver:
        """The same, and the token is dead.

        Raises:
            WrongCode: as `find`.
        """


class OwnScreens(Protocol):
    """Keeps for a while what waits for citizens' own screens."""

    async def put(self, subject: str, waiting: tuple[Waiting, ...]) -> None:
        """Let requests wait; the oldest make room."""

    async def take(self, subject: str) -> tuple[Waiting, ...]:
        """What waits, oldest first; it waits no more."""
