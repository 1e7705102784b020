"""From sound to a transcript."""

from dataclasses import dataclass

from assistant.core.audio import BYTES_PER_SAMPLE
from assistant.core.languages import Language
from assistant.core.ports import SoundDecoder, SpeechStream, SpeechToText
from assistant.core.turns import Expected, Transcript
from assistant.pipeline.first_words import open_any_language
from assistant.pipeline.vocabulary import vocabulary


@dataclass(frozen=True)
class Listen:
    """Recognises an utterance, whether it lies in a file or was streamed already."""

    sounds: SoundDecoder
    speech: SpeechToText

    async def __call__(
        self,
        spoken: bytes | SpeechStream,
        language: Language,
        expected: Expected | None = None,
        *,
        is_any_language: bool = False,
    ) -> Transcript:
        """The transcript of an open stream, or of a WAV file in which what is `expected` is probably said.

        `is_any_language`: the file's language is decided by its first words, and `language` is only the likely one.

        Raises:
            UnsupportedAudio: the file cannot be decoded.
            TooMuch: the recording is too long.
            Busy: too many people are speaking.
            SpeechToTextFailed: the recogniser failed or has no model for the language.
        """
        if isinstance(spoken, bytes):
            return await self._recognise(spoken, language, expected, is_any_language=is_any_language)
        return await spoken.finish()

    async def _recognise(
        self, recording: bytes, language: Language, expected: Expected | None, *, is_any_language: bool
    ) -> Transcript:
        pcm = await self.sounds.decode(recording)
        if is_any_language:
            stream = await open_any_language(self.speech, language, pcm.rate_hertz, expected)
        else:
            stream = await self.speech.open_stream(language, pcm.rate_hertz, vocabulary(expected, language))
        try:
            second = pcm.rate_hertz * BYTES_PER_SAMPLE
            for begin in range(0, len(pcm.samples), second):  # the first words decide before all is heard
                await stream.accept(pcm.samples[begin : begin + second])
            return await stream.finish()
        finally:
            await stream.abandon()
