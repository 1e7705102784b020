"""Text to speech by espeak-ng, in worker processes (see `espeak_worker`)."""

import asyncio
import contextlib
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from assistant.core.audio import Pcm
from assistant.core.deadline import Deadline
from assistant.core.errors import TextToSpeechFailed
from assistant.core.languages import Language

WORKER = (sys.executable, "-m", "assistant.adapters.espeak_worker")
PROJECT = Path(__file__).resolve().parents[2]  # where `-m` finds the worker, wherever we were started
RATE_HERTZ = 22_050
TEXT_CHARACTERS = 5_000  # about five minutes of speech; espeak-ng needs 0.3 s for it
ATTEMPTS = 2
ATTEMPT_SECONDS = 2.0  # a fresh worker speaks a sentence within 0.1 s; one that takes this long is stuck
CHECK_SECONDS = 3.0
CACHE_BYTES = 16 * 1024 * 1024
OWN_VOICES: Mapping[Language, str] = MappingProxyType({})


class EspeakVoice:
    """`TextToSpeech` in English, Estonian and Russian, in each language's own voice or in one of `voices`.

    Workers start when first needed; one that crashes or hangs is replaced.
    """

    def __init__(
        self,
        workers: int = 2,
        cache_bytes: int = CACHE_BYTES,
        command: Sequence[str] = WORKER,
        voices: Mapping[Language, str] = OWN_VOICES,
    ) -> None:
        self._voices = voices
        self._command = command
        self._turnstile = asyncio.Semaphore(workers)
        self._idle: list[Process] = []
        self._cache = SoundCache(cache_bytes)

    async def speak(self, text: str, language: Language, deadline: Deadline) -> Pcm:
        """The text spoken; text without a word is no sound at all.

        Raises:
            TextToSpeechFailed: the voice is down, late or crashed twice, or the text is too long to listen to.
        """
        if not text.strip():
            return Pcm(b"", RATE_HERTZ)
        if len(text) > TEXT_CHARACTERS:
            raise TextToSpeechFailed(f"the text is longer than {TEXT_CHARACTERS} characters")
        if (sound := self._cache.find(text, language)) is None:
            sound = await self._synthesise(text, language, deadline)
            self._cache.keep(text, language, sound)
        return sound

    async def check(self) -> None:
        """Raise `TextToSpeechFailed` unless the voice can speak now."""
        await self._synthesise("a", Language.EN, Deadline.after(CHECK_SECONDS))

    async def close(self) -> None:
        """End the workers."""
        while self._idle:
            await _end(self._idle.pop())

    async def _synthesise(self, text: str, language: Language, deadline: Deadline) -> Pcm:
        asked = {"text": text, "language": language.value}
        if voice := self._voices.get(language):
            asked["voice"] = voice
        request = json.dumps(asked).encode() + b"\n"
        try:
            async with asyncio.timeout(deadline.remaining_seconds), self._turnstile:
                return await self._ask_with_retry(request)
        except TimeoutError:
            raise TextToSpeechFailed("the voice was late") from None

    async def _ask_with_retry(self, request: bytes) -> Pcm:
        for _ in range(ATTEMPTS):
            # RuntimeError: what uvloop raises when a pipe is closed already.
            with contextlib.suppress(OSError, EOFError, TimeoutError, ValueError, RuntimeError):
                async with asyncio.timeout(ATTEMPT_SECONDS), self._worker() as process:
                    return await _ask(process, request)
        raise TextToSpeechFailed("the voice crashed or hung")

    @contextlib.asynccontextmanager
    async def _worker(self) -> AsyncIterator[Process]:
        # Nobody knows what still lies in the pipe of a worker that failed or was left waiting: it never serves again.
        self._idle = [process for process in self._idle if process.returncode is None]  # some may have died meanwhile
        process = self._idle.pop() if self._idle else await self._start()
        try:
            yield process
        except BaseException:
            await _end(process)
            raise
        self._idle.append(process)

    async def _start(self) -> Process:
        return await asyncio.create_subprocess_exec(*self._command, stdin=PIPE, stdout=PIPE, cwd=PROJECT)


class SoundCache:
    """The sounds spoken most recently, up to a number of bytes."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._sounds: OrderedDict[tuple[str, Language], Pcm] = OrderedDict()

    def find(self, text: str, language: Language) -> Pcm | None:
        """The sound of a text, if it is kept."""
        if sound := self._sounds.get((text, language)):
            self._sounds.move_to_end((text, language))
        return sound

    def keep(self, text: str, language: Language, sound: Pcm) -> None:
        """Keep a sound, at the cost of those not asked for longest."""
        if replaced := self._sounds.pop((text, language), None):
            self._bytes -= len(replaced.samples)
        self._sounds[text, language] = sound
        self._bytes += len(sound.samples)
        while self._bytes > self._max_bytes:
            self._bytes -= len(self._sounds.popitem(last=False)[1].samples)


async def _ask(process: Process, request: bytes) -> Pcm:
    stdin, stdout = process.stdin, process.stdout
    if stdin is None or stdout is None:
        raise TextToSpeechFailed("the voice has no pipes")
    stdin.write(request)
    await stdin.drain()
    header = json.loads(await stdout.readline())
    if "error" in header:
        raise TextToSpeechFailed(header["error"])
    return Pcm(await stdout.readexactly(header["bytes"]), header["rate_hertz"])


async def _end(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()
