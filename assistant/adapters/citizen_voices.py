"""Synthetic citizens: requests said aloud by flite and espeak-ng, to measure how well Kratt hears."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from assistant.core.errors import TextToSpeechFailed
from assistant.core.languages import Language

VOICES = {
    Language.EN: ("flite slt", "flite rms", "flite awb", "espeak-ng en-us", "espeak-ng en-gb"),
    Language.ET: ("espeak-ng et", "espeak-ng et+f3"),
    Language.RU: ("espeak-ng ru", "espeak-ng ru+f3"),
}
"""By language: the program and its name for the voice."""
SPEAK_SECONDS = 30.0


class CitizenVoices:
    """Says each text in one of the voices of its language, by turns."""

    def missing(self) -> tuple[str, ...]:
        """The programs that are not installed."""
        programs = {voice.split()[0] for voices in VOICES.values() for voice in voices}
        return tuple(sorted(program for program in programs if not shutil.which(program)))

    async def say(self, text: str, language: Language, turn: int) -> bytes:
        """A WAV file of the text; `turn` counts the texts.

        Raises:
            TextToSpeechFailed: the voice failed, or was late.
        """
        program, name = VOICES[language][turn % len(VOICES[language])].split()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "said.wav"
            wanted = (
                ["-voice", name, "-t", text, str(file)] if program == "flite" else ["-v", name, "-w", str(file), text]
            )
            await _run(program, *wanted)
            return await asyncio.to_thread(file.read_bytes)


async def _run(program: str, *options: str) -> None:
    process = await asyncio.create_subprocess_exec(program, *options)
    try:
        async with asyncio.timeout(SPEAK_SECONDS):
            code = await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise TextToSpeechFailed(f"{program} was late") from None
    if code:
        raise TextToSpeechFailed(f"{program} ended with {code}")
