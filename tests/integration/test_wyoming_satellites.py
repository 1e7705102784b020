"""Satellites made of wyoming's own classes, over real sockets; the recogniser and the voice are real."""

import dataclasses
import random
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from wyoming.audio import AudioChunk, AudioStop
from wyoming.event import Event
from wyoming.pipeline import PipelineStage, RunPipeline

from assistant.adapters.espeak_voice import EspeakVoice
from assistant.adapters.sound_samples import SpeechSound
from assistant.adapters.sql_devices import SqlDevices
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.adapters.webrtc_voice import WebRtcVoice
from assistant.core.audio import Manner
from assistant.core.deadline import Deadline
from assistant.core.devices import Change, Devices
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.ports import Session
from assistant.core.turns import Part
from assistant.database import SqlDatabase
from assistant.pipeline.answer_turn import Answer, Request
from assistant.pipeline.outside_turns import OutsideTurns
from assistant.pipeline.speaking import Speak
from assistant.pipeline.utterance import Ears
from connectors.wyoming import satellite as satellite_module
from connectors.wyoming.arbitration import Arbitration
from connectors.wyoming.registry import Place
from connectors.wyoming.satellite import Ground
from connectors.wyoming.satellites import Satellites
from tests.fake_satellite import FakeSatellite, fake_satellite
from tests.outside import RESPONSES, OutsideWorld
from tests.wyoming_port import HOST, MODEL, RATE, said, sound

pytestmark = pytest.mark.integration

MARY = Session("c", "d", "EE60001019906", "Mary", Assurance.HIGH)


@pytest.fixture(scope="module")
def speech() -> Iterator[VoskSpeech]:
    speech = VoskSpeech({Language.EN: MODEL}, streams=4)
    yield speech
    speech.close()


@pytest.fixture(scope="module")
async def voice() -> AsyncIterator[EspeakVoice]:
    voice = EspeakVoice()
    yield voice
    await voice.close()


@dataclass
class HearingWorld(OutsideWorld):
    """Hears first, echoes then, and speaks."""

    speak: Speak | None = None
    says: str = ""

    async def __call__(self, request: Request, session: Session) -> Answer:
        assert not isinstance(request.said, str | bytes)
        assert self.speak
        heard = (await request.said.finish()).text
        reply = (await super().__call__(dataclasses.replace(request, said=heard or "nothing"), session)).reply
        if self.says:
            reply = dataclasses.replace(reply, parts=(Part(self.says),))
        manner = Manner(rate_hertz=request.speech_rate_hertz)
        return Answer(reply, await self.speak(reply.text, reply.language, Deadline.after(5), print, manner))


@dataclass
class House:
    """Kratt, connected to satellites."""

    world: HearingWorld
    satellites: Satellites
    fakes: list[FakeSatellite]

    @property
    def heard(self) -> list[str | Any]:
        return [request.said for request, _ in self.world.taken]


Build = Callable[..., Any]


@pytest.fixture
def house(speech: VoskSpeech, voice: EspeakVoice, find_free_ports: Callable[[int], list[int]]) -> Build:
    @asynccontextmanager
    async def build(
        areas: Sequence[str | None] = (None,),
        devices: Devices | None = None,
        token: str | None = None,
        *,
        is_triggerable: bool = True,
    ) -> AsyncIterator[House]:
        world = HearingWorld(speak=Speak(voice))
        parts = dataclasses.replace(world.parts, devices=devices)
        turns = OutsideTurns(parts.take_turn, parts.sessions, "secret", RESPONSES, Language.EN)
        ears = Ears(speech, SpeechSound, WebRtcVoice, 20)
        ports = find_free_ports(len(areas))
        places = [
            Place(name=f"s{number}", uri=f"tcp://{HOST}:{port}", language="en", area=area, token=token)
            for number, (port, area) in enumerate(zip(ports, areas, strict=True))
        ]
        satellites = Satellites(places, Ground(turns, ears, Speak(voice), Arbitration(1.5)), first_wait_seconds=0.01)
        async with AsyncExitStack() as opened:
            fakes = [
                await opened.enter_async_context(fake_satellite(each, is_triggerable=is_triggerable)) for each in ports
            ]
            await opened.enter_async_context(satellites.connecting())
            for fake in fakes:
                await fake.is_told("describe")
            yield House(world, satellites, fakes)

    return build


async def test_citizen_when_they_wake_it_then_it_is_told_each_step_and_speaks(house: Build) -> None:
    async with house() as kratt:
        (satellite,) = kratt.fakes
        await satellite.wake_and_say(said("when does my passport expire"))
        await satellite.is_told("audio-stop")
    assert satellite.kinds == [
        *("run-satellite", "describe", "transcribe", "voice-started", "voice-stopped", "transcript"),
        *("synthesize", "audio-start", "audio-chunk", "audio-stop"),
    ]
    assert kratt.heard == ["when does my passport expire"]
    ((request, _),) = kratt.world.taken
    assert (request.channel, request.noticed_ms is not None) == ("shared_speaker", True)
    start = await satellite.is_told("audio-start")
    assert (start.data["rate"], start.data["width"], start.data["channels"]) == (22_050, 2, 1)
    assert len(satellite.samples) > 22_050


async def test_question_when_asked_back_then_its_answer_needs_no_wake_word(house: Build) -> None:
    async with house() as kratt:
        (satellite,) = kratt.fakes
        await satellite.wake_and_say(said("office"))
        assert (await satellite.is_told("run-pipeline")).data["start_stage"] == "asr"
        await satellite.wake_and_say(said("yes"), wake_word=None)
        await satellite.is_told("audio-stop", times=2)
        assert len([event for event in satellite.told if event.type == "run-pipeline"]) == 1
    assert kratt.heard == ["office", "yes"]
    assert len({session.dialogue_id for _, session in kratt.world.taken}) == 1


async def test_question_when_the_satellite_cannot_be_triggered_then_it_is_not(house: Build) -> None:
    async with house(is_triggerable=False) as kratt:
        (satellite,) = kratt.fakes
        for times in (1, 2):
            await satellite.wake_and_say(said("office"))
            await satellite.is_told("audio-stop", times)
    assert "run-pipeline" not in satellite.kinds


async def test_citizen_when_they_interrupt_then_it_falls_silent_and_hears_them(house: Build) -> None:
    async with house() as kratt:
        (satellite,) = kratt.fakes
        kratt.world.says = "This is a long answer that nobody wants to hear to its very end. " * 10
        await satellite.wake_and_say(said("when does my passport expire"))
        await satellite.is_told("audio-chunk")
        kratt.world.says = "Well."
        await satellite.wake_and_say(said("stop"))
        await satellite.is_told("audio-stop")
        assert len(satellite.samples) < 10 * 22_050  # of more than half a minute
        await satellite.is_told("audio-stop", times=2)
    assert kratt.heard == ["when does my passport expire", "stop"]


COUGH = random.Random(7).randbytes(RATE // 2)  # a quarter of a second of noise


@pytest.mark.parametrize("samples", [b"", COUGH], ids=["a wake word that was none", "a cough"])
async def test_reply_when_interrupted_by_nothing_that_is_meant_then_goes_on_where_it_was(
    house: Build, voice: EspeakVoice, samples: bytes
) -> None:
    text = "This is an answer of two sentences. This is the other one."
    async with house() as kratt:
        (satellite,) = kratt.fakes
        kratt.world.says = text
        await satellite.wake_and_say(said("when does my passport expire"))
        await satellite.is_told("audio-chunk")
        await satellite.wake_and_say(samples)
        await satellite.is_told("audio-stop", times=2)
        speech = await Speak(voice)(text, Language.EN, Deadline.after(5), print, Manner(rate_hertz=22_050))
    assert kratt.heard == ["when does my passport expire"]
    assert speech
    whole = len((await speech.whole()).samples)
    assert whole <= len(satellite.samples) <= whole + 22_050  # what was on its way is said twice
    assert len([event for event in satellite.told if event.type == "synthesize"]) == 1


async def test_wake_word_when_several_hear_it_then_the_loudest_of_the_area_answers(house: Build) -> None:
    async with house(["downstairs", "downstairs", "upstairs"]) as kratt:
        kitchen, hall, attic = kratt.fakes
        kratt.world.says = "Well."
        loud = said("yes")
        quiet = (memoryview(loud).cast("h").tolist(),)[0]
        await kitchen.wake_and_say(b"".join((value // 8).to_bytes(2, "little", signed=True) for value in quiet))
        await hall.wake_and_say(loud)
        await attic.wake_and_say(loud)
        error = await kitchen.is_told("error")
        await hall.is_told("audio-stop")
        await attic.is_told("audio-stop")
    assert error.data["code"] == "duplicate_wake_up_detected"
    assert "transcribe" not in kitchen.kinds
    assert kratt.heard == ["yes", "yes"]


async def test_connection_when_it_breaks_then_it_is_made_again(house: Build) -> None:
    async with house() as kratt:
        (satellite,) = kratt.fakes
        await satellite.wake_and_say(said("yes")[:RATE])
        await satellite.is_told("transcribe")
        await satellite.leave()
        await satellite.is_told("describe", times=2)
        await satellite.wake_and_say(said("yes"))
        await satellite.is_told("audio-stop")
    assert kratt.heard == ["yes"]


@pytest.mark.parametrize(
    "sent",
    [
        [RunPipeline(PipelineStage.ASR, PipelineStage.TTS), AudioStop()],
        [RunPipeline(PipelineStage.ASR, PipelineStage.TTS), AudioChunk(RATE, 4, 1, bytes(RATE))],
        [RunPipeline(PipelineStage.ASR, PipelineStage.TTS), *sound(bytes(2 * RATE)), AudioChunk(RATE, 2, 1, b"\0")],
        [RunPipeline(PipelineStage.WAKE, PipelineStage.TTS)],
    ],
)
async def test_satellite_when_it_sends_nonsense_then_it_is_told_so_and_may_go_on(house: Build, sent: Any) -> None:
    async with house() as kratt:
        (satellite,) = kratt.fakes
        await satellite.send(*sent)
        kratt.world.says = "Well."
        await satellite.is_told("error")
        await satellite.wake_and_say(said("yes"))
        await satellite.is_told("audio-stop")
    assert kratt.heard == ["yes"]


async def test_satellite_when_it_sends_no_event_then_it_is_connected_anew(house: Build) -> None:
    async with house() as kratt:
        (satellite,) = kratt.fakes

        class Nonsense:
            def event(self) -> Event:
                return Event("run-pipeline", {"start_stage": 7})

        await satellite.send(Nonsense())  # type: ignore[arg-type]
        await satellite.is_told("describe", times=2)
        assert list(kratt.satellites.connected) == ["s0"]


async def test_announcement_when_made_then_the_satellites_of_the_area_say_it(house: Build) -> None:
    async with house(["downstairs", "upstairs"]) as kratt:
        kitchen, attic = kratt.fakes
        assert await kratt.satellites.announce("The water is cut off.", Language.EN, "downstairs") == ("s0",)
        assert kitchen.kinds[-4:] == ["synthesize", "audio-start", "audio-chunk", "audio-stop"]
        assert "synthesize" not in attic.kinds
        assert await kratt.satellites.announce("It is back.", Language.EN) == ("s0", "s1")


async def test_announcement_when_the_satellite_brings_the_text_then_it_says_it(house: Build) -> None:
    async with house() as kratt:
        (satellite,) = kratt.fakes
        await satellite.send(RunPipeline(PipelineStage.TTS, PipelineStage.TTS, announce_text="Dinner is ready."))
        await satellite.is_told("audio-stop")
        assert (await satellite.is_told("synthesize")).data["text"] == "Dinner is ready."
    assert kratt.world.taken == []


@pytest.fixture
async def devices(tmp_path: Path) -> AsyncIterator[SqlDevices]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE")
    devices = SqlDevices(database, 120, "a secret")
    await devices.open()
    yield devices
    await database.close()


async def test_satellite_when_it_is_a_speaker_then_it_speaks_for_its_citizen_until_somebody_else_may_be_there(
    house: Build, devices: SqlDevices, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, token, code = await devices.register()
    async with house(devices=devices, token=token) as kratt:
        (satellite,) = kratt.fakes

        kratt.world.says = "Well."

        async def ask(times: int, wake_word: str | None = "kratt") -> tuple[str, str | None]:
            await satellite.wake_and_say(said("yes"), wake_word)
            await satellite.is_told("audio-stop", times)
            request, session = kratt.world.taken[-1]
            return request.channel, session.subject

        assert await ask(1) == ("shared_speaker", None)
        await devices.link(code, "kitchen", MARY)
        assert await ask(2) == ("locked_speaker", None)
        await devices.change(device.device_id, Change(may_speak=True, is_locked=False), MARY)
        monkeypatch.setattr(satellite_module, "PAUSE_SECONDS", 0.0)
        assert await ask(3) == ("unlocked_speaker", MARY.subject)  # though the wake word was said: just unlocked
        assert await ask(4, None) == ("unlocked_speaker", MARY.subject)
        assert await ask(5) == ("locked_speaker", None)


async def test_reply_when_the_speaker_is_locked_meanwhile_then_its_rest_is_not_said(
    house: Build, devices: SqlDevices, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, token, code = await devices.register()
    await devices.link(code, "kitchen", MARY)
    await devices.change(device.device_id, Change(may_speak=True, is_locked=False), MARY)
    monkeypatch.setattr(satellite_module, "PAUSE_SECONDS", 0.0)
    async with house(devices=devices, token=token) as kratt:
        (satellite,) = kratt.fakes
        kratt.world.says = "These are things about you. " * 20
        await satellite.wake_and_say(said("yes"))
        await satellite.is_told("audio-chunk")
        kratt.world.says = "Well."
        await satellite.wake_and_say(said("uh"))
        await satellite.is_told("audio-stop", times=2)
    assert [session.subject for _, session in kratt.world.taken] == [MARY.subject, None]
