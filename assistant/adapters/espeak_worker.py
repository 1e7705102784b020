"""The process in which espeak-ng speaks: `python -m assistant.adapters.espeak_worker`.

A process of its own (see `voice_worker`) because the library keeps its state in globals, may crash, and is under the
GPL. Functions and numbers are those of `espeak-ng/speak_lib.h`.
"""

import ctypes

import espeakng_loader

from assistant.adapters.voice_worker import VoiceFailed, VoiceWorker
from assistant.core.audio import BYTES_PER_SAMPLE, Manner, Pcm

AUDIO_OUTPUT_SYNCHRONOUS = 2  # sound goes to the callback, `espeak_Synth` returns when all is spoken
INITIALIZE_DONT_EXIT = 0x8000
CHARS_UTF8 = 1  # and neither SSML (0x10) nor [[phonemes]] (0x100): text is text
POSITION_CHARACTER = 1
PARAMETER_RATE, PARAMETER_VOLUME = 1, 2
WORDS_PER_MINUTE = 165  # espeak's own is 175; a public service speaks a little slower
SLOWEST, FASTEST = 80, 450  # words a minute that the library can
ORDINARY_VOLUME, LOUDEST = 100, 200

SynthCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class Espeak:
    """espeak-ng, loaded into this process; there can be one."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self.rate_hertz = self._library.espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, data, INITIALIZE_DONT_EXIT)
        if self.rate_hertz <= 0:
            raise VoiceFailed("espeak-ng did not start")
        self._samples = bytearray()
        self._callback = SynthCallback(self._collect)  # kept: C does not own it
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, text: str, voice: str, manner: Manner) -> Pcm:
        """The text spoken; a voice is `et`, or `et+f3` with one of espeak-ng's variants."""
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise VoiceFailed(f"there is no voice {voice}")
        rate = min(max(round(WORDS_PER_MINUTE * manner.speed), SLOWEST), FASTEST)
        self._library.espeak_SetParameter(PARAMETER_RATE, rate, 0)
        self._library.espeak_SetParameter(PARAMETER_VOLUME, min(round(ORDINARY_VOLUME * manner.volume), LOUDEST), 0)
        self._samples.clear()
        encoded = text.replace("\0", " ").encode(errors="replace")
        size = ctypes.c_size_t(len(encoded) + 1)
        if self._library.espeak_Synth(encoded, size, 0, POSITION_CHARACTER, 0, CHARS_UTF8, None, None) != 0:
            raise VoiceFailed("espeak-ng did not speak")
        return Pcm(bytes(self._samples), self.rate_hertz)

    def _collect(self, samples: int | None, count: int, _events: int | None) -> int:
        if samples:
            self._samples += ctypes.string_at(samples, count * BYTES_PER_SAMPLE)
        return 0


if __name__ == "__main__":
    VoiceWorker(Espeak().speak).run()
