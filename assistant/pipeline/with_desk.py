"""The dialogue, with a person in the engine's place while one was called (docs/adr/0030)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from assistant.core.deadline import Deadline
from assistant.core.desk import LONGEST_WORDS, Called, Case, CaseState, Desk, Exchange, Reason
from assistant.core.desk_now import Availability, DeskNow
from assistant.core.errors import UnknownCase
from assistant.core.languages import Language
from assistant.core.opening_hours import OpeningHours
from assistant.core.outcomes import Outcome
from assistant.core.plain_words import plain
from assistant.core.ports import Dialogue, DialogueAnswer, Message, Session
from assistant.core.turns import CHOICE, Transcript, Turn, Understanding
from assistant.pipeline.present import Responses
from assistant.pipeline.recent import Recent

RECEIVED, WAITING, DESERTED = "utter_desk_received", "utter_desk_waiting", "utter_desk_deserted"
LEFT, JOINED, ENDED = "utter_desk_left", "utter_desk_joined", "utter_desk_ended"
STOP = "utter_stop"

MOST_EXCHANGES = 12
MOST_TALKS = 1000
"""Dialogues whose latest exchanges are in memory: some megabytes."""


@dataclass(frozen=True)
class Farewells:
    """Words that end a case from the citizen's side: all that is said, in any language, as `plain` makes them."""

    back: Mapping[Language, tuple[str, ...]]
    stop: Mapping[Language, tuple[str, ...]]

    def ends(self, words: str) -> bool:
        """Whether these words lead back to Kratt."""
        return self.stops(words) or any(words in phrases for phrases in self.back.values())

    def stops(self, words: str) -> bool:
        """Whether they do more than that: whoever says stop to a speaker has it locked, whatever is under way."""
        return any(words in phrases for phrases in self.stop.values())


@dataclass(frozen=True)
class DeskDuty:
    """Whether a person can be asked now: by the hours, and by whether an agent is there."""

    desk: Desk
    hours: OpeningHours
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def __call__(self) -> DeskNow:
        """What a dialogue may promise.

        Raises:
            ServiceUnavailable: nobody can tell.
        """
        now = self.now()
        opens = self.hours.next_day(now)
        hours = self.hours.written(opens) if opens else ""
        if not self.hours.is_open(now):
            return DeskNow(Availability.CLOSED, opens=opens, hours=hours)
        waiting = await self.desk.waiting()
        if waiting is None:
            return DeskNow(Availability.UNATTENDED, opens=opens, hours=hours)
        return DeskNow(Availability.ON_DUTY, waiting + 1, opens, hours)


@dataclass(frozen=True)
class WithDesk:
    """Takes turns to the engine, or to the desk.

    What was talked about is in `talks` alone, in memory, and goes to the desk only if the citizen said yes to that.
    """

    engine: Dialogue
    desk: Desk
    duty: DeskDuty
    responses: Responses
    farewells: Farewells
    talks: Recent[tuple[Exchange, ...]] = field(default_factory=lambda: Recent(MOST_TALKS))

    async def respond(self, turn: Turn, session: Session, turn_context: str, deadline: Deadline) -> DialogueAnswer:
        """Take one turn: to the person who was called, if one was; a reply may call one.

        Raises:
            DialogueFailed: the engine is down, late or broken.
            ServiceUnavailable: the desk cannot be reached.
        """
        if case := await self.desk.open_case(session):
            return await self._pass_on(case, turn, session)
        answer = await self.engine.respond(turn, session, turn_context, deadline)
        if called := called_in(answer):
            talk = self.talks.of(session.dialogue_id) if called.with_transcript else None
            language = answer.understanding.language or turn.language
            await self.desk.call(session, called, language, talk or ())
        else:
            self._remember(turn, session, answer)
        return answer

    async def parse(self, said: str | Transcript, language: Language, deadline: Deadline) -> Understanding:
        """What a text would mean to the engine.

        Raises:
            DialogueFailed: as `respond`.
        """
        return await self.engine.parse(said, language, deadline)

    async def check(self) -> str:
        """The engine's model.

        Raises:
            DialogueFailed: there is none.
        """
        return await self.engine.check()

    async def _pass_on(self, case: Case, turn: Turn, session: Session) -> DialogueAnswer:
        words = plain(turn.text)
        if self.farewells.ends(words):
            await self.desk.leave(session)
            return self._said(case, LEFT, Outcome.ANSWERED, is_stop=self.farewells.stops(words))
        try:
            await self.desk.say(session, case.case_id, turn.text[:LONGEST_WORDS])
        except UnknownCase:  # the agent closed it in this very moment
            return self._said(case, ENDED, Outcome.ANSWERED)
        return self._said(case, await self._received(case), Outcome.HANDED_OVER)

    async def _received(self, case: Case) -> str:
        if case.state is CaseState.CLAIMED:
            return RECEIVED
        is_attended = (await self.duty()).availability is Availability.ON_DUTY
        return WAITING if is_attended else DESERTED

    def _said(self, case: Case, response: str, outcome: Outcome, *, is_stop: bool = False) -> DialogueAnswer:
        facts: dict[str, object] = {"outcome": outcome.value}
        if outcome is Outcome.HANDED_OVER:
            facts["expected"] = {"kind": CHOICE, "phrases": list(self.farewells.back[case.language])}
        text = self.responses[response][case.language].format(place=case.place)
        message = Message(text, STOP if is_stop else response, facts=facts)
        return DialogueAnswer((message,), Understanding(language=case.language))

    def _remember(self, turn: Turn, session: Session, answer: DialogueAnswer) -> None:
        replied = " ".join(message.text for message in answer.messages)
        before = self.talks.of(session.dialogue_id) or ()
        self.talks.note(session.dialogue_id, (*before, Exchange(turn.text, replied))[-MOST_EXCHANGES:])


def called_in(answer: DialogueAnswer) -> Called | None:
    """What the citizen has agreed to in this turn, if an action says so in the promised shape."""
    told = (message.facts.get("called") for message in answer.messages)
    for each in told:
        match each:
            case {"reason": str(reason), "with_transcript": bool(with_transcript), "service": str(service)}:
                return Called(Reason(reason), with_transcript, service)
    return None
