"""Says held-out requests to the recogniser, in quiet and in noise, and asks the engine about what was heard."""

import asyncio
import functools
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Protocol

import numpy as np

from assistant.adapters.citizen_voices import VOICES
from assistant.content.held_out import HeldOut
from assistant.content.judging import OUT_OF_SCOPE, Answer, Utterance
from assistant.content.normal_form import normal_form
from assistant.content.pronunciations import Wording
from assistant.content.scores import word_errors
from assistant.core.audio import Pcm
from assistant.core.languages import Language
from assistant.core.ports import SoundDecoder, SpeechToText
from assistant.core.turns import Transcript, Understanding
from assistant.operate.surroundings import CLEAN, NOISY, Condition, Samples, at_rate, babble_of, heard_in, samples_of

TALKERS = 8
BABBLE_SECONDS = 10.0
BABBLE_RATE_HERTZ = 16_000
PROGRESS_UTTERANCES = 100


class Voices(Protocol):
    """Says texts aloud."""

    async def say(self, text: str, voice: str) -> bytes:
        """A WAV file of the text."""


Babble = Callable[[int], Samples]
"""People who talk, at a rate in hertz."""


@dataclass(frozen=True)
class Saying:
    """A request, who says it, and where."""

    request: HeldOut
    voice: str
    condition: Condition
    seed: int


@dataclass(frozen=True)
class SayEverything:
    """Says each request in one kind of noise, and as many as in each of these in quiet, `at_once` at a time."""

    parse: Callable[[Transcript], Awaitable[Understanding]]
    voices: Voices
    sounds: SoundDecoder
    speech: SpeechToText
    wording: Wording
    at_once: int
    progress: Callable[[str], None]

    async def __call__(self, requests: Sequence[HeldOut]) -> list[Answer]:
        """The answers to requests in languages that are heard, one or two to each.

        Raises:
            TextToSpeechFailed: a voice failed.
            SpeechToTextFailed: the recogniser failed.
            DialogueFailed: the engine failed on a request.
        """
        answers: list[Answer] = []
        for language in sorted(self.speech.languages()):
            said = [request for request in requests if request.language is language]
            if said:
                answers += await self._all(list(sayings(said, VOICES[language])), await self._babble(said))
        return answers

    async def _all(self, planned: Sequence[Saying], babble: Babble) -> list[Answer]:
        answers: dict[int, Answer] = {}
        waiting = iter(enumerate(planned))

        async def say_next() -> None:
            for number, saying in waiting:
                if number % PROGRESS_UTTERANCES == 0:
                    self.progress(f"saying {number} of {len(planned)}")
                answers[number] = await self._answer(saying, babble)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self.at_once):
                    group.create_task(say_next())
        except ExceptionGroup as failures:  # one is enough to tell
            raise failures.exceptions[0] from None
        return [answers[number] for number in range(len(planned))]

    async def _answer(self, saying: Saying, babble: Babble) -> Answer:
        request, said = saying.request, await self._sound(saying.request.text, saying.voice)
        sound = heard_in(saying.condition, said, babble(said.rate_hertz), saying.seed)
        begin = time.perf_counter()
        transcript = await self._heard(sound, request.language)
        heard = time.perf_counter()
        understood = await self.parse(transcript)
        milliseconds = (time.perf_counter() - heard) * 1000
        words = words_of(request, self.wording)
        utterance = Utterance(
            voice=saying.voice,
            condition=saying.condition.name,
            transcript=transcript.text,
            words=len(words),
            word_errors=word_errors(words, transcript.text.split()),
            seconds=round(sound.seconds, 3),
            recognition_seconds=round(heard - begin, 3),
        )
        return Answer(request, understood, milliseconds, utterance=utterance)

    async def _heard(self, sound: Pcm, language: Language) -> Transcript:
        stream = await self.speech.open_stream(language, sound.rate_hertz)
        try:
            await stream.accept(sound.samples)
            return await stream.finish()
        finally:
            await stream.abandon()

    async def _sound(self, text: str, voice: str) -> Pcm:
        return await self.sounds.decode(await self.voices.say(text, voice))

    async def _babble(self, requests: Sequence[HeldOut]) -> Babble:
        """What people talk about who want nothing of Kratt."""
        texts = cycle([each.text for each in requests if each.intent == OUT_OF_SCOPE] or [requests[0].text])
        voices = islice(cycle(VOICES[requests[0].language]), TALKERS)
        babble = babble_of([await self._talker(voice, texts) for voice in voices])
        return functools.cache(lambda rate_hertz: at_rate(rate_hertz, babble, BABBLE_RATE_HERTZ))

    async def _talker(self, voice: str, texts: Iterator[str]) -> Samples:
        said = np.zeros(0)
        while len(said) < BABBLE_SECONDS * BABBLE_RATE_HERTZ:
            sound = await self._sound(next(texts), voice)
            said = np.concatenate((said, at_rate(BABBLE_RATE_HERTZ, samples_of(sound), sound.rate_hertz)))
        return said


def sayings(requests: Sequence[HeldOut], voices: Sequence[str]) -> Iterator[Saying]:
    """Each request in one kind of noise, by turns, and some in quiet: all voices in all conditions, equally often."""
    for number, request in enumerate(requests):
        a_round, place = divmod(number, len(NOISY))
        voice = voices[a_round % len(voices)]
        if place == a_round % len(NOISY):
            yield Saying(request, voice, CLEAN, number)
        yield Saying(request, voice, NOISY[place], number)


def words_of(request: HeldOut, wording: Wording) -> tuple[str, ...]:
    """The request as the recogniser would write it, if it heard everything."""
    return wording.words(request.text) if request.language is Language.EN else tuple(normal_form(request.text).split())
