"""Tells whether words say anything at all."""

from actions.values.candidates import is_filler
from actions.values.utterance import Utterance
from actions.values.words import WORDS
from assistant.core.languages import Language


def is_only_fillers(text: str, language: Language) -> bool:
    """Whether there is nothing in the text but "it is", "umm", "please", words of correction and punctuation."""
    said = Utterance.of(text, WORDS[language])
    return all(is_filler(said, at) for at in range(len(said)))
