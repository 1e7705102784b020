"""The process in which espeak-ng speaks phones: `python -m assistant.speech_model.espeak_sound`.

Of its own for the reasons of assistant/adapters/espeak_worker.py.

    stdin   T AA R T UW    phones of CMU's dictionary
    stdout  a WAV file
"""

import ctypes
import sys

import espeakng_loader

from assistant.core.audio import BYTES_PER_SAMPLE, Pcm

AUDIO_OUTPUT_SYNCHRONOUS = 2  # as in espeak-ng/speak_lib.h
INITIALIZE_DONT_EXIT = 0x8000
CHARS_UTF8_AND_PHONEMES = 1 | 0x100
VOICE = b"en-us"
_TABLE = (
    "AA=A: AE=a AH=V AO=O: AW=aU AY=aI B=b CH=tS D=d DH=D EH=E ER=3: EY=eI F=f G=g HH=h IH=I IY=i: JH=dZ K=k L=l M=m"
    " N=n NG=N OW=oU OY=OI P=p R=r S=s SH=S T=t TH=T UH=U UW=u: V=v W=w Y=j Z=z ZH=Z"
)
_MNEMONICS = dict(entry.split("=") for entry in _TABLE.split())
"""espeak-ng's names of the phones of CMU's dictionary (espeak-ng, docs/phonemes.md)."""
_VOWEL = tuple("AEIOU")

SynthCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


def mnemonics(phones: list[str]) -> str:
    """The phones as espeak-ng writes them, stressed on the first vowel as Estonian names are."""
    stressed = next((at for at, phone in enumerate(phones) if phone.startswith(_VOWEL)), -1)
    written = ("'" * (at == stressed) + _MNEMONICS[phone] for at, phone in enumerate(phones))
    return f"[[{'|'.join(written)}]]"  # what a bar parts is no diphthong


def main() -> None:
    """Speak what comes in."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = espeakng_loader.get_data_path().encode()
    rate_hertz = library.espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, data, INITIALIZE_DONT_EXIT)
    if rate_hertz <= 0 or library.espeak_SetVoiceByName(VOICE) != 0:
        sys.exit("espeak-ng did not start")
    samples = bytearray()

    def collect(found: int | None, count: int, _events: int | None) -> int:
        if found:
            samples.extend(ctypes.string_at(found, count * BYTES_PER_SAMPLE))
        return 0

    callback = SynthCallback(collect)  # kept: C does not own it
    library.espeak_SetSynthCallback(callback)
    text = mnemonics(sys.stdin.read().split()).encode()
    if library.espeak_Synth(text, ctypes.c_size_t(len(text) + 1), 0, 1, 0, CHARS_UTF8_AND_PHONEMES, None, None) != 0:
        sys.exit("espeak-ng did not speak")
    sys.stdout.buffer.write(Pcm(bytes(samples), rate_hertz).to_wav())


if __name__ == "__main__":
    main()
