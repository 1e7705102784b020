"""The process in which Piper speaks: `python -m assistant.adapters.piper_worker`.

A process of its own (see `voice_worker`) because Piper is under the GPL, and runs in an environment of its own, for its
runtime is large. A voice is the path of its `.onnx` file, with its `.onnx.json` beside it.
"""

from functools import cache

from piper import PiperVoice, SynthesisConfig

from assistant.adapters.voice_worker import VoiceFailed, VoiceWorker
from assistant.core.audio import Manner, Pcm


@cache
def voice_of(path: str) -> PiperVoice:
    """The voice in a file, loaded once.

    Raises:
        VoiceFailed: a file is missing or is no voice.
    """
    try:
        return PiperVoice.load(path)
    except (OSError, ValueError, KeyError) as error:
        raise VoiceFailed(f"{path}: {type(error).__name__}: {error}") from None


def speak(text: str, path: str, manner: Manner) -> Pcm:
    """The text in the voice of a file; no sound where Piper finds nothing to say."""
    voice = voice_of(path)
    config = SynthesisConfig(length_scale=voice.config.length_scale / manner.speed, volume=manner.volume)
    samples = b"".join(chunk.audio_int16_bytes for chunk in voice.synthesize(text, config))
    return Pcm(samples, voice.config.sample_rate)


if __name__ == "__main__":
    VoiceWorker(speak).run()
