"""Sound of a satellite on its way to be heard, and what the satellite is told meanwhile."""

import asyncio
import contextlib
from collections import deque

from wyoming.asr import Transcript as TranscriptEvent
from wyoming.event import Event
from wyoming.vad import VoiceStarted, VoiceStopped

from assistant.core.errors import Busy, MalformedTurn
from assistant.core.turns import Transcript
from connectors.wyoming.hearing import STALL_SECONDS, Sound
from connectors.wyoming.wire import Line

LOUDNESS_SECONDS = 0.5
"""Sound after the wake word that tells how near the speaker is."""
MOST_WAITING = 512
"""Chunks of sound that wait to be heard; half a minute of them."""


class Told:
    """`HearsAlong` that tells a satellite how far the speaker is, for its light, and when it need stream no more."""

    def __init__(self, line: Line) -> None:
        """Nobody has said anything yet."""
        self._line = line
        self._has_started = False
        self._has_stopped = False

    async def tell_partial(self, _: str) -> None:
        """Somebody speaks."""
        if not self._has_started:
            self._has_started = True
            await self._line.send(VoiceStarted())

    async def tell_transcript(self, transcript: Transcript) -> None:
        """They have finished; what goes wrong here is found out by whoever reads the line."""
        with contextlib.suppress(OSError):
            await self.stop(transcript.text)

    async def stop(self, text: str = "") -> None:
        """Let the satellite stop streaming, once."""
        if not self._has_stopped:
            self._has_stopped = True
            await self._line.send(VoiceStopped(), TranscriptEvent(text))


class Stream:
    """Sound of a satellite that waits to be heard."""

    def __init__(self) -> None:
        """None has come."""
        self._waiting: asyncio.Queue[Event] = asyncio.Queue(MOST_WAITING)
        self._ahead: deque[Event] = deque()

    def put(self, event: Event) -> None:
        """Take a further event.

        Raises:
            Busy: too many wait.
        """
        try:
            self._waiting.put_nowait(event)
        except asyncio.QueueFull:
            raise Busy("sound comes faster than it can be heard") from None

    async def beginning(self) -> tuple[Sound, bytes]:
        """How the sound comes, and its first part, which `receive` gives nevertheless.

        Raises:
            TimeoutError: none comes.
            MalformedTurn, UnsupportedAudio: it is no sound that can be heard.
        """
        sound: Sound | None = None
        samples = b""
        while sound is None or len(samples) < sound.sound_format.bytes_per_frame * sound.rate * LOUDNESS_SECONDS:
            async with asyncio.timeout(STALL_SECONDS):
                event = await self._waiting.get()
            self._ahead.append(event)
            if event.type == "audio-stop":
                break
            sound = sound or Sound.of(event)
            samples += event.payload or b""
        if sound is None:
            raise MalformedTurn("an end without sound")
        whole = len(samples) - len(samples) % sound.sound_format.bytes_per_frame
        return sound, samples[:whole]

    async def receive(self, seconds: float) -> Event:
        """The next event.

        Raises:
            TimeoutError: it does not come.
        """
        if self._ahead:
            return self._ahead.popleft()
        async with asyncio.timeout(seconds):
            return await self._waiting.get()
