"""Turns to the engine or to the desk: by facts and names of responses, never by words."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from assistant.core.deadline import Deadline
from assistant.core.desk import Called, Case, CaseState, Exchange, Reason
from assistant.core.desk_now import Availability
from assistant.core.errors import UnknownCase
from assistant.core.languages import Language
from assistant.core.opening_hours import OpeningHours
from assistant.core.outcomes import Outcome
from assistant.core.ports import DialogueAnswer, Message, Session
from assistant.core.turns import Turn, Understanding
from assistant.pipeline.present import is_stopped, outcome_of
from assistant.pipeline.with_desk import MOST_EXCHANGES, DeskDuty, Farewells, WithDesk, called_in

pytestmark = pytest.mark.unit

SESSION = Session("conversation", "dialogue")
ALWAYS = OpeningHours(dict.fromkeys(range(7), ((0, 1440),)))
FAREWELLS = Farewells(
    {Language.EN: ("back to kratt",), Language.ET: ("tagasi kratile",), Language.RU: ("назад к кратту",)},
    {Language.EN: ("stop",), Language.ET: ("stopp",), Language.RU: ("стоп",)},
)
CASE = Case("case", Language.ET, Reason.ASKED, "", 0.0, CaseState.WAITING, place=2)
HELLO = DialogueAnswer((Message("Hello."),), Understanding())
AGREED = {"reason": "asked", "service": "vehicle", "with_transcript": True}


@dataclass
class World:
    """The engine and the desk, as `WithDesk` sees them."""

    case: Case | None = None
    answer: DialogueAnswer = HELLO
    on_duty: int | None = 1
    is_closed: bool = False
    asked: list[str] = field(default_factory=list)
    done: list[tuple[Any, ...]] = field(default_factory=list)

    async def respond(self, turn: Turn, session: Session, turn_context: str, deadline: Deadline) -> DialogueAnswer:
        self.asked.append(turn.text)
        return self.answer

    async def open_case(self, session: Session) -> Case | None:
        return self.case

    async def call(self, session: Session, called: Called, language: Language, talk: Sequence[Exchange]) -> None:
        self.done.append(("call", called, language, tuple(talk)))

    async def say(self, session: Session, case_id: str, text: str) -> None:
        if self.is_closed:
            raise UnknownCase
        self.done.append(("say", case_id, text))

    async def leave(self, session: Session) -> None:
        self.done.append(("leave",))

    async def waiting(self) -> int | None:
        return self.on_duty


def with_desk(world: World) -> WithDesk:
    here: Any = world
    names = ("received", "waiting", "deserted", "left", "ended")
    words = {f"utter_desk_{name}": dict.fromkeys(Language, f"{name} {{place}}") for name in names}
    return WithDesk(here, here, DeskDuty(here, ALWAYS), words, FAREWELLS)


async def take(dialogue: WithDesk, text: str, language: Language = Language.ET) -> DialogueAnswer:
    turn = Turn("turn", "web", language, text)
    return await dialogue.respond(turn, SESSION, "signed", Deadline.after(5))


async def test_turn_when_nobody_was_called_then_the_engine_takes_it() -> None:
    world = World()
    assert await take(with_desk(world), "hello") == world.answer
    assert world.asked == ["hello"]
    assert world.done == []


async def test_turn_when_the_citizen_agreed_then_a_case_is_opened_with_what_was_talked_about() -> None:
    world = World()
    dialogue = with_desk(world)
    for number in range(MOST_EXCHANGES + 3):
        await take(dialogue, f"question {number}")
    world.answer = DialogueAnswer(
        (Message("Any words."), Message("Called.", facts={"called": AGREED})), Understanding()
    )
    await take(dialogue, "yes")
    ((act, called, language, talk),) = world.done
    assert (act, called, language) == ("call", Called(Reason.ASKED, True, "vehicle"), Language.ET)
    assert talk == tuple(Exchange(f"question {number}", "Hello.") for number in range(3, MOST_EXCHANGES + 3))


async def test_turn_when_the_citizen_did_not_consent_then_nothing_of_the_talk_is_handed_over() -> None:
    world = World()
    dialogue = with_desk(world)
    await take(dialogue, "my secret")
    agreed = {**AGREED, "with_transcript": False}
    world.answer = DialogueAnswer((Message("Called.", facts={"called": agreed}),), Understanding())
    await take(dialogue, "no")
    assert world.done[0][-1] == ()


@pytest.mark.parametrize("told", [True, {"reason": "asked"}, {**AGREED, "with_transcript": "yes"}, []])
def test_called_when_the_fact_has_another_shape_then_nobody_is_called(told: object) -> None:
    message = Message("I have called a person.", "utter_desk_called", facts={"called": told})
    assert called_in(DialogueAnswer((message,), Understanding())) is None


@pytest.mark.parametrize(
    ("state", "on_duty", "said"),
    [
        (CaseState.WAITING, 1, "waiting 2"),
        (CaseState.WAITING, None, "deserted 2"),
        (CaseState.CLAIMED, 1, "received 2"),
    ],
)
async def test_words_when_a_case_is_open_then_they_go_to_the_desk_and_the_reply_is_honest(
    state: CaseState, on_duty: int | None, said: str
) -> None:
    world = World(replace(CASE, state=state), on_duty=on_duty)
    answer = await take(with_desk(world), "My words, as they are!")
    assert world.asked == []
    assert world.done == [("say", "case", "My words, as they are!")]
    assert outcome_of(answer) is Outcome.HANDED_OVER
    assert (answer.messages[0].text, answer.understanding.language) == (said, Language.ET)


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ("Back to Kratt!", False),
        ("tagasi  kratile.", False),
        ("Назад к Кратту", False),
        ("stop", True),
        ("СТОП!", True),
    ],
)
async def test_words_when_they_lead_back_then_the_case_ends_in_any_language(text: str, stops: bool) -> None:
    world = World(CASE)
    answer = await take(with_desk(world), text)
    assert world.done == [("leave",)]
    assert outcome_of(answer) is Outcome.ANSWERED
    assert is_stopped(answer) is stops


async def test_words_when_they_only_mention_the_way_back_then_they_are_passed_on() -> None:
    world = World(CASE)
    await take(with_desk(world), "can i go back to kratt later")
    assert world.done[0][0] == "say"


async def test_words_when_the_agent_closes_in_that_moment_then_that_is_said() -> None:
    answer = await take(with_desk(World(CASE, is_closed=True)), "hello?")
    assert answer.messages[0].response == "utter_desk_ended"


@pytest.mark.parametrize(
    ("hours", "on_duty", "availability", "place"),
    [
        (ALWAYS, 4, Availability.ON_DUTY, 5),
        (ALWAYS, None, Availability.UNATTENDED, 1),
        (OpeningHours({}), 4, Availability.CLOSED, 1),
    ],
)
async def test_duty_when_asked_then_hours_and_agents_count(
    hours: OpeningHours, on_duty: int | None, availability: Availability, place: int
) -> None:
    desk: Any = World(on_duty=on_duty)
    now = await DeskDuty(desk, hours, lambda: datetime(2026, 11, 26, 10, tzinfo=UTC))()
    assert (now.availability, now.place) == (availability, place)
