"""The phones of a network, and the numbers by which Kaldi knows them.

A phone has four numbers, one per place in a word, which share their acoustics: so Vosk can tell where words begin and
end. The network has one emitting state per phone ("chain" topology), hence two transitions per number.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.content.pronunciations import CMU_PHONES

SILENCE, NOISE = "SIL", "SPN"
SILENCE_NUMBER = 1
_PLACES = {"B": "begin", "E": "end", "I": "internal", "S": "singleton"}


class PhoneSet:
    """Silence, noise and some phones."""

    def __init__(self, phones: Sequence[str]) -> None:
        """Number them in this order, after silence and noise."""
        self.phones = tuple(phones)
        self.units = (SILENCE, NOISE, *phones)
        """What the network tells apart; a unit's place here is half the number of its first pdf."""
        self._names = (SILENCE, NOISE, *(f"{phone}_{place}" for phone in phones for place in _PLACES))
        self._numbers = {name: number for number, name in enumerate(self._names, start=1)}

    @property
    def numbers(self) -> range:
        """Of all phones at all places."""
        return range(1, len(self._names) + 1)

    def numbers_of(self, phones: Sequence[str]) -> tuple[int, ...]:
        """The numbers of a word's phones, by their places in it."""
        if tuple(phones) in {(SILENCE,), (NOISE,)}:
            return (self._numbers[phones[0]],)
        places = "S" if len(phones) == 1 else "B" + "I" * (len(phones) - 2) + "E"
        return tuple(self._numbers[f"{phone}_{place}"] for phone, place in zip(phones, places, strict=True))

    def units_of(self, phones: Sequence[str]) -> tuple[int, ...]:
        """The places of a word's phones in `units`."""
        return tuple(self.units.index(phone) for phone in phones)

    def pdfs(self) -> list[tuple[int, int]]:
        """For each number the pdf of the phone's first frame, and that of its later ones."""
        units = [self.units.index(name.partition("_")[0]) for name in self._names]
        return [(2 * unit, 2 * unit + 1) for unit in units]

    def word_boundaries(self) -> Iterator[tuple[int, str]]:
        """Each number and its place, as in Kaldi's word_boundary.int."""
        for number, name in enumerate(self._names, start=1):
            yield number, "nonword" if name in {SILENCE, NOISE} else _PLACES[name[-1]]


ENGLISH = PhoneSet(CMU_PHONES)


def read_phones(file: Path) -> PhoneSet:
    """Those of a file, one a line; none if there is no such file."""
    return PhoneSet(file.read_text(encoding="utf-8").split() if file.is_file() else ())


def staying(number: int) -> int:
    """The transition that stays in a phone for one more frame."""
    return 2 * number - 1


def entering(number: int) -> int:
    """The transition of a phone's first frame."""
    return 2 * number
