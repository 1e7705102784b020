"""What a person at the desk says, on channels that are listened to: real sockets, a real database, a real voice."""

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from assistant.adapters.espeak_voice import EspeakVoice
from assistant.adapters.sound_samples import SpeechSound
from assistant.adapters.sql_desk import SqlDesk
from assistant.adapters.sql_devices import SqlDevices
from assistant.adapters.webrtc_voice import WebRtcVoice
from assistant.core.channels import Channel
from assistant.core.desk import Called, Case, Reason
from assistant.core.devices import Change
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.opening_hours import OpeningHours
from assistant.core.outcomes import Outcome
from assistant.core.ports import Session
from assistant.database import SqlDatabase
from assistant.gateway.parts import DeskParts, GatewayParts
from assistant.pipeline import desk_news, spoken_call
from assistant.pipeline.answer_turn import Answer, Request
from assistant.pipeline.speaking import Speak
from assistant.pipeline.utterance import Ears
from assistant.pipeline.with_desk import DeskDuty
from connectors.conversation_relay.endpoint import build_conversation_relay
from connectors.vosk_websocket.server import Address, VoskServer
from connectors.wyoming.arbitration import Arbitration
from connectors.wyoming.registry import Place
from connectors.wyoming.satellite import Ground
from connectors.wyoming.satellites import Satellites
from tests.fake_satellite import FakeSatellite, fake_satellite
from tests.fake_speech import SECOND, FakeSpeech
from tests.outside import RESPONSES, OutsideWorld
from tests.relay import ACCESS, calling
from tests.wyoming_port import HOST, RATE

pytestmark = pytest.mark.integration

AGENT = "Tiiu"
MARY = Session("c", "d", "EE60001019906", "Mary", Assurance.HIGH)
JOINED, ENDED = (RESPONSES[f"utter_desk_{name}"][Language.EN] for name in ("joined", "ended"))


@dataclass
class DeskWorld(OutsideWorld):
    """Calls a person for whoever says `person`."""

    desk: SqlDesk | None = None
    devices: SqlDevices | None = None
    speak: Speak | None = None

    async def __call__(self, request: Request, session: Session) -> Answer:
        answered = await super().__call__(request, session)
        if "person" not in answered.reply.text:
            return answered
        assert self.desk
        await self.desk.call(session, Called(Reason.ASKED, with_transcript=False), Language.EN, ())
        return dataclasses.replace(
            answered, reply=dataclasses.replace(answered.reply, outcome=Outcome.HANDED_OVER), speech=None
        )

    @property
    def parts(self) -> GatewayParts:
        assert self.desk
        agents: Any = None
        duty = DeskDuty(self.desk, OpeningHours({}))
        return dataclasses.replace(super().parts, devices=self.devices, desk=DeskParts(self.desk, agents, duty))  # type: ignore[arg-type]

    async def claimed(self) -> Case:
        """The one case, which the agent has now."""
        assert self.desk
        (case,) = await self.desk.queue(AGENT)
        return await self.desk.claim(case.case_id, AGENT)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DeskWorld]:
    for module in (desk_news, spoken_call):
        monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE")
    desk, devices, voice = SqlDesk(database, "a secret"), SqlDevices(database, 120, "a secret"), EspeakVoice()
    await desk.open()
    await devices.open()
    await desk.queue(AGENT)  # on duty
    world = DeskWorld(lambda turns: build_conversation_relay(turns, ACCESS), desk=desk, devices=devices)
    world.speak = Speak(voice)
    yield world
    await voice.close()
    await database.close()


def ears_of(speech: FakeSpeech) -> Ears:
    return Ears(speech, SpeechSound, WebRtcVoice, 5)  # type: ignore[arg-type]


async def test_caller_over_a_relay_when_a_person_replies_then_it_is_said_once_and_in_order(world: DeskWorld) -> None:
    assert world.desk
    async with calling(world) as carrier, calling(world, {"type": "setup", "sessionId": "VX another"}) as other:
        await carrier.prompt("person")
        await carrier.spoken()
        case = await world.claimed()
        assert await carrier.spoken() == JOINED
        await world.desk.answer(case.case_id, AGENT, "Tiiu here.", "key one")
        assert await carrier.spoken() == "Tiiu here."
        await world.desk.answer(case.case_id, AGENT, "One <break/> moment.", "key two")
        await world.desk.close_case(case.case_id, AGENT)
        assert [await carrier.spoken() for _ in range(2)] == ["One <break/> moment.", ENDED]
        for call in (carrier, other):
            await call.prompt("hello")
            assert (await call.spoken()).startswith("You said: hello")


@asynccontextmanager
async def bridge(world: DeskWorld, speech: FakeSpeech) -> AsyncIterator[Any]:
    server = VoskServer(world.turns, ears_of(speech), Address(HOST, 0))
    async with server.listening() as port, connect(f"ws://{HOST}:{port}", proxy=None) as socket:
        await socket.send('{"config": {"dialogue": true, "caller": "call 7"}}')
        yield socket


async def replied(socket: Any, sound: bytes) -> tuple[str, int]:
    """The next reply, and how many bytes of it were spoken; the line goes on with silence until it comes."""
    text, spoken = "", 0
    await socket.send(sound)
    while True:
        message = await asyncio.wait_for(socket.recv(), 10)
        if isinstance(message, bytes):
            spoken += len(message)
            continue
        told = json.loads(message)
        text = told.get("reply", {}).get("text", text)
        if "done" in told:
            return text, spoken
        if "partial" in told and not text:
            await socket.send(bytes(320))


async def test_caller_over_a_bridge_when_a_person_replies_then_it_is_spoken_in_the_call(world: DeskWorld) -> None:
    assert world.desk
    speech = FakeSpeech("person")
    async with bridge(world, speech) as socket:
        await replied(socket, SECOND)
        speech.says = ""
        case = await world.claimed()
        await world.desk.answer(case.case_id, AGENT, "Tiiu here. How can I help?", "key one")
        assert (await replied(socket, bytes(320)))[0] == JOINED
        text, spoken = await replied(socket, b"")
        assert text == "Tiiu here. How can I help?"
        assert spoken > 8000
        await world.desk.close_case(case.case_id, AGENT)
        assert (await replied(socket, bytes(320)))[0] == ENDED


House = Callable[..., Any]


@asynccontextmanager
async def satellites(
    world: DeskWorld, tokens: list[str], ports: list[int]
) -> AsyncIterator[tuple[FakeSatellite, FakeSatellite, Satellites]]:
    turns, speak = world.turns, world.speak
    assert speak
    places = [
        Place(name=f"s{number}", uri=f"tcp://{HOST}:{port}", language=Language.EN, token=token)  # type: ignore[arg-type]
        for number, (token, port) in enumerate(zip(tokens, ports, strict=True))
    ]
    ground = Ground(turns, ears_of(FakeSpeech("person")), speak, Arbitration())
    connected = Satellites(places, ground, first_wait_seconds=0.01)
    async with fake_satellite(ports[0]) as first, fake_satellite(ports[1]) as second, connected.connecting():
        for each in (first, second):
            await each.is_told("describe")
        yield first, second, connected


def said_on(satellite: FakeSatellite) -> list[str]:
    return [event.data["text"] for event in satellite.told if event.type == "synthesize"]


async def test_speaker_when_a_person_replies_then_says_it_once_and_no_other_speaker_of_the_citizen_does(
    world: DeskWorld, find_free_ports: Callable[[int], list[int]]
) -> None:
    assert world.desk
    assert world.devices
    tokens = []
    for name in ("kitchen", "study"):
        device, token, code = await world.devices.register()
        await world.devices.link(code, name, MARY)
        await world.devices.change(device.device_id, Change(may_speak=True, is_locked=False), MARY)
        tokens.append(token)
    async with satellites(world, tokens, find_free_ports(2)) as (kitchen, study, _):
        await kitchen.wake_and_say(SECOND[: RATE // 2])
        await kitchen.is_told("audio-stop")
        assert world.taken[-1][0].channel == Channel.UNLOCKED_SPEAKER.value
        await kitchen.leave()
        await kitchen.is_told("describe", times=2)
        case = await world.claimed()
        await world.desk.answer(case.case_id, AGENT, "Tiiu here.", "key one")
        await kitchen.is_told("audio-stop", times=3)
        await world.desk.answer(case.case_id, AGENT, "Goodbye.", "key two")
        await world.desk.close_case(case.case_id, AGENT)
        await kitchen.is_told("audio-stop", times=5)
        assert said_on(kitchen)[1:] == [JOINED, "Tiiu here.", "Goodbye.", ENDED]
        assert said_on(study) == []


async def test_speaker_when_locked_then_says_nothing_more_of_the_person(
    world: DeskWorld, find_free_ports: Callable[[int], list[int]]
) -> None:
    assert world.desk
    assert world.devices
    device, token, code = await world.devices.register()
    await world.devices.link(code, "kitchen", MARY)
    await world.devices.change(device.device_id, Change(may_speak=True, is_locked=False), MARY)
    _, other, _ = await world.devices.register()
    async with satellites(world, [token, other], find_free_ports(2)) as (kitchen, _, connected):
        await kitchen.wake_and_say(SECOND[: RATE // 2])
        await kitchen.is_told("audio-stop")
        case = await world.claimed()
        await kitchen.is_told("audio-stop", times=2)
        await world.devices.lock(device.device_id)
        await world.desk.answer(case.case_id, AGENT, "Your fine is 40 euros.", "key one")
        following = connected.connected["s0"]._following  # that it ends is seen nowhere else
        assert following
        await asyncio.wait_for(following, 10)
        assert said_on(kitchen)[1:] == [JOINED]
