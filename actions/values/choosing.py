"""Finds which of several known records the citizen means."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.core.languages import Language


@dataclass(frozen=True)
class Choice:
    """A record, and the words it goes by: `("Mari", "Mari Mets")`, `("Škoda Octavia", "123 ABC")`."""

    key: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Chosen:
    """The one that is meant; `is_whole`: the text says nothing else."""

    key: str
    is_whole: bool


@dataclass(frozen=True)
class Ambiguous:
    """The words fit more than one, in the order of the choices."""

    keys: tuple[str, ...]


def choose(
    text: str, choices: Sequence[Choice], language: Language, *, current: str | None = None
) -> Chosen | Ambiguous | None:
    """The choice that is meant, by its words, by ordinal or, of exactly two, as the other than `current`."""
    raise NotImplementedError
