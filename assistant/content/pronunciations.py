"""Words as the recogniser writes them, and what editors say about how they sound: pronunciations.en.yml."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict

from assistant.content.yaml_source import read_model
from assistant.core.errors import ContentError

_CMU = "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"
CMU_PHONES = tuple(_CMU.split())
"""The phones of CMU's Pronouncing Dictionary, without stress."""

Phones = tuple[str, ...]
Value = TypeVar("Value")
FILE = "pronunciations.en.yml"
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def known_phones(text: str) -> str:
    """The text, if it is phones with blanks between them.

    Raises:
        ValueError: one is none, or there is none.
    """
    if strange := [phone for phone in text.split() if phone not in CMU_PHONES]:
        raise ValueError(f"{strange[0]} is no phone; there are {' '.join(CMU_PHONES)}")
    if not text.strip():
        raise ValueError("is empty")
    return text


Pronunciation = Annotated[str, AfterValidator(known_phones)]


class PronunciationsFile(BaseModel):
    """A pronunciations.en.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pronunciations: dict[str, tuple[Pronunciation, ...]] = {}
    spellings: dict[str, str] = {}
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class SpokenWord:
    """A word, where it stands in the content (file and line), how it is said, and who says so."""

    word: str
    places: tuple[str, ...]
    ways: tuple[Phones, ...]
    source: str


@dataclass(frozen=True)
class Wording:
    """How words are said, and how those are written that are never written as editors do.

    `names` are those that registers list and citizens say, and that stand in no example.
    """

    pronunciations: Mapping[str, tuple[Phones, ...]] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    def words(self, text: str) -> tuple[str, ...]:
        """The text as the recogniser would write it: lower case, no punctuation, digits as words."""
        plain = re.sub(r"\d", lambda digit: f" {_DIGITS[int(digit.group())]} ", text.lower().replace("’", "'"))
        found = (word.strip("'") for word in re.sub(r"[^\w' ]|_", " ", plain).split())
        return tuple(part for word in found for part in self.spellings.get(word, word).split())


def read_wording(content: Path) -> Wording:
    """Everything that pronunciations.en.yml of the common folder and of the services say.

    Raises:
        ContentError: a file cannot be read, names an unknown phone, or says of a word what another file does not.
    """
    said: dict[str, tuple[Phones, ...]] = {}
    spelled: dict[str, str] = {}
    names: dict[str, None] = {}
    for path in sorted((*(content / "common").glob(FILE), *(content / "services").glob(f"*/{FILE}"))):
        file = read_model(path, PronunciationsFile)
        fresh = {word: tuple(tuple(each.split()) for each in ways) for word, ways in file.pronunciations.items()}
        _add(said, fresh, path)
        _add(spelled, file.spellings, path)
        names |= dict.fromkeys(file.names)
    return Wording(said, spelled, tuple(names))


def _add(known: dict[str, Value], more: Mapping[str, Value], path: Path) -> None:
    for word, value in more.items():
        if known.setdefault(word, value) != value:
            raise ContentError(f"{word} is said otherwise in another {FILE}", file=str(path))
