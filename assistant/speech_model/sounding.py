"""How a word sounds that no dictionary has: espeak-ng's guess; of English words in CMU's phones."""

import re
import subprocess
import sys
from collections.abc import Sequence
from itertools import groupby

from assistant.content.pronunciations import Phones, file_of, ipa_phones
from assistant.core.errors import OperationFailed
from assistant.core.languages import Language

ENGLISH_VOICES = ("en-us", "en")  # `en` is British English
ESTONIAN_VOICES = ("et", *ENGLISH_VOICES)
WORKER_SECONDS = 60
_ESTONIAN_LETTER = re.compile("[õäöüšž]")
_MARKS = re.compile("[ˈˌʲ\u0303\u0329\u200d|‿._]")
_ESTONIAN_SOUNDS = str.maketrans({"a": "ɑ", "ɲ": "n", "ʎ": "l"})  # an open a; what is soft is not told apart
_TABLE = (
    "aɪə=AY ER|aɪɚ=AY ER|tʃ=CH|dʒ=JH|aɪ=AY|aʊ=AW|au=AW|ai=AY|ei=EY|oi=OY|eɪ=EY|oʊ=OW|əʊ=OW|ɔɪ=OY|ɪɹ=IH R|ʊɹ=UH R"
    "|ɛɹ=EH R|ɔːɹ=AO R|oːɹ=AO R|ɑːɹ=AA R|ɜː=ER|ɚ=ER|ɝ=ER|əl=AH L|ən=AH N|iː=IY|uː=UW|ɑː=AA|aː=AA|ɔː=AO|oː=AO|eː=EY"
    "|ɪ=IH|i=IY|ɛ=EH|e=EH|æ=AE|a=AE|ʌ=AH|ə=AH|ɐ=AH|ʊ=UH|u=UW|ɒ=AA|ɔ=AO|o=OW|ᵻ=IH|ɑ=AA|ɤ=AH|ɵ=AH|y=UW|ø=ER|œ=ER"
    "|ɾ=T|ɹ=R|r=R|θ=TH|ð=DH|ʃ=SH|ʒ=ZH|ŋ=NG|ɡ=G|g=G|b=B|d=D|f=F|h=HH|j=Y|k=K|l=L|m=M|n=N|p=P|s=S|t=T|v=V|w=W|z=Z"
    "|x=K|ɬ=L|ʔ=T|ɲ=N Y|ç=HH|c=K"
)
_CMU_BY_IPA = dict(entry.split("=") for entry in _TABLE.split("|"))
_LONGEST = max(map(len, _CMU_BY_IPA))


def sounds(words: Sequence[str], names: frozenset[str] = frozenset()) -> dict[str, tuple[Phones, ...]]:
    """Pronunciations of English words; a name, or a word with Estonian letters, is said as Estonians say it, too.

    Raises:
        OperationFailed: espeak-ng failed, or finds no sound in a word.
    """
    wanted = [(voice, word) for word in words for voice in _voices(word, is_name=word in names)]
    found: dict[str, dict[Phones, None]] = {word: {} for word in words}
    for (voice, word), ipa in zip(wanted, _said(wanted), strict=True):
        if phones := cmu_phones(ipa.translate(_ESTONIAN_SOUNDS) if voice == "et" else ipa):
            found[word][phones] = None
    return _audible({word: tuple(ways) for word, ways in found.items()}, Language.EN)


def sounds_in(language: Language, words: Sequence[str]) -> dict[str, tuple[Phones, ...]]:
    """Pronunciations of words of any language that espeak-ng speaks, in the phones of `ipa_phones`.

    Raises:
        OperationFailed: espeak-ng failed, or finds no sound in a word.
    """
    said = _said([(language.value, word) for word in words])
    ways = ((word, ipa_phones(ipa)) for word, ipa in zip(words, said, strict=True))
    return _audible({word: (phones,) if phones else () for word, phones in ways}, language)


def _audible(found: dict[str, tuple[Phones, ...]], language: Language) -> dict[str, tuple[Phones, ...]]:
    if silent := [word for word, ways in found.items() if not ways]:
        raise OperationFailed(f"espeak-ng does not say how {', '.join(silent)} sounds: write it in {file_of(language)}")
    return found


def cmu_phones(ipa: str) -> Phones:
    """IPA in CMU's phones, the longest piece first; a long consonant is one, and what has no phone is left out."""
    ipa = _MARKS.sub("", ipa)
    phones: list[str] = []
    at = 0
    while at < len(ipa):
        pieces = (ipa[at : at + length] for length in range(_LONGEST, 0, -1))
        piece = next((each for each in pieces if each in _CMU_BY_IPA), "")
        phones += _CMU_BY_IPA.get(piece, "").split()
        at += len(piece) or 1
    return tuple(phone for phone, _ in groupby(phones))


def _voices(word: str, *, is_name: bool) -> tuple[str, ...]:
    return ESTONIAN_VOICES if is_name or _ESTONIAN_LETTER.search(word) else ENGLISH_VOICES


def _said(wanted: Sequence[tuple[str, str]]) -> list[str]:
    lines = "".join(f"{voice}\t{word}\n" for voice, word in wanted)
    command = [sys.executable, "-m", "assistant.speech_model.espeak_phones"]
    done = subprocess.run(command, input=lines.encode(), capture_output=True, timeout=WORKER_SECONDS, check=False)
    if done.returncode:
        raise OperationFailed(f"espeak-ng: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode().splitlines()
