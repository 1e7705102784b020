import asyncio
from collections import Counter

import pytest

from assistant.core.deadline import Deadline
from assistant.core.errors import DialogueFailed, DialogueUnreachable, ServiceUnavailable
from assistant.core.languages import Language
from assistant.core.ports import DialogueAnswer, Message, Session
from assistant.core.publishing import Trial
from assistant.core.turns import Intent, Turn, Understanding
from assistant.pipeline.route_models import LOOK_SECONDS, RouteModels, TrialNow

pytestmark = pytest.mark.unit

TURN = Turn("turn-1", "web", Language.EN, "hello")
IDS = [f"dialogue-{number}" for number in range(300)]


class FakeEngine:
    """Answers at once, or when it is told to; fails if it is given an error."""

    def __init__(self, model: str) -> None:
        self.model = model
        self.asked: list[str] = []
        self.is_asked = asyncio.Event()
        self.fails: DialogueFailed | None = None
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.intent = "greet"
        self.is_closed = False

    async def respond(self, turn, session, turn_context, deadline) -> DialogueAnswer:
        self.asked.append(session.dialogue_id)
        self.is_asked.set()
        await self.may_answer.wait()
        if self.fails:
            raise self.fails
        return DialogueAnswer((Message("hi"),), Understanding((Intent(self.intent, 0.9),)), model=self.model)

    async def parse(self, said, language, deadline) -> Understanding:
        return Understanding((Intent(self.model, 0.9),))

    async def check(self) -> str:
        if self.fails:
            raise self.fails
        return self.model

    async def kept_of(self, subject: str):
        return ({"model": self.model},)

    async def forget(self, subject: str) -> int:
        if self.fails:
            raise self.fails
        return 1

    async def close(self) -> None:
        self.is_closed = True


class FakeTrials:
    def __init__(self) -> None:
        self.now: Trial | None = None
        self.looks = 0
        self.is_down = False

    async def trial(self) -> Trial | None:
        self.looks += 1
        if self.is_down:
            raise ServiceUnavailable
        return self.now


class FakeFigures:
    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def count(self, model: str, *what: str) -> None:
        self.counts.update((model, name) for name in what)

    async def close(self) -> None: ...


class World:
    def __init__(self) -> None:
        self.live, self.candidate = FakeEngine("old"), FakeEngine("new")
        self.trials, self.figures, self.seconds = FakeTrials(), FakeFigures(), 0.0
        trial = TrialNow(self.trials, lambda: self.seconds)
        self.route = RouteModels(self.live, self.candidate, trial, self.figures)

    def try_out(self, share: int, version: str = "v2") -> None:
        self.trials.now = Trial(version, share, 0.0)
        self.seconds += LOOK_SECONDS

    def stop_trying(self) -> None:
        self.trials.now = None
        self.seconds += LOOK_SECONDS

    async def ask(self, dialogue_id: str = "dialogue-1") -> str:
        session = Session("conversation", dialogue_id)
        return (await self.route.respond(TURN, session, "signed", Deadline.after(5))).model


@pytest.fixture
def world() -> World:
    return World()


async def test_turns_when_nothing_is_tried_then_the_live_model_answers(world):
    assert {await world.ask(each) for each in IDS} == {"old"}
    assert await world.route.check() == "old"


@pytest.mark.parametrize("share", [1, 10, 50])
async def test_turns_when_a_model_is_tried_then_it_has_its_share_and_every_dialogue_stays_with_one(world, share):
    world.try_out(share)
    first = {each: await world.ask(each) for each in IDS}
    assert {each: await world.ask(each) for each in IDS} == first
    assert share / 2 <= 100 * Counter(first.values())["new"] / len(IDS) <= share * 2
    assert await world.route.check() == "old"


async def test_turns_when_the_share_grows_then_who_had_the_new_model_keeps_it(world):
    world.try_out(10)
    before = {each for each in IDS if await world.ask(each) == "new"}
    world.try_out(40)
    assert before < {each for each in IDS if await world.ask(each) == "new"}


async def test_turns_when_another_model_is_tried_then_other_people_get_it(world):
    world.try_out(20, "v2")
    before = {each for each in IDS if await world.ask(each) == "new"}
    world.try_out(20, "v3")
    assert before != {each for each in IDS if await world.ask(each) == "new"}


async def test_turns_when_the_new_model_is_for_all_then_it_answers_and_is_what_is_checked(world):
    world.try_out(100)
    assert {await world.ask(each) for each in IDS} == {"new"}
    assert await world.route.check() == "new"
    assert (await world.route.parse("hello", Language.EN, Deadline.after(5))).intent.name == "new"
    assert await world.route.kept_of("EE60001019906") == ({"model": "new"},)
    world.stop_trying()
    assert await world.ask() == "old"


async def test_turns_when_one_is_under_way_then_the_next_of_its_dialogue_goes_to_the_same_engine(world):
    world.live.may_answer.clear()
    first = asyncio.create_task(world.ask("dialogue-1"))
    await world.live.is_asked.wait()
    world.try_out(100)
    second, other = asyncio.create_task(world.ask("dialogue-1")), asyncio.create_task(world.ask("dialogue-2"))
    assert await other == "new"
    world.live.may_answer.set()
    assert (await first, await second) == ("old", "old")
    assert await world.ask("dialogue-1") == "new"


@pytest.mark.parametrize(("share", "down", "answers"), [(100, "candidate", "old"), (1, "live", "new")])
async def test_turns_when_an_engine_is_not_there_then_the_other_one_stands_in(world, share, down, answers):
    world.try_out(share)
    getattr(world, down).fails = DialogueUnreachable("down")
    assert {await world.ask(each) for each in IDS} == {answers}
    assert await world.route.check() == answers
    assert await world.route.forget("EE60001019906") == 1 if down == "candidate" else True


async def test_turns_when_nothing_is_tried_and_the_engine_is_not_there_then_they_fail(world):
    world.live.fails = DialogueUnreachable("down")
    with pytest.raises(DialogueUnreachable):
        await world.ask()
    with pytest.raises(DialogueUnreachable):
        await world.route.check()


async def test_turn_when_it_was_sent_and_failed_then_nobody_else_is_asked(world):
    world.try_out(100)
    await world.ask()
    world.candidate.fails = DialogueFailed("late")
    with pytest.raises(DialogueFailed):
        await world.ask()
    assert world.live.asked == []
    assert world.figures.counts["new", "failed_dialogue"] == 1


async def test_figures_when_turns_are_taken_then_each_model_has_its_own(world):
    await world.ask()
    world.try_out(100)
    world.candidate.intent = "nlu_fallback"
    await world.ask()
    await world.route.rate("dialogue-1", 4)
    assert world.figures.counts == {
        ("old", "answered"): 1,
        ("new", "answered"): 1,
        ("new", "fallback"): 1,
        ("new", "grade_4"): 1,
        ("old", "conversation"): 1,
        ("new", "conversation"): 1,
        ("new", "conversation_not_understood"): 1,
    }


async def test_rate_when_the_model_has_not_answered_here_then_nothing_is_counted(world):
    await world.route.rate("dialogue-1", 4)
    assert not world.figures.counts


async def test_forget_when_a_model_is_tried_then_turns_on_both_engines_end_first(world):
    assert await world.route.forget("EE60001019906") == 1
    world.try_out(50)
    assert await world.route.forget("EE60001019906") == 2


async def test_trial_when_many_ask_then_it_is_looked_up_now_and_then(world):
    for _ in range(20):
        await world.ask()
    assert world.trials.looks == 1
    world.try_out(100)
    world.trials.is_down = True
    assert await world.ask() == "old"  # what was known
    assert world.trials.looks == 2


async def test_close_when_the_gateway_ends_then_both_engines_connections_do(world):
    await world.route.close()
    assert world.live.is_closed
    assert world.candidate.is_closed
