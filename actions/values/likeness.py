"""How alike a word that was said and a word that is known are, whatever the script, the case ending or one slip.

An own measure, no analyser of morphology: docs/adr/0012 has the figures of Vabamorf and pymorphy3.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import product

from actions.values.words.folding import fold
from actions.values.words.tables import Inflection
from actions.values.words.transliteration import latin

EXACT, INFLECTED, SIMILAR, SLIP, UNLIKE = 4, 3, 2, 1, 0

_SOUNDS = (
    *(("sch", "s"), ("chr", "kr"), ("sh", "s"), ("zh", "s"), ("ck", "k"), ("ph", "f"), ("qu", "kv"), ("ch", "ts")),
    *(("th", "t"), ("x", "ks"), ("c", "k"), ("q", "k"), ("w", "v"), ("y", "i"), ("j", "i"), ("z", "s"), ("'", "")),
)
_VOWELS = frozenset("aeiou")
_SHORTEST_STEM = 3
_SHORTEST_FOR_SLIP = 5
_MOST_SPELLINGS = 16


@lru_cache(maxsize=4096)
def sound(word: str) -> str:
    """How a word sounds, roughly: `Škoda` and `шкода` are one, so are `Octavia` and `октавия`."""
    key = latin(fold(word))
    for written, spoken in _SOUNDS:
        key = key.replace(written, spoken)
    return key


@lru_cache(maxsize=4096)
def sounds(word: str, inflection: Inflection) -> tuple[str, ...]:
    """The same in every way to spell it in the language: `Jõhvi` is `йыхви` in Russian."""
    ways = [inflection.spellings.get(char, (char,)) for char in word.lower()]
    spelled = ("".join(chars) for chars, _ in zip(product(*ways), range(_MOST_SPELLINGS), strict=False))
    return tuple(dict.fromkeys((sound(word), *map(sound, spelled))))


@lru_cache(maxsize=16384)
def likeness(said: str, known: str, inflection: Inflection) -> int:
    """`EXACT`, `INFLECTED`, `SIMILAR` but for double letters, `SLIP` of one letter in a long word, or `UNLIKE`."""
    said_sound = sound(said)
    return max(_likeness(said_sound, known_sound, inflection) for known_sound in sounds(known, inflection))


def resemblance(said: Sequence[str], known: Sequence[str]) -> float:
    """How much words sound like known ones, 0-1: the mean over the known ones of the most like word said.

    For telling which of several is nearest to words that are none of them.
    """
    sounded = [sound(word) for word in said]
    best = [max((SequenceMatcher(None, sound(word), each).ratio() for each in sounded), default=0.0) for word in known]
    return sum(best) / len(best) if best else 0.0


def _likeness(said: str, known: str, inflection: Inflection) -> int:
    if said == known:
        return EXACT
    stems, single_stems = _stems(known, inflection)
    if _is_inflected(said, stems, inflection):
        return INFLECTED
    single, known_single = _without_doubles(said), single_stems[0]
    if single == known_single or _is_inflected(single, single_stems, inflection):
        return SIMILAR
    is_long = min(len(single), len(known_single)) >= _SHORTEST_FOR_SLIP
    return SLIP if is_long and is_one_slip(single, known_single) else UNLIKE


@lru_cache(maxsize=4096)
def _stems(known: str, inflection: Inflection) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What an ending may follow, the word itself first; and the same without double letters.

    The word may lose its last vowel (`Маша`, `Машу`) or change its stem (`Pank`, `Panga`) where the language does so.
    """
    stems = [known]
    if known[-1:] in inflection.dropped and len(known) > _SHORTEST_STEM:
        stems.append(known[:-1])
    stems += [
        known.removesuffix(end) + changed
        for end, changed in inflection.changes
        if known.endswith(end) and len(known) > len(end)
    ]
    return tuple(stems), tuple(map(_without_doubles, stems))


def _is_inflected(said: str, stems: tuple[str, ...], inflection: Inflection) -> bool:
    """Whether an ending follows one of the stems, the first of which is the word itself."""
    return any(
        said.startswith(stem) and _fits(stem, said.removeprefix(stem), inflection, is_changed=index > 0)
        for index, stem in enumerate(stems)
        if len(stem) >= _SHORTEST_STEM
    )


def _fits(stem: str, rest: str, inflection: Inflection, *, is_changed: bool) -> bool:
    """Whether the rest may follow the stem: no two vowels of the word itself meet, a changed stem needs a vowel."""
    ends_in_vowel, begins_with_vowel = stem[-1] in _VOWELS, rest[:1] in _VOWELS
    if not rest:
        return ends_in_vowel  # mäe; but "kass" is no Kask
    is_smooth = (begins_with_vowel or ends_in_vowel) if is_changed else not (begins_with_vowel and ends_in_vowel)
    return is_smooth and rest in _endings(inflection)


@lru_cache
def _endings(inflection: Inflection) -> frozenset[str]:
    return frozenset(map(sound, inflection.endings))


def _without_doubles(word: str) -> str:
    return "".join(char for index, char in enumerate(word) if index == 0 or char != word[index - 1])


def is_one_slip(one: str, other: str) -> bool:
    """Whether one letter is wrong, missing, added, or two neighbours are swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    begin = next((index for index, pair in enumerate(zip(one, other, strict=False)) if len(set(pair)) > 1), None)
    if begin is None:
        return True
    left, right = one[begin:], other[begin:]
    swapped = left[1:2] + left[:1] + left[2:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped == right
