"""A telephone call over Media Streams with the real recogniser: mu-law of 8 kHz, as a telephone sends it."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
import soxr

from assistant.adapters.sound_files import decode_wav
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.core.languages import Language
from tests.media_streams import calling
from tests.outside import OutsideWorld

pytestmark = pytest.mark.integration

MODEL = Path(__file__).resolve().parents[2] / "models" / "speech" / "en"
RATE = 8000


def said(text: str) -> bytes:
    """The words, and two seconds of silence."""
    command = ["flite", "-voice", "slt", "-t", text, "-o", "/dev/stdout"]
    pcm = decode_wav(subprocess.run(command, capture_output=True, check=True).stdout, 60)
    samples = soxr.resample(np.frombuffer(pcm.samples, "<i2"), pcm.rate_hertz, RATE)
    return samples.astype("<i2").tobytes() + bytes(4 * RATE)


async def test_call_when_somebody_speaks_coughs_and_says_stop_then_is_answered_goes_on_and_is_answered() -> None:
    speech, world = VoskSpeech({Language.EN: MODEL}, streams=2), OutsideWorld()
    cough = np.random.default_rng(7).normal(0, 3000, RATE // 4).astype("<i2").tobytes() + bytes(4 * RATE)
    try:
        async with calling(world, speech) as carrier:
            for sound in (said("when does my passport expire"), cough, said("stop")):
                await carrier.say(sound)
                await carrier.is_told("mark")
    finally:
        speech.close()
    assert carrier.kinds == ["media", "mark", "clear", "media", "mark", "clear", "media", "mark"]
    assert len(world.taken) == 2
