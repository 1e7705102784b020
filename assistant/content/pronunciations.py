"""Words as the recogniser writes them, and what editors say about how they sound: pronunciations.<language>.yml."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict

from assistant.content.yaml_source import read_model
from assistant.core.errors import ContentError
from assistant.core.languages import Language

_CMU = "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"
CMU_PHONES = tuple(_CMU.split())
"""The phones of CMU's Pronouncing Dictionary, without stress."""

Phones = tuple[str, ...]
Value = TypeVar("Value")
FILE = "pronunciations.en.yml"
_STRESS = "ˈˌ"
_TIE = "\u0361"
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def file_of(language: Language) -> str:
    """The name of the file that says how words of a language sound."""
    return f"pronunciations.{language}.yml"


def ipa_phones(ipa: str) -> Phones:
    """IPA in single sounds: a letter with its marks of length and the like, or two letters that are tied together."""
    phones: list[str] = []
    is_tied = False
    for character in ipa:
        kind = unicodedata.category(character)
        if kind in {"Ll", "Lo"} and not is_tied:
            phones.append(character)
        elif phones and kind in {"Ll", "Lo", "Lm", "Mn"} and character not in _STRESS:
            phones[-1] += character
        is_tied = character == _TIE
    return tuple(phones)


def known_phones(text: str, known: Collection[str] = CMU_PHONES) -> str:
    """The text, if it is phones with blanks between them.

    Raises:
        ValueError: one is none of those that are known, or there is none.
    """
    if strange := [phone for phone in text.split() if phone not in known]:
        raise ValueError(f"{strange[0]} is no phone; there are {' '.join(known)}")
    if not text.strip():
        raise ValueError("is empty")
    return text


def single_sounds(text: str) -> str:
    """The text, if it is sounds of the International Phonetic Alphabet with blanks between them.

    Which of them a network knows, its speech model says.

    Raises:
        ValueError: something else stands between two blanks, or there is nothing.
    """
    if strange := [phone for phone in text.split() if ipa_phones(phone) != (phone,)]:
        raise ValueError(f"{strange[0]} is no single sound of the International Phonetic Alphabet")
    if not text.strip():
        raise ValueError("is empty")
    return text


class PronunciationsFile(BaseModel):
    """A pronunciations.<language>.yml of any language but English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pronunciations: dict[str, tuple[Annotated[str, AfterValidator(single_sounds)], ...]] = {}


class EnglishPronunciationsFile(BaseModel):
    """A pronunciations.en.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pronunciations: dict[str, tuple[Annotated[str, AfterValidator(known_phones)], ...]] = {}
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


def read_wording(content: Path, language: Language = Language.EN) -> Wording:
    """Everything that the pronunciations of a language say, in the common folder and in those of services.

    Raises:
        ContentError: a file cannot be read, names an unknown phone, or says of a word what another file does not.
    """
    said: dict[str, tuple[Phones, ...]] = {}
    spelled: dict[str, str] = {}
    names: dict[str, None] = {}
    name = file_of(language)
    for path in sorted((*(content / "common").glob(name), *(content / "services").glob(f"*/{name}"))):
        if language is Language.EN:
            english = read_model(path, EnglishPronunciationsFile)
            _add(spelled, english.spellings, path)
            names |= dict.fromkeys(english.names)
        ways_of = (english if language is Language.EN else read_model(path, PronunciationsFile)).pronunciations
        _add(said, {word: tuple(tuple(each.split()) for each in ways) for word, ways in ways_of.items()}, path)
    return Wording(said, spelled, tuple(names))


def _add(known: dict[str, Value], more: Mapping[str, Value], path: Path) -> None:
    for word, value in more.items():
        if known.setdefault(word, value) != value:
            raise ContentError(f"{word} is said otherwise in another {path.name}", file=str(path))
