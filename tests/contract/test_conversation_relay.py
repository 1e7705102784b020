"""Calls over ConversationRelay, with the payloads that Twilio and Telnyx document."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from assistant.core.channels import Channel
from assistant.core.ports import Counted
from connectors.carriers.access import Access
from connectors.carriers.line import MOST_FRAME_CHARACTERS
from connectors.conversation_relay import PATH, call
from connectors.conversation_relay.call import MOST_WAITING
from tests.outside import RESPONSES, OutsideWorld
from tests.relay import KEY, PUBLIC_URL, SETUP, TELNYX_SETUP, Carrier, calling, world_of

pytestmark = pytest.mark.contract

ECHO = "You said: {} One.\n\nTwo."


@pytest.fixture
def world() -> OutsideWorld:
    return world_of()


@pytest.fixture
async def carrier(world: OutsideWorld) -> AsyncIterator[Carrier]:
    async with calling(world) as carrier:
        yield carrier


async def test_prompt_when_said_then_each_part_of_the_reply_is_a_token_and_the_last_ends_it(carrier: Carrier) -> None:
    await carrier.prompt("hello")
    assert await carrier.receive() == {"type": "text", "token": "You said: hello ", "last": False}
    assert await carrier.receive() == {"type": "text", "token": "One.\n\nTwo.", "last": True}


async def test_prompt_when_more_of_it_comes_then_it_waits(carrier: Carrier, world: OutsideWorld) -> None:
    for words, last in (("how", False), ("how much", False), ("how much is it", True)):
        await carrier.prompt(words, last=last)
    assert await carrier.spoken() == ECHO.format("how much is it")
    assert len(world.taken) == 1


async def test_turn_when_taken_then_is_that_of_a_telephone_and_of_nobody(carrier: Carrier, world: OutsideWorld) -> None:
    await carrier.prompt("hello")
    await carrier.spoken()
    [(request, session)] = world.taken
    assert (request.channel, request.is_read_aloud, request.speak) == (Channel.TELEPHONE.value, True, False)
    assert session.subject is None


async def test_prompts_when_said_one_after_the_other_then_are_answered_in_their_order(
    carrier: Carrier, world: OutsideWorld
) -> None:
    for words in ("one", "two", "three"):
        await carrier.prompt(words)
    assert [await carrier.spoken() for _ in range(3)] == [ECHO.format(words) for words in ("one", "two", "three")]
    assert {session.dialogue_id for _, session in world.taken} == {"dialogue 0"}


async def test_digits_when_typed_then_are_words_once_the_hash_comes(carrier: Carrier, world: OutsideWorld) -> None:
    for digit in "38*12#":
        await carrier.send(type="dtmf", digit=digit)
    assert await carrier.spoken() == ECHO.format("12")
    assert len(world.taken) == 1


async def test_language_when_the_reply_is_in_another_then_the_carrier_is_told_once(carrier: Carrier) -> None:
    await carrier.prompt("привет")
    assert await carrier.receive() == {"type": "language", "ttsLanguage": "ru-RU", "transcriptionLanguage": "ru-RU"}
    await carrier.spoken()
    await carrier.prompt("да", lang="ru-RU")
    assert await carrier.spoken() == ECHO.format("да")


@pytest.mark.parametrize(("lang", "language"), [("et-EE", "et"), ("ru", "ru"), ("en-GB", "en"), ("de-DE", "en")])
async def test_language_when_the_carrier_tells_it_then_it_is_the_turns(
    carrier: Carrier, world: OutsideWorld, lang: str, language: str
) -> None:
    await carrier.prompt("tere", lang=lang)
    await carrier.spoken()
    assert world.taken[0][0].language.value == language


@pytest.mark.parametrize("words", [" ", "Mhm.", "Please go on."])
async def test_reply_when_interrupted_by_a_cough_or_to_be_polite_then_goes_on_where_it_stopped(
    carrier: Carrier, caplog: pytest.LogCaptureFixture, words: str
) -> None:
    caplog.set_level("INFO", "kratt.conversation_relay")
    await carrier.prompt("passport")
    await carrier.spoken()
    await carrier.send(type="interrupt", utteranceUntilInterrupt="You said passport", durationUntilInterruptMs="460")
    await carrier.prompt(words)
    assert await carrier.spoken() == "One.\n\nTwo."
    [line] = caplog.records
    assert line.facts == {"words": 5, "unheard_words": 2, "after_ms": 460.0}  # type: ignore[attr-defined]


async def test_reply_when_interrupted_twice_then_goes_on_from_the_second_place(carrier: Carrier) -> None:
    await carrier.prompt("passport")
    await carrier.spoken()
    await carrier.send(type="interrupt", utteranceUntilInterrupt="You said")
    await carrier.prompt("")
    assert await carrier.spoken() == "passport One.\n\nTwo."
    await carrier.send(type="interrupt", utteranceUntilInterrupt="passport one")
    await carrier.prompt("mhm")
    assert await carrier.spoken() == "Two."


async def test_polite_word_when_nothing_was_interrupted_then_is_an_answer(carrier: Carrier) -> None:
    await carrier.prompt("mhm")
    assert await carrier.spoken() == ECHO.format("mhm")


async def test_reply_when_interrupted_by_words_then_these_are_answered_and_the_rest_is_not_said(
    carrier: Carrier,
) -> None:
    await carrier.prompt("passport")
    await carrier.spoken()
    await carrier.send(type="interrupt", utteranceUntilInterrupt="You", durationUntilInterruptMs=20)
    await carrier.prompt("hello")
    assert await carrier.spoken() == ECHO.format("hello")
    await carrier.prompt("")
    await carrier.prompt("bye")
    assert await carrier.spoken() == ECHO.format("bye")


async def test_error_when_the_turn_cannot_be_taken_then_its_words_are_spoken(carrier: Carrier) -> None:
    await carrier.prompt("x" * 101)
    assert await carrier.spoken() == RESPONSES["utter_error_too_much"]["en"]  # type: ignore[index]
    await carrier.prompt("hello")
    assert await carrier.spoken() == ECHO.format("hello")


async def test_caller_when_asking_too_often_then_is_told_so() -> None:
    async with calling(world_of(per_minute={Counted.TURN_OF_DEVICE: 1})) as carrier:
        for _ in range(2):
            await carrier.prompt("hello")
        assert await carrier.spoken() == ECHO.format("hello")
        assert await carrier.spoken() == RESPONSES["utter_error_too_often"]["en"]  # type: ignore[index]


async def test_caller_when_saying_more_than_can_wait_then_is_told_so_at_once(
    carrier: Carrier, world: OutsideWorld
) -> None:
    goes_on, is_asked = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        is_asked.set()
        await goes_on.wait()

    world.before = hang
    await carrier.prompt("first")
    await is_asked.wait()
    for number in range(MOST_WAITING + 1):
        await carrier.prompt(str(number))
    assert await carrier.spoken() == RESPONSES["utter_error_busy"]["en"]  # type: ignore[index]
    goes_on.set()
    said = [await carrier.spoken() for _ in range(MOST_WAITING + 1)]
    assert said == [ECHO.format(words) for words in ("first", *map(str, range(MOST_WAITING)))]


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "error", "description": 'Invalid message received: { "foo" : "bar" }'},
        {"type": "info", "name": "tokensPlayed", "value": "hello"},
        {"type": "prompt", "voicePrompt": "", "lang": "en-US", "last": True},
    ],
)
async def test_frame_when_it_asks_nothing_then_the_call_goes_on(carrier: Carrier, frame: dict[str, Any]) -> None:
    await carrier.send(**frame)
    await carrier.prompt("hello")
    assert await carrier.spoken() == ECHO.format("hello")


async def test_call_of_telnyx_when_it_brings_the_key_then_is_served() -> None:
    async with calling(world_of(Access(PUBLIC_URL, PATH, key=KEY)), TELNYX_SETUP, signature="") as carrier:
        await carrier.prompt("hello there", lang="en")
        assert await carrier.spoken() == ECHO.format("hello there")


async def test_calls_when_there_are_two_then_each_has_a_dialogue(world: OutsideWorld) -> None:
    for session in ("VX1", "VX2"):
        async with calling(world, {**SETUP, "sessionId": session}) as carrier:
            await carrier.prompt("hello")
            await carrier.spoken()
    assert [session.dialogue_id for _, session in world.taken] == ["dialogue 0", "dialogue 1"]


MALFORMED = [
    ("", 1003),
    ("hello", 1003),
    ("[]", 1003),
    ("[" * 5000, 1003),
    ('{"voicePrompt": "hello"}', 1003),
    ('{"type": 7}', 1003),
    ('{"type": "prompt"}', 1003),
    ('{"type": "prompt", "voicePrompt": ["hello"]}', 1003),
    ('{"type": "dtmf", "digit": "12"}', 1003),
    ('{"type": "dtmf", "digit": "\u0663"}', 1003),
    ('{"type": "interrupt", "durationUntilInterruptMs": "soon"}', 1003),
    (json.dumps(SETUP), 1003),
    (b"\0\1", 1003),
    (" " * (MOST_FRAME_CHARACTERS + 1), 1009),
]


@pytest.mark.parametrize(("frame", "code"), MALFORMED)
async def test_frame_when_malformed_then_the_call_is_closed_with_the_code(
    carrier: Carrier, frame: str | bytes, code: int
) -> None:
    await carrier.socket.send(frame)
    with pytest.raises(ConnectionClosed) as closed:
        await carrier.receive()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code


async def test_call_when_nothing_happens_then_is_given_back(
    world: OutsideWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call, "IDLE_SECONDS", 0.01)
    async with calling(world) as carrier:
        assert await carrier.receive() == {"type": "end", "handoffData": '{"reason": "silence"}'}
        with pytest.raises(ConnectionClosed):
            await carrier.receive()


async def test_call_when_hung_up_while_it_is_answered_then_the_answer_is_given_up(world: OutsideWorld) -> None:
    is_asked, is_given_up = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        is_asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            is_given_up.set()

    world.before = hang
    async with calling(world) as carrier:
        await carrier.prompt("hello")
        await is_asked.wait()
        await carrier.socket.close()
        await asyncio.wait_for(is_given_up.wait(), 5)
