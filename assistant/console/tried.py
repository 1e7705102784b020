"""A draft that is tried: turns are taken as a citizen's would be, and what came of each is kept to be looked at."""

import asyncio
import re
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from assistant.content.exchange_spec import Exchange
from assistant.content.service_spec import Service
from assistant.core.deadline import Deadline
from assistant.core.editors import Editor
from assistant.core.errors import MalformedTurn
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.ports import Dialogue, DialogueAnswer, Session
from assistant.core.try_outs import RegisterCall, TryOut
from assistant.core.turns import Reply, Transcript, Turn, Understanding
from assistant.pipeline.answer_turn import AnswerTurn, Request

MOST_TURNS = 60


class Registers(Protocol):
    """Those of the sandbox."""

    async def after(self, number: int) -> tuple[RegisterCall, ...]:
        """What they were asked behind a number."""

    async def begin_anew(self, person: str) -> None:
        """Let them hold what they held at first and answer; what this person, if any, has closed is open again."""

    async def disturb(self, faults: Mapping[str, str], phones: Mapping[str, str]) -> None:
        """Let services fail in a way, and phones of people behave in one, until begun anew."""


class Uncounted:
    """`TurnMetrics` of turns that are no citizen's."""

    def turn(
        self, channel: str, language: Language, outcome: Outcome, durations_ms: Mapping[str, float], *, is_heard: bool
    ) -> None:
        """Nothing."""


@dataclass
class WatchedDialogue:
    """`Dialogue` that remembers what it answered to each turn, until somebody takes it."""

    dialogue: Dialogue
    _answers: dict[str, DialogueAnswer] = field(default_factory=dict)

    async def respond(self, turn: Turn, session: Session, turn_context: str, deadline: Deadline) -> DialogueAnswer:
        """As `Dialogue`."""
        answer = await self.dialogue.respond(turn, session, turn_context, deadline)
        self._answers[turn.turn_id] = answer
        return answer

    async def parse(self, said: str | Transcript, language: Language, deadline: Deadline) -> Understanding:
        """As `Dialogue`."""
        return await self.dialogue.parse(said, language, deadline)

    async def check(self) -> str:
        """As `Dialogue`."""
        return await self.dialogue.check()

    def take(self, turn_id: str) -> DialogueAnswer | None:
        """The answer to a turn; None if there was none."""
        return self._answers.pop(turn_id, None)


@dataclass(frozen=True)
class Taken:
    """A turn: what was said, the reply, what the engine decided (None if it could not), and what registers were asked.

    `possible` are further calls of the service that it was about, which were not made in this turn.
    """

    said: str
    reply: Reply
    decided: DialogueAnswer | None
    calls: list[RegisterCall]
    service: Service | None = None

    @property
    def possible(self) -> tuple[str, ...]:
        """What the service would ask registers otherwise, or later."""
        exchanges = (*self.service.calls, *self.service.writes) if self.service else ()
        left = (each for each in exchanges if not any(_is_of(each, call) for call in self.calls))
        return tuple(dict.fromkeys(f"{each.operation} of {each.service}" for each in left))


@dataclass
class TriedKratt:
    """The second Kratt while it runs; `services` are the draft's, `hears` the languages that can be spoken."""

    answer_turn: AnswerTurn
    dialogue: WatchedDialogue
    registers: Registers
    services: Mapping[str, Service]
    hears: frozenset[Language] = frozenset()
    _seen: int = 0
    _latest: list[RegisterCall] = field(default_factory=list)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def take(self, said: str | bytes, language: Language, session: Session) -> Taken:
        """Take one turn, typed or as a WAV file.

        Raises:
            CallerError: the request cannot become a turn.
            ServiceUnavailable: the sandbox does not tell what it was asked.
        """
        async with self._one_at_a_time:  # so that it is known whose calls those are
            await self._catch_up()
            calls: list[RegisterCall] = []
            self._latest = calls
            reply = (await self.answer_turn(Request(said, language), session)).reply
            await self._catch_up()
        decided = self.dialogue.take(reply.turn_id)
        words = said if isinstance(said, str) else reply.transcript.text if reply.transcript else ""
        return Taken(words, reply, decided, calls, self._service_of(decided))

    async def catch_up(self) -> None:
        """Give what registers were asked since to the latest turn: receipts go to the mailbox when it is over."""
        async with self._one_at_a_time:
            await self._catch_up()

    async def _catch_up(self) -> None:
        calls = await self.registers.after(self._seen)
        if calls:
            self._seen = calls[-1].number
            self._latest += calls

    def _service_of(self, decided: DialogueAnswer | None) -> Service | None:
        if decided is None:
            return None
        named = [str(message.facts["service"]) for message in decided.messages if "service" in message.facts]
        intent = decided.understanding.intent
        return self.services.get(named[-1] if named else intent.name if intent else "")


@dataclass
class Talk:
    """What one editor has talked with the draft; `person` is the test person they are, nobody if it is empty."""

    language: Language
    session: Session
    turns: list[Taken] = field(default_factory=list)

    @property
    def person(self) -> str:
        """Who the editor plays; nobody if it is empty."""
        return self.session.subject or ""


@dataclass
class Talks:
    """The talks with what is tried now, in memory; `attach` reaches the second Kratt once it is ready.

    `people` are the test persons by their codes.
    """

    attach: Callable[[TryOut], Awaitable[TriedKratt]]
    people: Mapping[str, str]
    _number: int = 0
    _kratt: TriedKratt | None = None
    _talks: dict[str, Talk] = field(default_factory=dict)
    _attaching: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def kratt(self, now: TryOut) -> TriedKratt:
        """The second Kratt of a try-out that is ready; talks with the one before it are forgotten."""
        async with self._attaching:
            if self._kratt is None or self._number != now.number:
                self._kratt, self._number = await self.attach(now), now.number
                self._talks.clear()
            return self._kratt

    async def of(self, me: Editor, now: TryOut) -> Talk:
        """An editor's talk, begun if there is none."""
        await self.kratt(now)
        return self._talks.setdefault(me.subject, Talk(Language.EN, session_of("")))

    async def begin(self, me: Editor, now: TryOut, language: Language, person: str) -> None:
        """Begin anew, as a test person or nobody, with registers in which nothing was done yet.

        Raises:
            MalformedTurn: there is no such person.
            ServiceUnavailable: the sandbox does not answer.
        """
        kratt = await self.kratt(now)
        if person and person not in self.people:
            raise MalformedTurn("there is no such test person")
        await kratt.registers.begin_anew(person)
        self._talks[me.subject] = Talk(language, session_of(person, self.people.get(person, "")))

    async def say(self, me: Editor, now: TryOut, said: str | bytes) -> Taken:
        """Take an editor's next turn.

        Raises:
            MalformedTurn: the talk is long enough; or the request cannot become a turn.
        """
        talk, kratt = await self.of(me, now), await self.kratt(now)
        if len(talk.turns) >= MOST_TURNS:
            raise MalformedTurn(f"a talk has at most {MOST_TURNS} turns: begin anew")
        taken = await kratt.take(said, talk.language, talk.session)
        talk.turns.append(taken)
        return taken


def session_of(person: str, given_name: str = "") -> Session:
    """A new session of a test person, or nobody."""
    nobody = Session("", uuid.uuid4().hex)
    return replace(nobody, subject=person, given_name=given_name, assurance=Assurance.HIGH) if person else nobody


def _is_of(exchange: Exchange, call: RegisterCall) -> bool:
    path = re.sub(r"\\{\w+\\}", "[^/?]+", re.escape(exchange.path))
    is_path = re.fullmatch(rf"{path}(\?.*)?", call.path) is not None
    return is_path and call.service == exchange.service and call.method == exchange.operation.partition(" ")[0]
