"""Synthetic citizens: their words come from nlu_data/**/tests.yml, their voices from Debian's flite and espeak-ng."""

import io
import subprocess
import tempfile
from pathlib import Path

import soundfile

from assistant.content.conversations import Conversation, read_conversations
from assistant.core.audio import Pcm
from assistant.core.languages import Language
from assistant.settings import PROJECT

SPEAK_SECONDS = 30


def spoken_conversations() -> tuple[Conversation, ...]:
    """The conversations that editors promise to hold aloud, in English."""
    every = read_conversations(PROJECT / "nlu_data").values()
    return tuple(each for each in every if each.language is Language.EN and each.spoken)


def said_aloud(text: str, voice: str) -> bytes:
    """A WAV file of the text, in a voice as CitizenVoices names them."""
    program, name = voice.split()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        options = ["-voice", name, "-t", text, str(file)] if program == "flite" else ["-v", name, "-w", str(file), text]
        subprocess.run([program, *options], check=True, timeout=SPEAK_SECONDS)
        return file.read_bytes()


def samples_of(recording: bytes) -> Pcm:
    """The sound of a WAV file."""
    samples, rate_hertz = soundfile.read(io.BytesIO(recording), dtype="int16")
    return Pcm(samples.tobytes(), rate_hertz)
