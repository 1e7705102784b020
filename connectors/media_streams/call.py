"""One call: its sound to and fro."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import WebSocket, WebSocketDisconnect

from assistant.core.audio import BYTES_PER_SAMPLE, Pcm
from assistant.core.channels import Channel
from assistant.core.errors import Busy, KrattError, MalformedTurn, NotAllowed, TooMuch, TooOften, UnsupportedAudio
from assistant.core.turns import Reply, Transcript
from assistant.pipeline.outside_turns import OutsideTurns, Sender
from assistant.pipeline.spoken_call import CallManner, SpokenCall
from assistant.pipeline.utterance import Ears
from connectors.carriers.access import Access
from connectors.carriers.line import Line
from connectors.media_streams import NAME
from connectors.media_streams.frames import (
    PROTOCOL,
    Dtmf,
    Mark,
    Media,
    Start,
    Stop,
    clear_frame,
    mark_frame,
    media_frame,
)

RATE_HERTZ = 8_000
START_SECONDS, IDLE_SECONDS = 10.0, 30.0
"""A carrier sends sound all the time: one that is silent has gone."""
CHUNK_BYTES = RATE_HERTZ * BYTES_PER_SAMPLE // 2
"""Half a second: Telnyx takes up to thirty."""
BACK_SECONDS = 0.3
"""The way to the caller takes a while: what was halted goes on so much earlier than it seems to have been heard."""

_CLOSE_CODES: dict[type[KrattError], int] = {
    MalformedTurn: 1003,
    UnsupportedAudio: 1003,
    TooMuch: 1009,
    NotAllowed: 1008,
    Busy: 1013,
    TooOften: 1013,
}

_log = logging.getLogger("kratt.media_streams")


@dataclass
class Call:
    """An accepted socket, and its `Handset`; `encode` makes the carrier's sound of 16-bit samples."""

    socket: WebSocket
    turns: OutsideTurns
    ears: Ears
    access: Access
    is_signed: bool
    encode: Callable[[bytes], bytes]
    _stream_id: str = field(default="", init=False)
    _sent: bytes = field(default=b"", init=False)
    """Samples of the reply that is played, as far as they were sent."""
    _rest: bytes = field(default=b"", init=False)
    """What was not heard of it when it was halted."""
    _mark: int = field(default=0, init=False)
    """How many replies were sent to their end."""

    def __post_init__(self) -> None:
        """Nothing was said yet."""
        self._call = SpokenCall(self.turns, self.ears, self)
        self._line = Line(self.socket, PROTOCOL)

    async def run(self) -> None:
        """Serve the call until the carrier ends it, or it is no call."""
        try:
            start = await self._begin()
            async with self.turns.alone(Sender(NAME, start.start.call_id, Channel.TELEPHONE)):
                await self._serve(start)
            await self.socket.close()
        except WebSocketDisconnect:
            return
        except KrattError as error:
            _log.warning("call refused", extra={"facts": {"code": error.code, "detail": error.detail}})
            await self.socket.close(_CLOSE_CODES.get(type(error), 1011))
        except TimeoutError:  # nothing comes, or nothing is taken any more
            with contextlib.suppress(WebSocketDisconnect):
                await self.socket.close()
        finally:
            await self._call.pause()

    async def _begin(self) -> Start:
        try:
            async with asyncio.timeout(START_SECONDS):
                while (frame := await self._line.receive(START_SECONDS)) is None:
                    continue
        except TimeoutError:
            raise MalformedTurn("no start came") from None
        if not isinstance(frame, Start):
            raise MalformedTurn("a call begins with its start")
        if not self.is_signed and not self.access.has_key(frame.start.custom_parameters):
            raise NotAllowed("the call has neither a signature nor the key")
        self._stream_id = frame.stream_id
        return frame

    async def _serve(self, start: Start) -> None:
        sound_format = start.start.media_format.sound_format
        heard = sorted(self.ears.speech.languages(), key=lambda each: each is not self.turns.default_language)
        manner = CallManner(
            Sender(NAME, start.start.call_id, Channel.TELEPHONE),
            next(iter(heard), self.turns.default_language),
            RATE_HERTZ,
        )
        while True:
            frame = await self._line.receive(IDLE_SECONDS)
            if frame and frame.stream_id not in {None, self._stream_id}:
                raise MalformedTurn("a frame of another stream")
            match frame:
                case Media() as media if samples := media.samples:
                    await self._call.hear(samples, sound_format, manner)
                    await self._call.tell_news(manner)
                case Dtmf(dtmf=key):
                    await self._call.press(key.digit, manner)
                case Mark(mark=mark) if mark.name == str(self._mark) and not self._call.playback.is_halted:
                    self._call.playback.end()
                case Start():
                    raise MalformedTurn("a call begins once")
                case Stop():
                    return

    async def tell_heard(self, transcript: Transcript) -> None:
        """As `Handset`; nobody sees it."""

    async def tell_reply(self, reply: Reply) -> None:
        """As `Handset`; nobody sees it."""
        del reply
        if not self._call.playback.unheard_seconds:
            self._sent = b""

    async def play(self, sound: Pcm) -> None:
        """As `Handset`."""
        self._sent += sound.samples
        await self._send_sound(sound.samples)

    async def end_reply(self) -> None:
        """As `Handset`."""
        self._mark += 1
        await self._line.send(mark_frame(self._stream_id, str(self._mark)))

    async def halt(self, unheard_seconds: float) -> None:
        """As `Handset`."""
        await self._line.send(clear_frame(self._stream_id))
        left = int((unheard_seconds + BACK_SECONDS) * RATE_HERTZ) * BYTES_PER_SAMPLE
        self._rest = self._sent[-left:]

    async def go_on(self) -> None:
        """As `Handset`."""
        self._sent, self._rest = self._rest, b""
        await self._send_sound(self._sent)
        await self.end_reply()

    async def clear(self) -> None:
        """As `Handset`."""
        self._rest = b""
        await self._line.send(clear_frame(self._stream_id))

    async def _send_sound(self, samples: bytes) -> None:
        for first in range(0, len(samples), CHUNK_BYTES):
            await self._line.send(media_frame(self._stream_id, self.encode(samples[first : first + CHUNK_BYTES])))
