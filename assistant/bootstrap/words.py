"""What the English speech model is made from besides the content, and the words that it has."""

import re
from pathlib import Path

from actions.values.words.towns import TOWNS
from assistant.core.languages import Language
from assistant.settings import Settings
from assistant.speech_model.word_book import WordBook

_LATIN = re.compile(r"[A-Za-zÕÄÖÜŠŽõäöüšž]+")


def model_folder(settings: Settings) -> Path:
    """Of the model that comes with Kratt."""
    return settings.models / "speech" / Language.EN.value


def towns() -> list[str]:
    """The towns that addresses may name."""
    return sorted({name for name in TOWNS.values() if _LATIN.fullmatch(name)})


def word_book(settings: Settings) -> WordBook:
    """How words are said, and which of them the model has."""
    return WordBook(model_folder(settings), tuple(towns()))
