"""From sound to a transcript."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.core.languages import Language
from assistant.core.ports import SoundDecoder, SpeechStream, SpeechToText
from assistant.core.turns import Transcript


@dataclass(frozen=True)
class Listen:
    """Recognises an utterance, whether it lies in a file or was streamed already."""

    sounds: SoundDecoder
    speech: SpeechToText

    async def __call__(
        self, spoken: bytes | SpeechStream, language: Language, phrases: Sequence[str] = ()
    ) -> Transcript:
        """The transcript of a WAV file, in which some of `phrases` are probably said, or of an open stream.

        Raises:
            UnsupportedAudio: the file cannot be decoded.
            TooMuch: the recording is too long.
            Busy: too many people are speaking.
            SpeechToTextFailed: the recogniser failed or has no model for the language.
        """
        if isinstance(spoken, bytes):
            return await self._recognise(spoken, language, phrases)
        return await spoken.finish()

    async def _recognise(self, recording: bytes, language: Language, phrases: Sequence[str]) -> Transcript:
        pcm = await self.sounds.decode(recording)
        stream = await self.speech.open_stream(language, pcm.rate_hertz, phrases)
        try:
            await stream.accept(pcm.samples)
            return await stream.finish()
        finally:
            await stream.abandon()
