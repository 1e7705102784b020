"""Home Assistant's own Wyoming classes against a running Kratt, by hand: its package needs a Python of its own.

    python3.13 -m venv var/home-assistant
    var/home-assistant/bin/pip install homeassistant==2025.4.4 wyoming==1.7.2
    var/home-assistant/bin/python tests/home_assistant.py 127.0.0.1 10300 "when is the tartu office open"

Kratt says the question, hears what it said, and answers what it heard; then it is asked to say that again.
"""

import asyncio
import importlib
import io
import sys
import wave
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

COMPONENTS = "homeassistant.components"
RATE_HERTZ = 16_000
FRAME_BYTES = 2_048


def of_home_assistant(module: str, name: str) -> Any:
    """A class of Home Assistant's, which has no types for us."""
    return getattr(importlib.import_module(f"{COMPONENTS}.{module}"), name)


async def chunks(samples: bytes) -> AsyncIterator[bytes]:
    """As its pipeline passes them on."""
    for start in range(0, len(samples), FRAME_BYTES):
        yield samples[start : start + FRAME_BYTES]


def at_its_rate(wav: bytes) -> bytes:
    """Samples at the rate that its speech-to-text sends, by the nearest one; with a pause before and after."""
    with wave.open(io.BytesIO(wav)) as file:
        rate, samples = file.getframerate(), memoryview(file.readframes(file.getnframes())).cast("h")
    count = len(samples) * RATE_HERTZ // rate
    pause = bytes(RATE_HERTZ)
    return (
        pause
        + b"".join(bytes(samples[at * rate // RATE_HERTZ : at * rate // RATE_HERTZ + 1]) for at in range(count))
        + pause
    )


async def talk(host: str, port: int, question: str) -> list[str]:
    """What was heard, and the two answers."""
    service = await of_home_assistant("wyoming.data", "WyomingService").create(host, port)
    if service is None:
        sys.exit(f"nobody speaks Wyoming at {host}:{port}")
    sys.stdout.write(f"platforms: {sorted(map(str, service.platforms))}\n")
    entry = SimpleNamespace(entry_id="kratt")
    speaking, hearing = (
        of_home_assistant(f"wyoming.{module}", name)(entry, service)
        for module, name in (("tts", "WyomingTtsProvider"), ("stt", "WyomingSttProvider"))
    )
    kind, wav = await speaking.async_get_tts_audio(question, "en", {})
    assert kind == "wav"
    metadata = of_home_assistant("stt", "SpeechMetadata")("en", "wav", "pcm", 16, RATE_HERTZ, 1)
    heard = await hearing.async_process_audio_stream(metadata, chunks(at_its_rate(wav)))
    answering = of_home_assistant("wyoming.conversation", "WyomingConversationEntity")(entry, service)
    answers = [
        await answering.async_process(SimpleNamespace(conversation_id="kitchen", language="en", text=text))
        for text in (heard.text, "say that again")
    ]
    return [heard.text, *(each.response.speech["plain"]["speech"] for each in answers)]


def main() -> None:
    """Talk, and fail unless it was heard and said again."""
    host, port, question = sys.argv[1:]
    heard, first, second = asyncio.run(talk(host, int(port), question))
    sys.stdout.write(f"heard: {heard}\nanswer: {first}\nagain: {second}\n")
    sys.exit(0 if heard == question and first and first == second else 1)


if __name__ == "__main__":
    main()
