"""Pronunciations: the editors', else the model's own, else those of CMU's dictionary, else espeak-ng's guess."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from assistant.content.pronunciations import Phones
from assistant.core.errors import OperationFailed

Lexicon = dict[str, tuple[Phones, ...]]
Sounds = Callable[[Sequence[str]], Mapping[str, tuple[Phones, ...]]]
GENITIVE = "'s"
_HISSING = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})
_VOICELESS = frozenset({"P", "T", "K", "F", "TH"})
_VARIANT = re.compile(r"\(\d+\)$")


def read_own(file: Path) -> Lexicon:
    """The words a model came with: a word, a tab, its phones; a line for each way to say it."""
    return _gathered(line.split("\t") for line in file.read_text(encoding="utf-8").splitlines())


def read_cmu() -> Lexicon:
    """The CMU Pronouncing Dictionary as pocketsphinx ships it: the one that the network was trained with.

    Raises:
        OperationFailed: pocketsphinx is not installed, as where no model is built.
    """
    try:
        folder = files("pocketsphinx")
    except ModuleNotFoundError:
        raise OperationFailed("CMU's dictionary is not on this machine: `make speech` installs it") from None
    text = (folder / "model" / "en-us" / "cmudict-en-us.dict").read_text(encoding="utf-8")
    return _gathered(line.split(maxsplit=1) for line in text.splitlines() if " " in line)


def pronounced(
    words: Iterable[str], dictionaries: Sequence[Mapping[str, tuple[Phones, ...]]], guess: Sounds
) -> Lexicon:
    """How the words are said by the first dictionary that has them; a genitive as its word, the rest by a guess."""
    lexicon: Lexicon = {}
    unknown = []
    for word in sorted(set(words)):
        ways = _looked_up(word, dictionaries) or _genitive(word, dictionaries)
        lexicon[word] = ways
        if not ways:
            unknown.append(word)
    return lexicon | dict(guess(unknown)) if unknown else lexicon


def where_said(word: str, dictionaries: Mapping[str, Mapping[str, tuple[Phones, ...]]]) -> str:
    """The name of the dictionary by which `pronounced` goes; nothing for a word that it guesses."""
    for said in (word, word.removesuffix(GENITIVE)):
        for name, dictionary in dictionaries.items():
            if said in dictionary:
                return name
    return ""


def _gathered(entries: Iterable[list[str]]) -> Lexicon:
    lexicon: dict[str, dict[Phones, None]] = {}
    for word, phones in entries:
        lexicon.setdefault(_VARIANT.sub("", word), {})[tuple(phones.split())] = None
    return {word: tuple(ways) for word, ways in lexicon.items()}


def _looked_up(word: str, dictionaries: Sequence[Mapping[str, tuple[Phones, ...]]]) -> tuple[Phones, ...]:
    return next((dictionary[word] for dictionary in dictionaries if word in dictionary), ())


def _genitive(word: str, dictionaries: Sequence[Mapping[str, tuple[Phones, ...]]]) -> tuple[Phones, ...]:
    if not word.endswith(GENITIVE):
        return ()
    return tuple((*ways, *_ending(ways[-1])) for ways in _looked_up(word.removesuffix(GENITIVE), dictionaries))


def _ending(last: str) -> Phones:
    if last in _HISSING:
        return ("IH", "Z")
    return ("S",) if last in _VOICELESS else ("Z",)
