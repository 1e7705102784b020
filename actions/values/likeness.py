"""How alike a word that was said and a word that is known are, whatever the script, the case ending or one slip."""

from functools import lru_cache

from actions.values.words.folding import fold
from actions.values.words.transliteration import latin

EXACT, INFLECTED, SLIP, UNLIKE = 3, 2, 1, 0

_SOUNDS = (
    *(("sch", "s"), ("sh", "s"), ("zh", "s"), ("ck", "k"), ("ph", "f"), ("qu", "kv"), ("ch", "ts"), ("th", "t")),
    *(("x", "ks"), ("c", "k"), ("q", "k"), ("w", "v"), ("y", "i"), ("j", "i"), ("z", "s"), ("'", "")),
)
_VOWELS = frozenset("aeiou")
_SHORTEST_STEM = 3
_SHORTEST_FOR_SLIP = 5


@lru_cache(maxsize=4096)
def sound(word: str) -> str:
    """How a word sounds, roughly: `Škoda` and `шкода` are one, so are `Octavia` and `октавия`."""
    key = latin(fold(word))
    for written, spoken in _SOUNDS:
        key = key.replace(written, spoken)
    return "".join(char for index, char in enumerate(key) if index == 0 or char != key[index - 1])


def likeness(said: str, known: str, endings: frozenset[str]) -> int:
    """`EXACT`, `INFLECTED` by one of the endings, `SLIP` of one letter in a long word, or `UNLIKE`."""
    said_sound, known_sound = sound(said), sound(known)
    if said_sound == known_sound:
        return EXACT
    if _is_inflected(said_sound, known_sound, _sounds_of(endings)):
        return INFLECTED
    if min(len(said_sound), len(known_sound)) >= _SHORTEST_FOR_SLIP and is_one_slip(said_sound, known_sound):
        return SLIP
    return UNLIKE


@lru_cache
def _sounds_of(endings: frozenset[str]) -> frozenset[str]:
    return frozenset(map(sound, endings))


def _is_inflected(said: str, known: str, endings: frozenset[str]) -> bool:
    stems = [known]
    if known[-1:] in _VOWELS and len(known) > _SHORTEST_STEM:
        stems.append(known[:-1])  # Маша, Машу
    return any(len(stem) >= _SHORTEST_STEM and said.startswith(stem) and said[len(stem) :] in endings for stem in stems)


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
