"""A carrier's side of Media Streams: payloads from Twilio's and Telnyx' documents, over a real socket."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from assistant.adapters.sound_samples import SpeechSound, mu_law_of
from assistant.adapters.webrtc_voice import WebRtcVoice
from assistant.pipeline.utterance import Ears
from connectors.carriers.access import Access
from connectors.media_streams import PATH
from connectors.media_streams.endpoint import build_media_streams
from tests.outside import OutsideWorld
from tests.relay import AUTH_TOKEN, KEY, PUBLIC_URL, signature_of
from tests.serving import served

SIGNED = signature_of(f"wss://kratt.example.ee{PATH}")
STREAM = "MZ18ad3ab5a668481ce02b83e7395059f0"
CONNECTED = {"event": "connected", "protocol": "Call", "version": "1.0.0"}
START: dict[str, Any] = {
    "event": "start",
    "sequenceNumber": "1",
    "start": {
        "accountSid": "AC00000000000000000000000000000000",
        "streamSid": STREAM,
        "callSid": "CA00000000000000000000000000000000",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"FirstName": "Jane"},
    },
    "streamSid": STREAM,
}
TELNYX_START: dict[str, Any] = {
    "event": "start",
    "sequence_number": "1",
    "start": {
        "user_id": "3E6F995F-85F7-4705-9741-53B116D28237",
        "call_control_id": "v2:T02llQxIyaRkhfRKxgAP8nY511EhFLizdvdUKJiSw8d6A9BborherQ",
        "media_format": {"encoding": "PCMU", "sample_rate": 8000, "channels": 1},
        "custom_parameters": {"key": KEY},
    },
    "stream_id": "32DE0DEA-53CB-4B21-89A4-9E1819C043BC",
}
FRAME_SAMPLES = 160


@dataclass
class Carrier:
    """One end of a call; what it is told is kept by kind."""

    socket: ClientConnection
    address: str = ""
    stream: dict[str, str] = field(default_factory=lambda: {"streamSid": STREAM})
    told: list[dict[str, Any]] = field(default_factory=list)

    async def send(self, **frame: Any) -> None:
        await self.socket.send(json.dumps(frame))

    async def say(self, samples: bytes, **media: str) -> None:
        """As a caller says it: 20 ms in each frame."""
        sound = mu_law_of(samples)
        for first in range(0, len(sound), FRAME_SAMPLES):
            payload = base64.b64encode(sound[first : first + FRAME_SAMPLES]).decode()
            await self.send(event="media", **self.stream, media={"track": "inbound", "payload": payload, **media})

    async def is_told(self, kind: str) -> dict[str, Any]:
        """The next frame of this kind; those before it are kept."""
        while True:
            frame: dict[str, Any] = json.loads(await asyncio.wait_for(self.socket.recv(), 10))
            self.told.append(frame)
            if frame["event"] == kind:
                return frame

    @property
    def kinds(self) -> list[str]:
        """The kinds of frames; of several alike that follow each other one."""
        kinds = [frame["event"] for frame in self.told]
        return [kind for before, kind in zip(["", *kinds], kinds, strict=False) if before != kind]

    def played(self) -> bytes:
        """What it was told to play, in mu-law."""
        return b"".join(base64.b64decode(each["media"]["payload"]) for each in self.told if each["event"] == "media")


@asynccontextmanager
async def calling(
    world: OutsideWorld,
    speech: Any,
    start: dict[str, Any] = START,
    access: Access = Access(PUBLIC_URL, PATH, AUTH_TOKEN),  # noqa: B008  # frozen
) -> AsyncIterator[Carrier]:
    ears: Any = Ears(speech, SpeechSound, WebRtcVoice, 5)
    world.connector = lambda turns: build_media_streams(turns, ears, access, mu_law_of)
    async with (
        served(world.connector_alone) as address,
        connect(
            f"ws{address.removeprefix('http')}{PATH}", additional_headers={"X-Twilio-Signature": SIGNED}, proxy=None
        ) as socket,
    ):
        named = {name: start[name] for name in ("streamSid", "stream_id") if name in start}
        carrier = Carrier(socket, address, named)
        await carrier.send(**CONNECTED)
        await carrier.send(**start)
        yield carrier
