"""A dialogue on the socket of vosk-server, with a recogniser that hears what it is told to."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import connect

from assistant.adapters.sound_samples import SpeechSound
from assistant.adapters.webrtc_voice import WebRtcVoice
from assistant.core.languages import Language
from assistant.pipeline.utterance import Ears
from connectors.vosk_websocket.server import Address, VoskServer
from tests.fake_speech import SECOND, FakeSpeech
from tests.outside import OutsideWorld

pytestmark = pytest.mark.contract

START = '{"config": {"dialogue": true, "caller": "call 7"}}'


@asynccontextmanager
async def call(speech: FakeSpeech, world: OutsideWorld) -> AsyncIterator[Any]:
    ears: Any = Ears(speech, SpeechSound, WebRtcVoice, 5)  # type: ignore[arg-type]
    server = VoskServer(world.turns, ears, Address("127.0.0.1", 0))
    async with server.listening() as port, connect(f"ws://127.0.0.1:{port}", proxy=None) as socket:
        await socket.send(START)
        yield socket


async def answered(socket: Any, *messages: bytes | str) -> dict[str, Any]:
    """What comes until the reply is over, by kind."""
    for message in messages:
        await socket.send(message)
    told: dict[str, Any] = {}
    while "done" not in told:
        message = await asyncio.wait_for(socket.recv(), 10)
        told |= {"sound": message} if isinstance(message, bytes) else json.loads(message)
    return told


async def test_key_when_it_is_the_number_of_a_choice_then_that_is_said() -> None:
    world = OutsideWorld()
    async with call(FakeSpeech("office"), world) as socket:
        asked = await answered(socket, SECOND)
        assert [button["title"] for button in asked["reply"]["buttons"]] == ["Tallinn", "Tartu"]
        chosen = await answered(socket, '{"dtmf": "2"}')
    assert chosen["reply"]["text"].startswith("You said: in tartu")
    assert {session.dialogue_id for _, session in world.taken} == {"dialogue 0"}
    assert all(request.channel == "telephone" for request, _ in world.taken)


async def test_call_when_its_name_comes_again_then_the_dialogue_goes_on() -> None:
    world, speech = OutsideWorld(), FakeSpeech()
    for _ in range(2):
        async with call(speech, world) as socket:
            await answered(socket, SECOND)
    assert len({session.conversation_id for _, session in world.taken}) == 1


async def test_language_when_the_dialogues_has_no_model_then_it_is_heard_in_one_that_has() -> None:
    speech = FakeSpeech("привет")
    async with call(speech, OutsideWorld()) as socket:
        first = await answered(socket, SECOND)
        await answered(socket, SECOND)
    assert first["reply"]["language"] == "ru"
    assert set(speech.languages_asked) == {Language.EN}


async def test_client_when_it_leaves_in_the_middle_then_the_recogniser_is_given_back() -> None:
    speech = FakeSpeech()
    async with call(speech, OutsideWorld()) as socket:
        await socket.send(bytes(320))
        await socket.recv()
        assert speech.open_streams == 1
    assert speech.open_streams == 0


async def kinds(socket: Any, sound: bytes, until: str) -> list[str]:
    """What comes for the sound, but for partials."""
    for begin in range(0, len(sound), 320):
        await socket.send(sound[begin : begin + 320])
    told: list[str] = []
    while until not in told:
        message = await asyncio.wait_for(socket.recv(), 10)
        told += [] if isinstance(message, bytes) else [*json.loads(message)]
    return [kind for kind in told if kind != "partial"]


@pytest.mark.parametrize(("says", "confidence"), [("mhm", 0.9), ("two", 0.3), ("", 0.0), ("go on", 0.9)])
async def test_reply_when_somebody_coughs_or_is_polite_then_is_halted_and_goes_on(says: str, confidence: float) -> None:
    world, speech = OutsideWorld(), FakeSpeech()
    async with call(speech, world) as socket:
        await answered(socket, SECOND)
        speech.says, speech.confidence = says, confidence
        assert await kinds(socket, SECOND + bytes(32000), "resume") == ["pause", "resume"]
        assert await kinds(socket, SECOND + bytes(32000), "resume") == ["pause", "resume"]
    assert len(world.taken) == 1
    assert speech.open_streams == 0


async def test_reply_when_somebody_speaks_into_it_then_is_ended_and_they_are_answered() -> None:
    world, speech = OutsideWorld(), FakeSpeech()
    async with call(speech, world) as socket:
        await answered(socket, SECOND)
        speech.says = "stop"
        assert await kinds(socket, SECOND, "done") == ["pause", "clear", "result", "text", "reply", "speech", "done"]
    assert len(world.taken) == 2


async def test_reply_when_a_key_is_pressed_then_is_ended() -> None:
    async with call(FakeSpeech("office"), OutsideWorld()) as socket:
        await answered(socket, SECOND)
        assert "clear" in await answered(socket, '{"dtmf": "2"}')


async def test_line_when_a_reply_is_played_and_nobody_speaks_then_no_recogniser_is_taken() -> None:
    speech = FakeSpeech()
    async with call(speech, OutsideWorld()) as socket:
        await answered(socket, SECOND)
        await socket.send(bytes(16000))
        assert json.loads(await socket.recv()) == {"partial": ""}
        assert len(speech.languages_asked) == 1
