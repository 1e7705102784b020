"""A voice that remembers: sounds in memory, and those of the content's own sentences on disk, too."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Protocol

import numpy as np
import soxr

from assistant.adapters.sound_folder import SoundFolder
from assistant.core.audio import ORDINARY, Manner, Pcm
from assistant.core.deadline import Deadline
from assistant.core.languages import Language
from assistant.core.ports import TextToSpeech

MEMORY_BYTES = 16 * 1024 * 1024


class NamedVoice(TextToSpeech, Protocol):
    """A voice that tells what makes its sound."""

    def name(self, language: Language) -> str:
        """The same name, the same sound."""

    async def close(self) -> None:
        """Give back what it holds."""


class KeptVoice:
    """`TextToSpeech` by a voice for each language, each sound made once and given at the rate that is asked for.

    Only `fixed` sentences, by language, go to the folder: they stand in the content. What else is said may be a
    citizen's and is kept in memory alone.
    """

    def __init__(
        self,
        voices: Mapping[Language, NamedVoice],
        folder: SoundFolder | None = None,
        fixed: frozenset[tuple[str, Language]] = frozenset(),
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        self._voices = voices
        self._folder = folder
        self._fixed = fixed
        self._memory = SoundCache(memory_bytes)

    async def speak(self, text: str, language: Language, deadline: Deadline, manner: Manner = ORDINARY) -> Pcm:
        """The text spoken.

        Raises:
            TextToSpeechFailed: the voice is down, late or crashed.
        """
        key = (self._voices[language].name(language), text, manner.speed, manner.volume)
        sound = self._memory.find(key)
        if sound is None:
            sound = await self._made(key, text, language, deadline, manner)
            self._memory.keep(key, sound)
        return resampled(sound, manner.rate_hertz or sound.rate_hertz)

    async def _made(self, key: "Key", text: str, language: Language, deadline: Deadline, manner: Manner) -> Pcm:
        folder = self._folder if (text, language) in self._fixed else None
        if folder and (kept := await asyncio.to_thread(folder.find, key)):
            return kept
        sound = await self._voices[language].speak(text, language, deadline, manner)
        if folder:
            await asyncio.to_thread(folder.keep, key, sound)
        return sound

    def forget(self) -> None:
        """Keep nothing in memory of what was said to anybody."""
        self._memory.clear()

    async def check(self) -> None:
        """Raise `TextToSpeechFailed` unless all voices can speak now."""
        for voice in self._engines():
            await voice.check()

    async def close(self) -> None:
        """Give back what the voices hold."""
        for voice in self._engines():
            await voice.close()

    def _engines(self) -> Iterable[NamedVoice]:
        return {id(voice): voice for voice in self._voices.values()}.values()


Key = tuple[str, str, float, float]
"""What a sound was made from: voice, text, speed and volume."""


class SoundCache:
    """The sounds spoken most recently, up to a number of bytes."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._sounds: OrderedDict[Key, Pcm] = OrderedDict()

    def clear(self) -> None:
        """Keep none."""
        self._sounds.clear()
        self._bytes = 0

    def find(self, key: Key) -> Pcm | None:
        """The sound made from this, if it is kept."""
        if sound := self._sounds.get(key):
            self._sounds.move_to_end(key)
        return sound

    def keep(self, key: Key, sound: Pcm) -> None:
        """Keep a sound, at the cost of those not asked for longest."""
        if replaced := self._sounds.pop(key, None):
            self._bytes -= len(replaced.samples)
        self._sounds[key] = sound
        self._bytes += len(sound.samples)
        while self._bytes > self._max_bytes:
            self._bytes -= len(self._sounds.popitem(last=False)[1].samples)


def resampled(sound: Pcm, rate_hertz: int) -> Pcm:
    """The sound at another rate."""
    if rate_hertz == sound.rate_hertz:
        return sound
    samples = soxr.resample(np.frombuffer(sound.samples, dtype="<i2"), sound.rate_hertz, rate_hertz)
    return Pcm(samples.astype("<i2").tobytes(), rate_hertz)
