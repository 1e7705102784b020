"""From sound to a transcript."""

from dataclasses import dataclass

from assistant.core.languages import Language
from assistant.core.ports import SoundDecoder, SpeechStream, SpeechToText
from assistant.core.turns import Expected, Transcript


@dataclass(frozen=True)
class Listen:
    """Recognises an utterance, whether it lies in a file or was streamed already."""

    sounds: SoundDecoder
    speech: SpeechToText

    async def __call__(
        self, spoken: bytes | SpeechStream, language: Language, expected: Expected | None = None
    ) -> Transcript:
        """The transcript of a WAV file, which probably answers what was asked, or of an open stream.

        Raises:
            UnsupportedAudio: the file cannot be decoded.
            TooMuch: the recording is too long.
            Busy: too many people are speaking.
            SpeechToTextFailed: the recogniser failed or has no model for the language.
        """
        if isinstance(spoken, bytes):
            return await self._recognise(spoken, language, expected)
        return await spoken.finish()

    async def _recognise(self, recording: bytes, language: Language, expected: Expected | None) -> Transcript:
        pcm = await self.sounds.decode(recording)
        stream = await self.speech.open_stream(language, pcm.rate_hertz, expected)
        try:
            await stream.accept(pcm.samples)
            return await stream.finish()
        finally:
            await stream.abandon()
