"""Which language somebody speaks, decided by their first words."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.core.audio import BYTES_PER_SAMPLE
from assistant.core.languages import Language
from assistant.core.ports import SpeechStream, SpeechToText
from assistant.core.turns import Expected, Transcript
from assistant.pipeline.vocabulary import vocabulary

FIRST_SECONDS = 1.5
"""Sound from the first word on that decides."""


async def open_any_language(
    speech: SpeechToText, likely: Language, rate_hertz: int, expected: Expected | None = None
) -> SpeechStream:
    """Start an utterance in whichever language there is a model for; `likely` is taken where two fit alike.

    Until it is decided, the utterance takes a stream of every language.

    Raises:
        UnsupportedAudio: the rate is out of range.
        SpeechToTextFailed: there is no model.
        Busy: as many streams as allowed are open.
    """
    languages = sorted(speech.languages(), key=lambda language: language is not likely)
    if len(languages) <= 1:
        only = languages[0] if languages else likely
        return await speech.open_stream(only, rate_hertz, vocabulary(expected, only))
    first_words = FirstWords(speech, rate_hertz, expected)
    try:
        for language in languages:
            first_words.candidates[language] = await first_words.open(language)
    except BaseException:
        await first_words.abandon()
        raise
    return first_words


@dataclass
class FirstWords:
    """`SpeechStream` that is heard in several languages at first and in one from then on.

    There is no partial transcript until it is decided which.
    """

    speech: SpeechToText
    rate_hertz: int
    expected: Expected | None
    candidates: dict[Language, SpeechStream] = field(default_factory=dict)
    _chosen: SpeechStream | None = None
    _sound: bytearray = field(default_factory=bytearray)
    _bytes_to_come: int | None = None

    async def open(self, language: Language) -> SpeechStream:
        """A stream of the utterance in one language."""
        return await self.speech.open_stream(language, self.rate_hertz, vocabulary(self.expected, language))

    async def accept(self, samples: bytes) -> str:
        """Take PCM; the partial transcript, once the language is known."""
        if self._chosen:
            return await self._chosen.accept(samples)
        self._sound += samples
        partials = await asyncio.gather(*(stream.accept(samples) for stream in self.candidates.values()))
        if self._bytes_to_come is not None:
            self._bytes_to_come -= len(samples)
        elif any(partials):
            self._bytes_to_come = int(FIRST_SECONDS * self.rate_hertz) * BYTES_PER_SAMPLE
        if self._bytes_to_come is not None and self._bytes_to_come <= 0:
            return await (await self._choose()).accept(b"")
        return ""

    async def finish(self) -> Transcript:
        """The transcript, in the language that fits best."""
        if self._chosen:
            return await self._chosen.finish()
        transcripts = await self._transcripts()
        return transcripts[best_language(transcripts)]

    async def abandon(self) -> None:
        """Close all streams that are open still."""
        for stream in (*self.candidates.values(), *([self._chosen] if self._chosen else [])):
            await stream.abandon()

    async def _choose(self) -> SpeechStream:
        # From the beginning: a finished stream takes no more sound.
        self._chosen = await self.open(best_language(await self._transcripts()))
        await self._chosen.accept(bytes(self._sound))
        self._sound.clear()
        return self._chosen

    async def _transcripts(self) -> dict[Language, Transcript]:
        transcripts = await asyncio.gather(*(stream.finish() for stream in self.candidates.values()))
        return dict(zip(self.candidates, transcripts, strict=True))


def best_language(transcripts: Mapping[Language, Transcript]) -> Language:
    """The language in which most seconds of sound are words that were surely heard; of equals the first."""
    return max(transcripts, key=lambda language: _sure_seconds(transcripts[language]))


def _sure_seconds(transcript: Transcript) -> float:
    return sum(word.confidence * (word.end_seconds - word.start_seconds) for word in transcript.words)
