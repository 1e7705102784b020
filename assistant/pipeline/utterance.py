"""What somebody says, while they say it: heard, told to whoever hears along, and noticed to be over."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from assistant.core.audio import SPEECH_RATE_HERTZ, SoundFormat
from assistant.core.errors import SpeechToTextFailed
from assistant.core.languages import Language
from assistant.core.ports import FRAME_SECONDS, SoundIntake, SpeechStream, SpeechToText, VoiceActivity
from assistant.core.turns import Expected, Transcript
from assistant.pipeline.end_of_speech import EndOfSpeech, Speech, patience_for
from assistant.pipeline.first_words import open_any_language
from assistant.pipeline.interruption import is_interruption, patience_with
from assistant.pipeline.vocabulary import vocabulary

HEAR_SECONDS = 10.0
"""A recogniser that takes longer for a piece of sound is broken."""


class HearsAlong(Protocol):
    """Is told what is heard."""

    async def tell_partial(self, text: str) -> None:
        """The words so far, whenever they change."""

    async def tell_transcript(self, transcript: Transcript) -> None:
        """All of it, once the speaker has finished; what goes wrong here must not be the turn's failure."""


@dataclass(frozen=True)
class Ears:
    """What a channel hears with; an utterance lasts at most `longest_seconds`."""

    speech: SpeechToText
    sound_intake: Callable[[SoundFormat], SoundIntake]
    voice_activity: Callable[[], VoiceActivity]
    longest_seconds: float

    async def open(
        self,
        sound_format: SoundFormat,
        language: Language,
        expected: Expected | None,
        along: HearsAlong,
        *,
        is_any_language: bool,
        is_into_reply: bool = False,
    ) -> "Utterance":
        """Begin an utterance; who cannot be heard for now is told so before they have spoken.

        `is_into_reply`: a sound was heard while a reply is read aloud, which may be no word.

        Raises:
            UnsupportedAudio: the rate is out of range.
            Busy: too many people are speaking.
        """
        sound = self.sound_intake(sound_format)
        stream = await self._stream(language, expected, is_any_language=is_any_language)
        patience = patience_for(expected)
        end = EndOfSpeech(patience_with(patience) if is_into_reply else patience)
        room = int(self.longest_seconds * sound_format.rate_hertz) * sound_format.bytes_per_frame
        return Utterance(stream, along, sound, self.voice_activity(), end, room)

    async def _stream(
        self, language: Language, expected: Expected | None, *, is_any_language: bool
    ) -> SpeechStream | None:
        try:
            async with asyncio.timeout(HEAR_SECONDS):
                if is_any_language:
                    return await open_any_language(self.speech, language, SPEECH_RATE_HERTZ, expected)
                return await self.speech.open_stream(language, SPEECH_RATE_HERTZ, vocabulary(expected, language))
        except (SpeechToTextFailed, TimeoutError):
            return None


@dataclass
class Utterance:
    """A `SpeechStream` that fails only when it is asked for the transcript.

    So a recogniser that is missing or broken becomes a turn that ends in words, like any other failed stage.
    """

    _stream: SpeechStream | None
    _along: HearsAlong
    _sound: SoundIntake
    _voice: VoiceActivity
    _end: EndOfSpeech
    _room: int
    """Bytes that may still come."""
    noticed_ms: float | None = field(default=None, init=False)
    """How long it took to notice that it was over; None if that was told."""
    _partial: str = field(default="", init=False)
    _transcript: Transcript | None = field(default=None, init=False)

    @property
    def is_full(self) -> bool:
        """Whether it has lasted as long as it may."""
        return self._room <= 0

    @property
    def is_broken(self) -> bool:
        """Whether nothing can be heard: the recogniser is missing or broken."""
        return self._stream is None

    @property
    def silent_ms(self) -> float:
        """How long ago the last voice was."""
        return self._end.silent_seconds * 1000

    async def take(self, frames: bytes) -> Speech:
        """How far the utterance is with these further whole frames; what is too long of them is left out."""
        samples = self._sound.take(frames[: self._room])
        self._room -= len(frames)
        partial = await self.accept(samples)
        for is_voice in self._voice.frames(samples):
            self._end.hear(FRAME_SECONDS, is_voice=is_voice)
        return self._end.read(partial)

    async def accept(self, samples: bytes) -> str:
        """Take PCM at SPEECH_RATE_HERTZ; the words so far."""
        if not self._stream:
            return ""
        try:
            async with asyncio.timeout(HEAR_SECONDS):
                partial = await self._stream.accept(samples)
        except (SpeechToTextFailed, TimeoutError):
            await self.abandon()
            self._stream = None
            return ""
        if partial != self._partial:
            self._partial = partial
            await self._along.tell_partial(partial)
        return partial

    async def finish(self) -> Transcript:
        """The transcript; whoever hears along is told.

        Raises:
            SpeechToTextFailed: the recogniser is missing or broken.
        """
        transcript = await self.transcribe()
        await self._along.tell_transcript(transcript)
        return transcript

    async def transcribe(self) -> Transcript:
        """The same, while nobody is told yet.

        Raises:
            SpeechToTextFailed: as `finish`.
        """
        if self._transcript:
            return self._transcript
        if rest := self._sound.finish():
            await self.accept(rest)
        if not self._stream:
            raise SpeechToTextFailed("the recogniser is missing or broken")
        self._transcript = await self._stream.finish()
        return self._transcript

    async def ends_reply(self) -> bool:
        """Whether what was said into a reply ends it; what cannot be heard does, and the turn will say so."""
        try:
            return is_interruption(await self.transcribe())
        except SpeechToTextFailed:
            return True

    async def abandon(self) -> None:
        """Give it up; safe after `finish`."""
        if self._stream:
            await self._stream.abandon()
