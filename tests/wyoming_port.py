"""A port for Wyoming's clients where all is real but who answers: Vosk hears, espeak-ng speaks."""

import functools
import ssl
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import numpy as np
import soxr
from wyoming.asr import Transcribe
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.event import Event, Eventable

from assistant.adapters.sound_files import decode_wav
from assistant.adapters.sound_samples import SpeechSound
from assistant.adapters.vosk_speech import VoskSpeech, VoskStream
from assistant.adapters.webrtc_voice import WebRtcVoice
from assistant.core.languages import Language
from assistant.core.ports import TextToSpeech
from assistant.pipeline.speaking import Speak
from assistant.pipeline.utterance import Ears
from assistant.settings import PROJECT
from connectors.wyoming.info import describe
from connectors.wyoming.server import Address, listening
from connectors.wyoming.service import Service
from tests.outside import OutsideWorld

HOST = "127.0.0.1"
MODEL = PROJECT / "models" / "speech" / "en"
RATE = 16_000
FRAME_BYTES = 2 * 1024
"""As Home Assistant sends it."""


@functools.cache
def said(text: str) -> bytes:
    """Somebody who says it, at RATE, with a little silence around."""
    command = ["flite", "-voice", "slt", "-t", text, "-o", "/dev/stdout"]
    pcm = decode_wav(subprocess.run(command, capture_output=True, check=True).stdout, 60)
    samples = soxr.resample(np.frombuffer(pcm.samples, "<i2"), pcm.rate_hertz, RATE).astype("<i2").tobytes()
    return bytes(RATE // 2) + samples + bytes(RATE // 2)


def sound(samples: bytes) -> list[Eventable]:
    """The sound in chunks."""
    starts = range(0, len(samples), FRAME_BYTES)
    return [AudioChunk(RATE, 2, 1, samples[start : start + FRAME_BYTES]) for start in starts]


def recording(samples: bytes, language: str | None = "en") -> list[Eventable]:
    """What Home Assistant sends to have it transcribed."""
    return [Transcribe(language=language), AudioStart(RATE, 2, 1), *sound(samples), AudioStop()]


class ListeningFor(VoskSpeech):
    """The recogniser; keeps which phrases it was told to listen for."""

    phrases: list[tuple[str, ...]]

    async def open_stream(self, language: Language, rate_hertz: int, phrases: Sequence[str] = ()) -> VoskStream:
        """As it does, and keeps them."""
        self.phrases.append(tuple(phrases))
        return await super().open_stream(language, rate_hertz, phrases)


@dataclass
class Port:
    """The open port; `world` answers."""

    port: int
    world: OutsideWorld
    service: Service

    async def ask(self, *messages: Eventable, until: str) -> list[Event]:
        """What a new connection is told for these messages, up to an event of that kind, or to the end."""
        async with AsyncTcpClient(HOST, self.port, read_timeout=20) as client:
            for message in messages:
                await client.write_event(message.event())
            return await told(client, until)


async def told(client: AsyncTcpClient, until: str) -> list[Event]:
    """What a client is told, up to an event of that kind, or to the end."""
    events: list[Event] = []
    while event := await client.read_event():
        events.append(event)
        if event.type == until:
            break
    return events


@asynccontextmanager
async def open_port(
    speech: VoskSpeech,
    voice: TextToSpeech,
    world: OutsideWorld,
    seconds: float = 20,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Port]:
    """The port, for the length of a block."""
    ears = Ears(speech, SpeechSound, WebRtcVoice, seconds)
    service = Service(world.turns, ears, Speak(voice), describe(speech.languages(), "1", "http://kratt.test"))
    async with listening(service, Address(HOST, 0, tls)) as port:
        yield Port(port, world, service)
