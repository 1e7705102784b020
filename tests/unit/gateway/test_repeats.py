import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

import httpx
import pytest

from assistant.core.errors import Busy, MalformedTurn
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.ports import Session
from assistant.core.turns import Reply
from assistant.gateway.repeats import KEPT_SECONDS, Repeats, Taken
from assistant.pipeline.answer_turn import Answer
from assistant.pipeline.speaking import Speech
from assistant.pipeline.take_turn import Caller

pytestmark = pytest.mark.unit

KEY = "k" * 32


@dataclass
class Turns:
    """Counts how often a turn is taken; each waits for `may_end`."""

    taken: int = 0
    fails: bool = False
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self) -> Taken:
        self.taken += 1
        await self.may_end.wait()
        if self.fails:
            raise Busy
        reply = Reply(f"turn {self.taken}", "conversation", Language.EN, Outcome.ANSWERED, ())
        return Taken(Answer(reply, cast("Speech", "a sound")), Caller(Session("conversation", "dialogue")))


@pytest.fixture
def turns() -> Turns:
    turns = Turns()
    turns.may_end.set()
    return turns


async def test_turn_when_sent_again_then_it_is_taken_once_and_its_sound_is_not_kept(turns: Turns) -> None:
    repeats = Repeats()
    first, again = [await repeats.once(KEY, "hello", turns.take) for _ in range(2)]
    assert (turns.taken, first.answer.reply, first.caller) == (1, again.answer.reply, again.caller)
    assert (first.answer.speech, again.answer.speech) == ("a sound", None)


async def test_turn_when_sent_again_while_it_is_taken_then_both_get_its_reply(turns: Turns) -> None:
    repeats = Repeats()
    turns.may_end.clear()
    sent = [asyncio.create_task(repeats.once(KEY, "hello", turns.take)) for _ in range(3)]
    await asyncio.sleep(0)
    sent[0].cancel()  # this client is gone
    await asyncio.sleep(0)
    turns.may_end.set()
    replies = [(await each).answer.reply for each in sent[1:]]
    assert (turns.taken, replies[0]) == (1, replies[1])


async def test_turn_when_it_failed_then_it_may_be_sent_anew(turns: Turns) -> None:
    repeats = Repeats()
    turns.fails = True
    with pytest.raises(Busy):
        await repeats.once(KEY, "hello", turns.take)
    turns.fails = False
    await repeats.once(KEY, "hello", turns.take)
    assert turns.taken == 2


async def test_key_when_it_was_another_turns_then_nothing_is_told(turns: Turns) -> None:
    repeats = Repeats()
    await repeats.once(KEY, "hello", turns.take)
    with pytest.raises(MalformedTurn):
        await repeats.once(KEY, "something else", turns.take)


async def test_turns_when_there_are_many_or_they_are_old_then_the_first_are_forgotten(turns: Turns) -> None:
    now = [0.0]
    repeats = Repeats(most=2, now=lambda: now[0])
    for key in ("a", "b", "c"):
        await repeats.once(key, "hello", turns.take)
    await repeats.once("a", "hello", turns.take)
    assert turns.taken == 4
    now[0] = KEPT_SECONDS
    await repeats.once("c", "hello", turns.take)
    assert turns.taken == 5
    repeats.forget()
    await repeats.once("c", "hello", turns.take)
    assert turns.taken == 6


async def test_post_when_sent_again_without_a_conversation_then_it_is_answered_once_and_in_the_same_one(
    client: httpx.AsyncClient, gateway: Any
) -> None:
    replies = []
    for _ in range(2):
        replies.append(await client.post("/v1/turns", json={"text": "hello"}, headers={"Idempotency-Key": KEY}))
        client.cookies.clear()
    assert replies[0].json() == replies[1].json()
    assert replies[0].headers["set-cookie"] == replies[1].headers["set-cookie"]
    assert (len(gateway.dialogue.turns), gateway.sessions.started) == (1, 1)


@pytest.mark.parametrize("key", ["short", "k" * 101, "with blanks in it, and long enough"])
async def test_post_when_its_key_could_be_guessed_then_it_is_refused(client: httpx.AsyncClient, key: str) -> None:
    answer = await client.post("/v1/turns", json={"text": "hello"}, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_turn")
