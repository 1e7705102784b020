"""The phones of the English network, and the numbers by which Kaldi knows them.

A phone of CMU's inventory has four numbers, one per place in a word, which share their acoustics: so Vosk can tell
where words begin and end. The network has one emitting state per phone ("chain" topology), hence two transitions per
number.
"""

from collections.abc import Iterator, Sequence

from assistant.content.pronunciations import CMU_PHONES

SILENCE, NOISE = "SIL", "SPN"
_PLACES = {"B": "begin", "E": "end", "I": "internal", "S": "singleton"}
_NAMES = (SILENCE, NOISE, *(f"{phone}_{place}" for phone in CMU_PHONES for place in _PLACES))
_NUMBERS = {name: number for number, name in enumerate(_NAMES, start=1)}

COUNT = len(_NAMES)
NUMBERS = range(1, COUNT + 1)
SILENCE_NUMBER = _NUMBERS[SILENCE]
TRANSITIONS = 2 * COUNT


def numbers_of(phones: Sequence[str]) -> tuple[int, ...]:
    """The numbers of a word's phones, by their places in it."""
    if tuple(phones) in {(SILENCE,), (NOISE,)}:
        return (_NUMBERS[phones[0]],)
    places = "S" if len(phones) == 1 else "B" + "I" * (len(phones) - 2) + "E"
    return tuple(_NUMBERS[f"{phone}_{place}"] for phone, place in zip(phones, places, strict=True))


def staying(number: int) -> int:
    """The transition that stays in a phone for one more frame."""
    return 2 * number - 1


def entering(number: int) -> int:
    """The transition of a phone's first frame."""
    return 2 * number


def word_boundaries() -> Iterator[tuple[int, str]]:
    """Each number and its place, as in Kaldi's word_boundary.int."""
    for number, name in enumerate(_NAMES, start=1):
        yield number, "nonword" if name in {SILENCE, NOISE} else _PLACES[name[-1]]
