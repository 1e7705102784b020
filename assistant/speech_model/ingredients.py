"""What a decoding graph is made from: sentences, and how their words are said."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assistant.content.project import Content
from assistant.content.pronunciations import FILE, Phones, Wording, read_wording
from assistant.core.errors import SettingsError
from assistant.core.languages import Language
from assistant.speech_model.language_model import Part
from assistant.speech_model.lexicon import Lexicon, pronounced, read_cmu, read_own, where_said
from assistant.speech_model.phones import ENGLISH, PhoneSet, read_phones
from assistant.speech_model.sentences import Sentence, content_sentences, own_sentences
from assistant.speech_model.sounding import sounds, sounds_in

OWN_WORDS, OWN_SENTENCES = Path("source") / "lexicon.tsv", Path("source") / "lm.txt"
OWN_PHONES = Path("source") / "phones.txt"
"""Of a language other than English."""
GENERAL_WORDS = Path("source") / "words.txt"
"""Words that nothing of the content needs, one a line; a model may have none."""
GUESS = "espeak-ng's guess"
# With 0.2, 0.35 and 0.5 for the model's own sentences, which have most numbers and dates, the perplexity of spoken
# values was 44, 39 and 37, that of requests in free words 108, 110 and 116.
OWN_SHARE, CONTENT_SHARE = 0.35, 0.65


@dataclass(frozen=True)
class Ingredients:
    """All that a model in `folder` is built from; `names` are words that are said the Estonian way, too."""

    content: tuple[Sentence, ...]
    wording: Wording
    own: Lexicon
    names: frozenset[str]
    language: Language = Language.EN
    phones: PhoneSet = ENGLISH
    """Those that the network knows; none if it is still to be trained."""
    own_sentences: tuple[Sentence, ...] = ()
    general: frozenset[str] = frozenset()
    """Words that are known beside those of the sentences: people do not keep to our words."""

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The model's own, and those of the content."""
        return (*self.own_sentences, *self.content)

    @property
    def parts(self) -> tuple[Part, Part]:
        """The same for the language model, which tells them apart."""
        return Part(OWN_SHARE, self.own_sentences), Part(CONTENT_SHARE, self.content)

    @property
    def fingerprint(self) -> str:
        """The same for the same ingredients (SHA-256)."""
        said = (sorted(each.items()) for each in (self.wording.pronunciations, self.own))
        sentences = sorted(self.own_sentences), sorted(self.content)
        ingredients = (*sentences, *said, sorted(self.names), sorted(self.general))
        return hashlib.sha256(repr(ingredients).encode()).hexdigest()

    def words(self) -> set[str]:
        """The vocabulary: what is said in sentences, the model's own words, and general ones."""
        said = {word for sentence in self.sentences for word in sentence.words}
        return said | ((self.own.keys() | self.general) - self.wording.spellings.keys())

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
        own: dict[str, Mapping[str, tuple[Phones, ...]]] = {FILE: self.wording.pronunciations, str(OWN_WORDS): self.own}
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
    wording = read_wording(content.folder) if language is Language.EN else Wording()
    own, words, general = folder / OWN_SENTENCES, folder / OWN_WORDS, folder / GENERAL_WORDS
    return Ingredients(
        tuple(content_sentences(content, wording, names, language)),
        wording,
        read_own(words) if words.is_file() else {},
        frozenset(word for name in (*names, *wording.names) for word in wording.words(name)),
        language,
        ENGLISH if language is Language.EN else read_phones(folder / OWN_PHONES),
        tuple(own_sentences(own, wording)) if own.is_file() else (),
        frozenset(general.read_text(encoding="utf-8").split()) if general.is_file() else frozenset(),
    )
