"""What one connection has heard so far, whatever it sends."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.core.audio import SoundFormat
from assistant.core.dictation import Dictated, Dictation, Segment
from assistant.core.ports import SoundIntake
from assistant.pipeline.utterance import Ears
from connectors.vosk_websocket.configuration import Configuration
from connectors.vosk_websocket.wav_header import without_header

SLICE_SECONDS = 0.25
"""A longer frame is taken in slices: nobody else waits for the whole of it."""


@dataclass
class Frames:
    """Sound cut anywhere, as whole samples."""

    sound_format: SoundFormat
    rest: bytes = b""

    @classmethod
    def beginning_with(cls, frame: bytes, rate_hertz: int) -> "tuple[Frames, bytes]":
        """Those of a WAV file, if the frame begins with a header, else s16 mono; and what of the frame is sound.

        Raises:
            UnsupportedAudio: it cannot be decoded.
        """
        told, frame = without_header(frame)
        return cls(told or SoundFormat(rate_hertz)), frame

    def slices(self, frame: bytes) -> Iterator[bytes]:
        """Whole samples, a little at a time; half a one waits for the next frame."""
        frame = self.rest + frame
        end = len(frame) - len(frame) % self.sound_format.bytes_per_frame
        self.rest = frame[end:]
        length = int(SLICE_SECONDS * self.sound_format.rate_hertz) * self.sound_format.bytes_per_frame
        for begin in range(0, end, length):
            yield frame[begin : min(begin + length, end)]


@dataclass
class Hearing:
    """A stream that is written down; a recogniser is taken when the first sound comes."""

    ears: Ears
    _frames: Frames | None = None
    _intake: SoundIntake | None = None
    _dictation: Dictation | None = None
    _held: list[Segment] = field(default_factory=list)
    """What has ended and no reply has told yet."""

    async def take(self, frame: bytes, configuration: Configuration) -> Dictated:
        """Hear one frame.

        Raises:
            CallerError: it is no sound, or as many as allowed are heard already.
            SpeechToTextFailed: the recogniser failed.
        """
        if self._frames is None:
            self._frames, frame = Frames.beginning_with(frame, configuration.rate_hertz)
        intake = self._intake = self._intake or self.ears.sound_intake(self._frames.sound_format)
        dictation = self._dictation = self._dictation or await self._open(configuration)
        partial = (await dictation.accept(b"")).partial
        for samples in self._frames.slices(frame):
            heard = await dictation.accept(intake.take(samples))
            self._held += heard.ended
            partial = heard.partial
        ended, self._held = tuple(self._held), []
        return Dictated(ended, partial)

    async def finish(self) -> Segment:
        """All that was heard and not told yet; what comes next is another segment."""
        if self._intake and self._dictation:
            self._held += (await self._dictation.accept(self._intake.finish())).ended
            self._held.append(await self._dictation.finish())
            self._intake = None
        segment, self._held = Segment.joined(self._held), []
        return segment

    async def pause(self) -> None:
        """Let others have the recogniser until sound comes again; what was heard is told then."""
        if self._dictation:
            self._held = [await self.finish()]
            await self.close()

    async def begin_anew(self) -> None:
        """The same, and the next sound may be of another format."""
        await self.pause()
        self._frames = self._intake = None

    async def close(self) -> None:
        """Give the recogniser back."""
        if dictation := self._dictation:
            self._dictation = None
            await dictation.close()

    async def _open(self, configuration: Configuration) -> Dictation:
        return await self.ears.speech.open_dictation(
            configuration.language, configuration.phrases, configuration.alternatives
        )
