"""What a decoding graph is made from: sentences, and how their words are said."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.content.project import Content
from assistant.content.pronunciations import FILE, Phones, Wording, read_wording
from assistant.core.errors import SettingsError
from assistant.speech_model.lexicon import Lexicon, pronounced, read_cmu, read_own, where_said
from assistant.speech_model.sentences import Sentence, content_sentences, own_sentences
from assistant.speech_model.sounding import sounds

OWN_WORDS, OWN_SENTENCES = Path("source") / "lexicon.tsv", Path("source") / "lm.txt"
GUESS = "espeak-ng's guess"


@dataclass(frozen=True)
class Ingredients:
    """All that a model in `folder` is built from; `names` are words that are said the Estonian way, too."""

    sentences: tuple[Sentence, ...]
    wording: Wording
    own: Lexicon
    names: frozenset[str]

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
        return pronounced(words, tuple(self._dictionaries().values()), lambda new: sounds(new, self.names))

    def sources(self, words: Iterable[str]) -> dict[str, str]:
        """Who says how each word is said."""
        dictionaries = self._dictionaries()
        return {word: where_said(word, dictionaries) or GUESS for word in words}

    def _dictionaries(self) -> Mapping[str, Mapping[str, tuple[Phones, ...]]]:
        return {FILE: self.wording.pronunciations, str(OWN_WORDS): self.own, "CMU's dictionary": read_cmu()}


def read_ingredients(content: Content, folder: Path, names: Sequence[str]) -> Ingredients:
    """The ingredients of the model in `folder`; `names` are proper names that content need not mention.

    Raises:
        ContentError: a pronunciation cannot be read.
        SettingsError: the folder holds no model that can be built.
    """
    if missing := [name for name in (OWN_WORDS, OWN_SENTENCES) if not (folder / name).is_file()]:
        raise SettingsError(f"{folder} cannot be built: it lacks {', '.join(map(str, missing))}")
    wording = read_wording(content.folder)
    own = own_sentences(folder / OWN_SENTENCES, wording)
    sentences = (*own, *content_sentences(content, wording, names))
    return Ingredients(
        sentences,
        wording,
        read_own(folder / OWN_WORDS),
        frozenset(word for name in (*names, *wording.names) for word in wording.words(name)),
    )
