"""A satellite, made of the classes that real ones are made of; what it hears from Kratt can be waited for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from wyoming.event import Event, Eventable
from wyoming.info import Attribution, Info
from wyoming.info import Satellite as SatelliteInfo
from wyoming.ping import Pong
from wyoming.pipeline import PipelineStage, RunPipeline
from wyoming.server import AsyncEventHandler, AsyncTcpServer
from wyoming.snd import Played
from wyoming.wake import Detection

from tests.wyoming_port import HOST, RATE, sound

SILENCE = bytes(3 * RATE)
"""A satellite streams on until it is told to stop."""


@dataclass
class FakeSatellite:
    """Says when it has played; what it is told is kept, but for pings."""

    port: int
    is_triggerable: bool = True
    told: list[Event] = field(default_factory=list)
    _more: asyncio.Event = field(default_factory=asyncio.Event)
    _connection: "_Connection | None" = None

    async def wake_and_say(self, samples: bytes, wake_word: str | None = "kratt") -> None:
        """Somebody says the wake word, and goes on; without one, the satellite was triggered."""
        if wake_word:
            await self.send(Detection(wake_word))
        run = RunPipeline(PipelineStage.ASR, PipelineStage.TTS, wake_word_name=wake_word)
        await self.send(run, *sound(samples + SILENCE))

    async def send(self, *messages: Eventable) -> None:
        assert self._connection
        for message in messages:
            await self._connection.write_event(message.event())

    async def leave(self) -> None:
        assert self._connection
        self._connection.writer.close()

    async def is_told(self, kind: str, times: int = 1) -> Event:
        """The event, once it was told so often."""
        async with asyncio.timeout(20):
            while len(found := [event for event in self.told if event.type == kind]) < times:
                self._more.clear()
                await self._more.wait()
        return found[times - 1]

    @property
    def kinds(self) -> list[str]:
        """The kinds of events; of several alike that follow each other one."""
        kinds = [event.type for event in self.told]
        return [kind for before, kind in zip(["", *kinds], kinds, strict=False) if before != kind]

    @property
    def samples(self) -> bytes:
        """All sound that it was told to play."""
        return b"".join(event.payload or b"" for event in self.told if event.type == "audio-chunk")

    def take(self, connection: "_Connection", event: Event) -> list[Eventable]:
        """What it answers at once."""
        self._connection = connection
        if event.type == "ping":
            return [Pong()]
        self.told.append(event)
        self._more.set()
        if event.type == "describe":
            about = ("fake", Attribution("Kratt", ""), True, None, None)
            return [Info(satellite=SatelliteInfo(*about, supports_trigger=self.is_triggerable))]
        return [Played()] if event.type == "audio-stop" else []


class _Connection(AsyncEventHandler):
    def __init__(self, satellite: FakeSatellite, *streams: Any) -> None:
        super().__init__(*streams)
        self.satellite = satellite

    async def handle_event(self, event: Event) -> bool:
        for answer in self.satellite.take(self, event):
            await self.write_event(answer.event())
        return True


@asynccontextmanager
async def fake_satellite(port: int, *, is_triggerable: bool = True) -> AsyncIterator[FakeSatellite]:
    """A satellite that listens, for the length of a block."""
    satellite = FakeSatellite(port, is_triggerable)
    server = AsyncTcpServer(HOST, port)
    await server.start(partial(_Connection, satellite))
    try:
        yield satellite
    finally:
        await server.stop()
