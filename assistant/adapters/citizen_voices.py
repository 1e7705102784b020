"""Synthetic citizens: requests said aloud by flite and espeak-ng, to measure how well Kratt hears."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from assistant.core.errors import TextToSpeechFailed
from assistant.core.languages import Language

VOICES = {
    Language.EN: (
        *("flite slt", "flite rms", "espeak-ng en-us", "espeak-ng en-gb"),
        *("flite awb", "flite kal16", "espeak-ng en-gb-x-gbclan+f5", "espeak-ng en-gb-x-gbclan+m5"),
    ),
    Language.ET: ("espeak-ng et", "espeak-ng et+f5"),
    Language.RU: ("espeak-ng ru", "espeak-ng ru+f5"),
}
"""By language: the program and its name for the voice.

The second four of English are in no training set of a speech model; none is among those that `kratt speech hear` uses.
"""
SPEAK_SECONDS = 30.0


class CitizenVoices:
    """Says texts in voices of VOICES."""

    def missing(self) -> tuple[str, ...]:
        """The programs that are not installed."""
        programs = {voice.split()[0] for voices in VOICES.values() for voice in voices}
        return tuple(sorted(program for program in programs if not shutil.which(program)))

    async def say(self, text: str, voice: str) -> bytes:
        """A WAV file of the text.

        Raises:
            TextToSpeechFailed: the voice failed, or was late.
        """
        program, name = voice.split()
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
