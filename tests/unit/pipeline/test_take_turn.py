from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from assistant.core.channels import Channel
from assistant.core.devices import HandOver, Waiting
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.ports import Counted, Session
from assistant.core.turns import Part, Reply
from assistant.pipeline.answer_turn import Answer, Request
from assistant.pipeline.expectations import Expectations
from assistant.pipeline.lock_out import LockOut
from assistant.pipeline.own_data import OwnData
from assistant.pipeline.take_turn import Caller, TakeTurn

pytestmark = pytest.mark.unit

NOBODY = Session("conversation", "dialogue")
MARY = replace(NOBODY, subject="EE60001019906")
REPLY = Reply("turn", "conversation", Language.ET, Outcome.ANSWERED, (Part("Yes."),))


@dataclass
class World:
    """All that a turn may reach; it keeps what was done."""

    reply: Reply = REPLY
    requests: list[Request] = field(default_factory=list)
    done: list[tuple[Any, ...]] = field(default_factory=list)

    async def __call__(self, request: Request, session: Session) -> Answer:
        self.requests.append(request)
        return Answer(self.reply)

    async def put(self, subject: str, waiting: tuple[Waiting, ...]) -> None:
        self.done.append(("put", subject, waiting))

    async def forget(self, subject: str) -> int:
        self.done.append(("forget", subject))
        return 1

    async def lock(self, device_id: str) -> None:
        self.done.append(("lock", device_id))

    async def offer(self, hand_over: HandOver) -> str:
        self.done.append(("offer", hand_over))
        return "token"

    async def admit(self, what: Counted, who: str) -> None:
        self.done.append((what, who))

    @property
    def take_turn(self) -> TakeTurn:
        here: Any = self
        lock_out = LockOut(here, here, Expectations(), here, here)
        return TakeTurn(here, here, here, here, OwnData({"store": here}), here, lock_out)


async def test_turn_when_taken_then_its_channel_is_the_callers() -> None:
    world = World()
    await world.take_turn(Request("hello", Language.EN), Caller(NOBODY, Channel.EXTERNAL_CHAT))
    assert world.requests == [Request("hello", Language.EN, channel="external_chat")]
    assert world.done == []


@pytest.mark.parametrize(
    ("promised", "done"),
    [
        ({"own_screen": ("my fines",)}, ("put", MARY.subject, (Waiting("my fines", Language.ET),))),
        ({"is_forgotten": True}, ("forget", MARY.subject)),
        ({"is_stopped": True}, ("lock", "speaker")),
    ],
)
async def test_reply_when_it_promises_something_then_that_is_done(promised: dict[str, Any], done: Any) -> None:
    world = World(replace(REPLY, **promised))
    await world.take_turn(Request("hello", Language.EN), Caller(MARY, Channel.UNLOCKED_SPEAKER, "speaker"))
    assert world.done == [done]


@pytest.mark.parametrize(
    ("session", "put"), [(NOBODY, []), (MARY, [("put", MARY.subject, (Waiting("", Language.ET, "token"),))])]
)
async def test_dialogue_when_it_is_to_go_on_on_a_screen_then_its_link_is_told_and_the_citizens_page_has_it(
    session: Session, put: list[Any]
) -> None:
    world = World(replace(REPLY, is_moving=True))
    answer = await world.take_turn(Request("hello", Language.EN), Caller(session, Channel.LOCKED_SPEAKER, "speaker"))
    assert answer.hand_over == "token"
    assert world.done == [("offer", HandOver("speaker", "dialogue")), *put]


async def test_reply_when_nobody_and_no_speaker_asks_then_nothing_is_done() -> None:
    world = World(replace(REPLY, own_screen=("my fines",), is_forgotten=True, is_stopped=True, is_moving=True))
    await world.take_turn(Request("hello", Language.EN), Caller(NOBODY, Channel.EXTERNAL_CHAT))
    assert world.done == []


@pytest.mark.parametrize(
    ("caller", "counted"),
    [
        (Caller(NOBODY), [(Counted.TURN_OF_DEVICE, "dialogue")]),
        (Caller(MARY), [(Counted.TURN_OF_DEVICE, "dialogue"), (Counted.TURN_OF_PERSON, MARY.subject)]),
        (Caller(NOBODY, Channel.SHARED_SPEAKER, "speaker"), [(Counted.TURN_OF_DEVICE, "speaker")]),
    ],
)
async def test_caller_when_counted_then_by_speaker_or_dialogue_and_by_person(caller: Caller, counted: Any) -> None:
    world = World()
    await world.take_turn.count_caller(caller)
    assert world.done == counted
