"""What a decoding graph is made from: sentences, and how their words are said."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assistant.content.project import Content
from assistant.content.pronunciations import Phones, Wording, file_of, read_wording
from assistant.core.errors import SettingsError
from assistant.core.languages import Language
from assistant.speech_model.lexicon import Lexicon, pronounced, read_cmu, read_own, where_said
from assistant.speech_model.phones import ENGLISH, PhoneSet, read_phones
from assistant.speech_model.sentences import Sentence, content_sentences, own_sentences
from assistant.speech_model.sounding import sounds, sounds_in

OWN_WORDS, OWN_SENTENCES = Path("source") / "lexicon.tsv", Path("source") / "lm.txt"
OWN_PHONES = Path("source") / "phones.txt"
"""Of a language other than English."""
GUESS = "espeak-ng's guess"


@dataclass(frozen=True)
class Ingredients:
    """All that a model in `folder` is built from; `names` are words that are said the Estonian way, too."""

    sentences: tuple[Sentence, ...]
    wording: Wording
    own: Lexicon
    names: frozenset[str]
    language: Language = Language.EN
    phones: PhoneSet = ENGLISH
    """Those that the network knows; none if it is still to be trained."""

    @property
    def fingerprint(self) -> str:
        """The same for the same ingredients (SHA-256)."""
        said = (sorted(each.items()) for each in (self.wording.pronunciations, self.own))
        return hashlib.sha256(repr((sorted(self.sentences), *said, sorted(self.names))).encode()).hexdigest()

    def words(self) -> set[str]:
        """The vocabulary: what is said in sentences, and the model's own words."""
        return {word for sentence in self.sentences for word in sentence.words} | (
            self.own.keys() - self.wording.spellings.keys()
        )

    def lexicon(self, words: Iterable[str]) -> Lexicon:
        """How the words are said.

        Raises:
            OperationFailed: one has no pronunciation.
        """
        return pronounced(words, tuple(self._dictionaries.values()), self._guess)

    def sources(self, words: Iterable[str]) -> dict[str, str]:
        """Who says how each word is said."""
        return {word: where_said(word, self._dictionaries) or GUESS for word in words}

    def _guess(self, words: Sequence[str]) -> Mapping[str, tuple[Phones, ...]]:
        return sounds(words, self.names) if self.language is Language.EN else sounds_in(self.language, words)

    @cached_property
    def _dictionaries(self) -> Mapping[str, Mapping[str, tuple[Phones, ...]]]:
        said, file = self.wording.pronunciations, file_of(self.language)
        own: dict[str, Mapping[str, tuple[Phones, ...]]] = {file: said, str(OWN_WORDS): self.own}
        return own | ({"CMU's dictionary": read_cmu()} if self.language is Language.EN else {})


def read_ingredients(
    content: Content, folder: Path, names: Sequence[str], language: Language = Language.EN
) -> Ingredients:
    """The ingredients of the model in `folder`; `names` are proper names that content need not mention.

    Raises:
        ContentError: a pronunciation cannot be read.
        SettingsError: the folder holds no model that can be built.
    """
    needed = (OWN_WORDS, OWN_SENTENCES, *(() if language is Language.EN else (OWN_PHONES,)))
    if missing := [name for name in needed if not (folder / name).is_file()]:
        raise SettingsError(f"{folder} cannot be built: it lacks {', '.join(map(str, missing))}")
    return ingredients_so_far(content, folder, names, language)


def ingredients_so_far(content: Content, folder: Path, names: Sequence[str], language: Language) -> Ingredients:
    """The same of a model that may have nothing of its own yet.

    Raises:
        ContentError: a pronunciation cannot be read.
    """
    wording = read_wording(content.folder, language)
    own, words, phones = folder / OWN_SENTENCES, folder / OWN_WORDS, folder / OWN_PHONES
    return Ingredients(
        (
            *(own_sentences(own, wording) if own.is_file() else ()),
            *content_sentences(content, wording, names, language),
        ),
        wording,
        read_own(words) if words.is_file() else {},
        frozenset(word for name in (*names, *wording.names) for word in wording.words(name)),
        language,
        ENGLISH if language is Language.EN else read_phones(phones),
    )
