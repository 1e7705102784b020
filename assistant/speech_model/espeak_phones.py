r"""The process in which espeak-ng says how words sound: `python -m assistant.speech_model.espeak_phones`.

Of its own for the reasons of assistant/adapters/espeak_worker.py.

    stdin   en-us\tfirewood\n
    stdout  f I a ... in the International Phonetic Alphabet, one line each
"""

import ctypes
import sys

import espeakng_loader

AUDIO_OUTPUT_SYNCHRONOUS = 2  # as in espeak-ng/speak_lib.h
INITIALIZE_DONT_EXIT = 0x8000
CHARS_UTF8 = 1
PHONEMES_IPA = 2


def main() -> None:
    """Answer every line."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    data = espeakng_loader.get_data_path().encode()
    if library.espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, data, INITIALIZE_DONT_EXIT) <= 0:
        sys.exit("espeak-ng did not start")
    for line in sys.stdin.buffer:
        voice, _, word = line.rstrip(b"\n").partition(b"\t")
        if library.espeak_SetVoiceByName(voice) != 0:
            sys.exit(f"espeak-ng has no voice {voice.decode()}")
        text = ctypes.c_char_p(word)
        phones = library.espeak_TextToPhonemes(ctypes.byref(text), CHARS_UTF8, PHONEMES_IPA) or b""
        sys.stdout.buffer.write(phones.replace(b"\n", b" ") + b"\n")


if __name__ == "__main__":
    main()
