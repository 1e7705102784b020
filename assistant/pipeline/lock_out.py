"""The word by which a citizen has themselves locked out: whoever stands beside them hears and reads nothing more.

It is not a stop alone: the speaker is locked or the session ended, and what was under way is in a dialogue that nobody
can go on with. It needs no engine, and no understanding.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from assistant.core.deadline import Deadline
from assistant.core.desk import Desk
from assistant.core.devices import Devices
from assistant.core.errors import KrattError, UnknownConversation
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.plain_words import plain
from assistant.core.ports import Dialogue, DialogueAnswer, Message, Session, Sessions
from assistant.core.turns import Intent, Transcript, Turn, Understanding
from assistant.pipeline.expectations import Expectations
from assistant.pipeline.present import LOCK, Responses

LOCK_INTENT = "lock_speaker"

_log = logging.getLogger("kratt.gateway")


class LockRecord(Protocol):
    """Where the citizen finds that it was done."""

    async def note_lock(self, session: Session, channel: str) -> None:
        """Put on the record that a citizen had themselves locked out of this session.

        Raises:
            KrattError: it cannot be written.
        """


@dataclass(frozen=True)
class WithLock:
    """The dialogue, but for the words that lock: `words` are all of them, in any language, as `plain` makes them."""

    dialogue: Dialogue
    words: Mapping[str, Language]
    responses: Responses

    async def respond(self, turn: Turn, session: Session, turn_context: str, deadline: Deadline) -> DialogueAnswer:
        """Take one turn; one that says such a word and nothing else asks nobody.

        Raises:
            DialogueFailed: as the dialogue's.
            ServiceUnavailable: as the dialogue's.
        """
        language = self.words.get(plain(turn.text))
        if language is None:
            return await self.dialogue.respond(turn, session, turn_context, deadline)
        message = Message(self.responses[LOCK][language], LOCK, facts={"outcome": Outcome.ANSWERED.value})
        return DialogueAnswer((message,), Understanding((Intent(LOCK_INTENT, 1.0),), language=language))

    async def parse(self, said: str | Transcript, language: Language, deadline: Deadline) -> Understanding:
        """As the dialogue's.

        Raises:
            DialogueFailed: as the dialogue's.
        """
        return await self.dialogue.parse(said, language, deadline)

    async def check(self) -> str:
        """As the dialogue's.

        Raises:
            DialogueFailed: as the dialogue's.
        """
        return await self.dialogue.check()


@dataclass(frozen=True)
class LockOut:
    """Does what the words promise; `desk` is where a person may answer, `record` where it is noted."""

    devices: Devices
    sessions: Sessions
    expectations: Expectations
    desk: Desk | None = None
    record: LockRecord | None = None

    async def __call__(self, session: Session, channel: str, device_id: str | None) -> Session | None:
        """Lock the speaker, or end the session: then the one in its place, which is nobody's.

        Raises:
            ServiceUnavailable: it could not be done.
        """
        fresh = await self._close(session, device_id)
        self.expectations.note(session.dialogue_id, None)  # its answers may be names from a register
        for what, leave in (("desk", self._leave_desk), ("record", self._note)):
            try:
                await leave(session, channel)
            except KrattError as error:  # it is locked, and that is what matters
                facts = {"what": what, "code": error.code, "detail": error.detail}
                _log.error("not noted that a citizen locked themselves out", extra={"facts": facts})
        return fresh

    async def _close(self, session: Session, device_id: str | None) -> Session | None:
        if device_id:
            await self.devices.lock(device_id)
            return None
        try:
            return await self.sessions.log_out(session.conversation_id)
        except UnknownConversation:  # it has ended meanwhile
            return None

    async def _leave_desk(self, session: Session, _: str) -> None:
        if self.desk:
            await self.desk.leave(session)

    async def _note(self, session: Session, channel: str) -> None:
        if self.record and session.subject:
            await self.record.note_lock(session, channel)
