"""Texts as sound for a client."""

import asyncio
import contextlib
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.tts import SynthesizeStopped

from assistant.core.audio import BYTES_PER_SAMPLE, Manner, Pcm
from assistant.core.deadline import Deadline
from assistant.core.errors import TooMuch
from assistant.core.languages import Language, parse_language
from assistant.core.redaction import places_of
from assistant.core.secret_ids import hashed
from assistant.core.speech_markup import made_plain
from assistant.pipeline.reading import Reading
from assistant.pipeline.recent import Recent
from assistant.pipeline.speaking import MOST_CHARACTERS, PIECE_SECONDS, Speak, Speech
from assistant.pipeline.spoken.pieces import SENTENCE_PAUSE_SECONDS, whole_sentences
from connectors.wyoming.wire import EventBody, Line

ORDINARY_RATE_HERTZ = 22_050
CHUNK_BYTES = 2048
"""What satellites are used to from Home Assistant."""

_SPEAK_TAG = re.compile(r"</?speak(?:\s[^<>]*)?>")

_log = logging.getLogger("kratt.wyoming")


class Text(EventBody):
    """The data of `synthesize-chunk`."""

    text: str


class Voicing(EventBody):
    """The data of `synthesize-start`."""

    voice: dict[str, Any] | None = None
    text_format: Literal["text", "ssml"] | None = None

    @property
    def language(self) -> Language | None:
        """The language of the voice that is wanted, if one is.

        Raises:
            UnknownLanguage: there is no voice for it.
        """
        wanted = self.voice or {}
        named = str(wanted.get("name") or "").removeprefix("kratt-") or wanted.get("language")
        return parse_language(str(named)) if named else None

    def words(self, text: str) -> str:
        """A text with such markup as our voices know."""
        return _SPEAK_TAG.sub("", text) if self.text_format == "ssml" else made_plain(text)


class Synthesize(Voicing, Text):
    """The data of `synthesize`."""


@dataclass(frozen=True)
class LanguagesOfTexts:
    """In which language a sentence was answered: Home Assistant asks for it to be spoken, and names none."""

    _of: Recent[Language] = field(default_factory=Recent)

    def note(self, text: str, language: Language) -> None:
        """Remember the sentences of a text; only hashes of them are kept."""
        for sentence in _sentences(text):
            self._of.note(hashed(sentence), language)

    def of(self, text: str) -> Language | None:
        """The language of the first sentence, if it was answered lately."""
        first = next(iter(_sentences(text)), "")
        return self._of.of(hashed(first))


@dataclass
class Voice:
    """Speaks into a line; the sound from an `audio-start` to its `audio-stop` has one rate.

    With `lead_seconds`, sound is sent only so long before it is heard: what is on its way cannot be stopped any more.
    """

    speak: Speak
    line: Line
    lead_seconds: float | None = None
    rate_hertz: int | None = field(default=None, init=False)
    """Of the sound that goes on."""
    _heard_until: float = field(default=0.0, init=False)

    async def say(self, text: str, language: Language) -> None:
        """A text as sound; where sound goes on already, it is a further sentence.

        Raises:
            TextToSpeechFailed: the voice is down.
        """
        manner = Manner(rate_hertz=self.rate_hertz)
        if speech := await self.speak(text, language, Deadline.after(PIECE_SECONDS), _note_failure, manner):
            await self.play(speech)

    async def play(self, speech: Speech) -> None:
        """What is spoken already; its rate is that of the sound that goes on."""
        async with contextlib.aclosing(Reading(speech, CHUNK_BYTES)) as reading:
            await self.read_out(reading)

    async def read_out(self, reading: Reading) -> None:
        """The same, as far as it was not read out yet."""
        pause = 0.0 if self.rate_hertz is None else SENTENCE_PAUSE_SECONDS
        async for chunk in reading.chunks():
            await self._send(chunk.after_silence(pause))
            pause = 0.0

    async def stop(self) -> None:
        """End the sound; where there was none, the client is told of one without length."""
        if self.rate_hertz is None:
            await self._start(ORDINARY_RATE_HERTZ)
        self.rate_hertz = None
        await self.line.send(AudioStop())

    @property
    def unheard_seconds(self) -> float:
        """How long what was sent will be heard yet."""
        return max(0.0, self._heard_until - asyncio.get_running_loop().time())

    async def _send(self, sound: Pcm) -> None:
        if self.rate_hertz is None:
            await self._start(sound.rate_hertz)
        for first in range(0, len(sound.samples), CHUNK_BYTES):
            samples = sound.samples[first : first + CHUNK_BYTES]
            await self.line.send(AudioChunk(sound.rate_hertz, BYTES_PER_SAMPLE, 1, samples))
            await self._keep_pace(Pcm(samples, sound.rate_hertz).seconds)

    async def _keep_pace(self, seconds: float) -> None:
        now = asyncio.get_running_loop().time()
        self._heard_until = max(self._heard_until, now) + seconds
        if self.lead_seconds is not None:
            await asyncio.sleep(max(0.0, self.unheard_seconds - self.lead_seconds))

    async def _start(self, rate_hertz: int) -> None:
        self.rate_hertz = rate_hertz
        await self.line.send(AudioStart(rate_hertz, BYTES_PER_SAMPLE, 1))


@dataclass
class Speaker:
    """Takes what a client wants spoken; `count` counts it before its first word."""

    voice: Voice
    language_of: Callable[[str], Language]
    """The language of a text, where no voice is named."""
    count: Callable[[], Awaitable[None]]
    _written: "_Written | None" = field(default=None, init=False)

    async def take(self, event: Event) -> None:
        """Speak what is wanted by this event; others are passed over, as the protocol has it.

        Raises:
            MalformedTurn: it has not the data of such an event.
            TooMuch: nobody listens that long.
            TooOften: as `count`.
            UnknownLanguage: there is no voice for it.
            TextToSpeechFailed: the voice is down.
        """
        match event.type:
            case "synthesize" if self._written is None:  # else it is for services that know no other
                asked = Synthesize.of(event)
                await self._speak(_Written(asked), [asked.text])
                await self.voice.stop()
            case "synthesize-start":
                self._written = _Written(Voicing.of(event))
            case "synthesize-chunk" if self._written:
                await self._speak(self._written, self._written.more(Text.of(event).text))
            case "synthesize-stop" if self._written:
                written, self._written = self._written, None
                await self._speak(written, [written.rest])
                await self.voice.stop()
                await self.voice.line.send(SynthesizeStopped())

    async def _speak(self, written: "_Written", texts: list[str]) -> None:
        for text in filter(str.strip, texts):
            if written.language is None:
                await self.count()
                written.language = written.voicing.language or self.language_of(text)
            await self.voice.say(written.voicing.words(text), written.language)


@dataclass
class _Written:
    """A text that a client is writing; the language is known once its first sentence is spoken."""

    voicing: Voicing
    language: Language | None = None
    rest: str = ""
    characters: int = 0

    def more(self, text: str) -> list[str]:
        """The sentences that are whole with this further text.

        Raises:
            TooMuch: nobody listens that long.
        """
        self.characters += len(text)
        if self.characters > MOST_CHARACTERS:
            raise TooMuch(f"a text has at most {MOST_CHARACTERS} characters")
        sentences, self.rest = whole_sentences(self.rest + text)
        return sentences


def _sentences(text: str) -> list[str]:
    sentences, rest = whole_sentences(" ".join(text.split()))
    return [*sentences, rest]


def _note_failure(error: Exception) -> None:
    # Its type and places alone: an exception's text may hold what was to be said.
    _log.warning("not spoken", extra={"facts": {"error": type(error).__name__, "at": places_of(error)}})
