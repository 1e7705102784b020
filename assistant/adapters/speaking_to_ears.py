"""espeak-ng speaks to a recogniser, so that it is known what becomes of a text that somebody says."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from assistant.adapters.espeak_voice import EspeakVoice
from assistant.core.deadline import Deadline
from assistant.core.languages import Language
from assistant.core.ports import SpeechToText, TextToSpeech
from assistant.core.turns import Transcript

SPEAK_SECONDS = 30.0


@asynccontextmanager
async def open_voices(language: Language, names: Sequence[str]) -> AsyncIterator[list[TextToSpeech]]:
    """Voices of these names of espeak-ng, for the length of a block."""
    async with AsyncExitStack() as opened:
        voices: list[TextToSpeech] = []
        for name in names:
            voice = EspeakVoice(voices={language: name})
            opened.push_async_callback(voice.close)
            voices.append(voice)
        yield voices


async def hear_said(text: str, language: Language, voice: TextToSpeech, speech: SpeechToText) -> Transcript:
    """What the recogniser makes of the text, said by the voice in quiet.

    Raises:
        SpeechToTextFailed: the recogniser failed.
        TextToSpeechFailed: the voice failed.
    """
    sound = await voice.speak(text, language, Deadline.after(SPEAK_SECONDS))
    stream = await speech.open_stream(language, sound.rate_hertz)
    try:
        await stream.accept(sound.samples)
        return await stream.finish()
    finally:
        await stream.abandon()


async def side_by_side(count: int, work: Callable[[], Coroutine[object, object, None]]) -> None:
    """Do the work so many times at once; of several that fail, one is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(count):
                group.create_task(work())
    except ExceptionGroup as failures:  # one is enough to tell
        raise failures.exceptions[0] from None
