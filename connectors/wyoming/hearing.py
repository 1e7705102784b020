"""Sound of a client, and what it is told of the words in it."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import takewhile

from pydantic import Field
from wyoming.asr import Transcript as TranscriptEvent
from wyoming.asr import TranscriptChunk, TranscriptStart, TranscriptStop
from wyoming.event import Event

from assistant.core.audio import BYTES_PER_SAMPLE, MOST_CHANNELS, SoundFormat
from assistant.core.errors import MalformedTurn, UnsupportedAudio
from assistant.core.turns import Transcript
from assistant.pipeline.end_of_speech import OVER
from assistant.pipeline.utterance import Utterance
from connectors.wyoming.wire import EventBody, Line

STALL_SECONDS = 15.0
"""A client that is recording and sends nothing for so long is gone."""

Next = Callable[[float], Awaitable[Event]]
"""The next event, if it is there in so many seconds."""


class Sound(EventBody):
    """How sound comes: the data of `audio-start` and `audio-chunk`; `width` is bytes of a sample."""

    rate: int
    width: int
    channels: int = Field(ge=1)

    @property
    def sound_format(self) -> SoundFormat:
        """The same as others have it.

        Raises:
            UnsupportedAudio: only 16-bit samples are heard, of few channels.
        """
        if self.width != BYTES_PER_SAMPLE or self.channels > MOST_CHANNELS:
            raise UnsupportedAudio(f"{self.channels} channels of {8 * self.width} bits")
        return SoundFormat(self.rate, channels=self.channels)


class Told:
    """`HearsAlong` that tells a client each word once it stands: what was told is not taken back until all is heard."""

    def __init__(self, line: Line, language: str | None = None) -> None:
        """Tell it by the line; `language` is the one that the client has named."""
        self._line = line
        self._language = language
        self._told: list[str] = []
        self._last: list[str] = []

    async def tell_partial(self, text: str) -> None:
        """The words that were the same before, but for the last one, which may be half a word."""
        words = text.split()
        same = takewhile(lambda pair: pair[0] == pair[1], zip(self._last, words[:-1], strict=False))
        self._last = words
        await self._tell([word for word, _ in same])

    async def tell_transcript(self, transcript: Transcript) -> None:
        """All words; where they differ from what was told, these are right."""
        await self._tell(transcript.text.split())
        await self._line.send(TranscriptEvent(transcript.text, language=transcript.language.value))
        if self._told:
            await self._line.send(TranscriptStop())

    async def _tell(self, words: list[str]) -> None:
        told = len(self._told)
        if len(words) <= told or words[:told] != self._told:
            return
        if not told:
            await self._line.send(TranscriptStart(language=self._language))
        await self._line.send(TranscriptChunk((" " if told else "") + " ".join(words[told:])))
        self._told = words


async def listen(utterance: Utterance, sound: Sound, receive: Next, seconds: float) -> bool:
    """Listen until the client stops, the speaker has finished, or that many seconds are heard.

    Whether the client has yet to stop.

    Raises:
        MalformedTurn: other sound comes than was announced, or none.
    """
    try:
        async with asyncio.timeout(seconds + STALL_SECONDS):
            while not utterance.is_full:
                event = await receive(STALL_SECONDS)
                if event.type == "audio-stop":
                    return False
                if event.type == "audio-chunk" and await utterance.take(_frames(event, sound)) in OVER:
                    utterance.noticed_ms = utterance.silent_ms
                    return True
    except TimeoutError:  # a sample now and then would keep one of the few streams for ever
        raise MalformedTurn("the client sends more slowly than anybody speaks") from None
    return True


def _frames(event: Event, sound: Sound) -> bytes:
    frames = event.payload or b""
    if Sound.of(event) != sound or len(frames) % sound.sound_format.bytes_per_frame:
        raise MalformedTurn("not whole samples of the sound that was announced")
    return frames
