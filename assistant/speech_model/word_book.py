"""How words of the content are said, which of them a speech model lacks, and how phones sound."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.content.project import read_content
from assistant.content.pronunciations import Phones, SpokenWord, Wording, read_wording
from assistant.core.errors import OperationFailed, SettingsError
from assistant.core.languages import Language
from assistant.speech_model.ingredients import OWN_PHONES, OWN_WORDS, Ingredients
from assistant.speech_model.lexicon import read_own
from assistant.speech_model.phones import ENGLISH, PhoneSet, read_phones
from assistant.speech_model.sentences import content_sentences
from assistant.speech_model.vocabulary import known_words, missing_words, spoken_words

SOUND_SECONDS = 10


@dataclass(frozen=True)
class WordBook:
    """Of the model in `folder`; `names` are proper names that content need not mention."""

    folder: Path
    names: Sequence[str]
    language: Language = Language.EN

    @property
    def phones(self) -> Phones:
        """Those that its network knows; of a language other than English sounds of the IPA."""
        return ENGLISH.phones if self.language is Language.EN else read_phones(self.folder / OWN_PHONES).phones

    def unheard(self, content: Path) -> tuple[SpokenWord, ...]:
        """The words of a content folder that the model lacks.

        Raises:
            ContentError: content or a pronunciation cannot be read.
            OperationFailed: the model does not tell its words, or a word has no pronunciation.
        """
        wording = read_wording(content, self.language)
        try:
            known = known_words(self.folder)
        except SettingsError as error:
            raise OperationFailed(error.detail) from None
        sentences = content_sentences(read_content(content), wording, self.names, self.language)
        return self._spoken(missing_words(sentences, known), content, wording)

    def said(self, content: Path, text: str) -> tuple[SpokenWord, ...]:
        """The words of a text.

        Raises:
            ContentError: a pronunciation cannot be read.
            OperationFailed: a word has no pronunciation.
        """
        wording = read_wording(content, self.language)
        return self._spoken(list(dict.fromkeys(wording.words(text))), content, wording)

    def sound(self, phones: Phones) -> bytes:
        """The phones spoken, as a WAV file.

        Raises:
            OperationFailed: espeak-ng failed.
        """
        command = [sys.executable, "-m", "assistant.speech_model.espeak_sound", self.language.value]
        try:
            done = subprocess.run(
                command, input=" ".join(phones).encode(), capture_output=True, timeout=SOUND_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise OperationFailed("espeak-ng did not come to an end") from None
        if done.returncode:
            raise OperationFailed("espeak-ng did not speak")
        return done.stdout

    def _spoken(self, words: Sequence[str], content: Path, wording: Wording) -> tuple[SpokenWord, ...]:
        own = self.folder / OWN_WORDS
        names = frozenset(word for name in (*self.names, *wording.names) for word in wording.words(name))
        words_of_its_own = read_own(own) if own.is_file() else {}
        ingredients = Ingredients((), wording, words_of_its_own, names, self.language, PhoneSet(self.phones))
        return spoken_words(words, ingredients, content)
