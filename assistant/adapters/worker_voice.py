"""Text to speech in worker processes: one voice engine each, replaced when it crashes or hangs."""

import asyncio
import contextlib
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

from assistant.core.audio import ORDINARY, Manner, Pcm
from assistant.core.deadline import Deadline
from assistant.core.errors import TextToSpeechFailed
from assistant.core.languages import Language

PROJECT = Path(__file__).resolve().parents[2]  # where `-m` finds the worker, wherever we were started
TEXT_CHARACTERS = 5_000  # about five minutes of speech
ATTEMPTS = 2
CHECK_SECONDS = 3.0


class WorkerVoice:
    """`TextToSpeech` by a program that reads requests and writes sound, see `espeak_worker`.

    Workers start when first needed. `voices` are the program's names for each language's voice; `name` tells one engine
    and its release from another.
    """

    def __init__(
        self, name: str, command: Sequence[str], voices: Mapping[Language, str], workers: int, attempt_seconds: float
    ) -> None:
        self._name = name
        self._voices = voices
        self._command = command
        self._attempt_seconds = attempt_seconds
        self._turnstile = asyncio.Semaphore(workers)
        self._idle: list[Process] = []

    def name(self, language: Language) -> str:
        """What makes the sound: the same name, the same sound."""
        return f"{self._name} {self._voices[language]}"

    async def speak(self, text: str, language: Language, deadline: Deadline, manner: Manner = ORDINARY) -> Pcm:
        """The text spoken, at the voice's own rate.

        Raises:
            TextToSpeechFailed: the voice is down, late or crashed twice, or the text is too long to listen to.
        """
        if len(text) > TEXT_CHARACTERS:
            raise TextToSpeechFailed(f"the text is longer than {TEXT_CHARACTERS} characters")
        asked = {"text": text, "voice": self._voices[language], "speed": manner.speed, "volume": manner.volume}
        request = json.dumps(asked).encode() + b"\n"
        try:
            async with asyncio.timeout(deadline.remaining_seconds), self._turnstile:
                return await self._ask_with_retry(request)
        except TimeoutError:
            raise TextToSpeechFailed("the voice was late") from None

    async def check(self) -> None:
        """Raise `TextToSpeechFailed` unless the voice can speak now."""
        await self.speak("a", next(iter(self._voices)), Deadline.after(CHECK_SECONDS))

    async def close(self) -> None:
        """End the workers."""
        while self._idle:
            await _end(self._idle.pop())

    async def _ask_with_retry(self, request: bytes) -> Pcm:
        for _ in range(ATTEMPTS):
            # RuntimeError: what uvloop raises when a pipe is closed already.
            with contextlib.suppress(OSError, EOFError, TimeoutError, ValueError, RuntimeError):
                async with asyncio.timeout(self._attempt_seconds), self._worker() as process:
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
    await process.communicate()  # a pipe that nobody reads to its end stays open
