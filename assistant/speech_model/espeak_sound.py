"""The process in which espeak-ng speaks phones: `python -m assistant.speech_model.espeak_sound en`.

Of its own for the reasons of assistant/adapters/espeak_worker.py.

    stdin   T AA R T UW    phones of CMU's dictionary; of other languages sounds of the IPA, as espeak-ng tells them
    stdout  a WAV file
"""

import ctypes
import sys

import espeakng_loader

from assistant.core.audio import BYTES_PER_SAMPLE, Pcm

AUDIO_OUTPUT_SYNCHRONOUS = 2  # as in espeak-ng/speak_lib.h
INITIALIZE_DONT_EXIT = 0x8000
CHARS_UTF8_AND_PHONEMES = 1 | 0x100
VOICES = {"en": "en-us"}
"""Where the voice has another name than the language."""
_TABLE = (
    "AA=A: AE=a AH=V AO=O: AW=aU AY=aI B=b CH=tS D=d DH=D EH=E ER=3: EY=eI F=f G=g HH=h IH=I IY=i: JH=dZ K=k L=l M=m"
    " N=n NG=N OW=oU OY=OI P=p R=r S=s SH=S T=t TH=T UH=U UW=u: V=v W=w Y=j Z=z ZH=Z"
)
_MNEMONICS = dict(entry.split("=") for entry in _TABLE.split())
"""espeak-ng's names of the phones of CMU's dictionary (espeak-ng, docs/phonemes.md)."""
_VOWEL = tuple("AEIOU")
_SOUNDS = {
    "et": "ɪ=I1 ɵ=8 ɛ=E1 ɑ=A1 æ=& ɲ=n^ ʎ=l^ ʊ=U1 ŋ=N ø=Y ɔ=O1 ʒ=Z ʃ=S ɡ=g ː=:",
    "ru": "ʌ=V ɑ=A ɪ=I ɭ=l ɛ=E ɵ=8 ɕ=S; ʑ=z; ʃ=S ʒ=Z ɡ=g ɒ=0 ə=@ ʲ=; ː=:",
}
"""Its names of sounds of the IPA, as these voices tell both of the content's words; any other is called as itself."""
_VOWELS = frozenset("aeiouyæøɑɒɔəɛɪɵʊʌ")

SynthCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


def mnemonics(phones: list[str], language: str) -> str:
    """The phones as espeak-ng writes them, stressed on the first vowel as Estonian words are."""
    if language != "en":
        return _of_sounds(phones, dict(each.split("=") for each in _SOUNDS.get(language, "").split()))
    stressed = next((at for at, phone in enumerate(phones) if phone.startswith(_VOWEL)), -1)
    written = ("'" * (at == stressed) + _MNEMONICS[phone] for at, phone in enumerate(phones))
    return f"[[{'|'.join(written)}]]"  # what a bar parts is no diphthong


def _of_sounds(phones: list[str], names: dict[str, str]) -> str:
    stressed = next((at for at, phone in enumerate(phones) if phone[0] in _VOWELS), -1)
    called = ("".join(names.get(letter, letter) for letter in phone) for phone in phones)
    return f"[[{'|'.join(chr(39) * (at == stressed) + name for at, name in enumerate(called))}]]"


def main() -> None:
    """Speak what comes in."""
    language = sys.argv[1]
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = espeakng_loader.get_data_path().encode()
    rate_hertz = library.espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, data, INITIALIZE_DONT_EXIT)
    if rate_hertz <= 0 or library.espeak_SetVoiceByName(VOICES.get(language, language).encode()) != 0:
        sys.exit("espeak-ng did not start")
    samples = bytearray()

    def collect(found: int | None, count: int, _events: int | None) -> int:
        if found:
            samples.extend(ctypes.string_at(found, count * BYTES_PER_SAMPLE))
        return 0

    callback = SynthCallback(collect)  # kept: C does not own it
    library.espeak_SetSynthCallback(callback)
    text = mnemonics(sys.stdin.read().split(), language).encode()
    if library.espeak_Synth(text, ctypes.c_size_t(len(text) + 1), 0, 1, 0, CHARS_UTF8_AND_PHONEMES, None, None) != 0:
        sys.exit("espeak-ng did not speak")
    sys.stdout.buffer.write(Pcm(bytes(samples), rate_hertz).to_wav())


if __name__ == "__main__":
    main()
