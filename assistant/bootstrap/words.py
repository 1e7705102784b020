"""What speech models are made from besides the content, and the words that they have."""

import re
from pathlib import Path

from actions.values.words.towns import TOWNS
from assistant.core.languages import Language
from assistant.settings import Settings
from assistant.speech_model.ingredients import OWN_PHONES
from assistant.speech_model.word_book import WordBook

_LATIN = re.compile(r"[A-Za-zÕÄÖÜŠŽõäöüšž]+")


def model_folder(settings: Settings) -> Path:
    """Of the model that comes with Kratt."""
    return settings.models / "speech" / Language.EN.value


def towns() -> list[str]:
    """The towns that addresses may name."""
    return sorted({name for name in TOWNS.values() if _LATIN.fullmatch(name)})


def word_book(settings: Settings) -> WordBook:
    """How English words are said, and which of them the model has."""
    return WordBook(model_folder(settings), tuple(towns()))


def word_book_of(settings: Settings, language: Language) -> WordBook | None:
    """The same of a language that a network was trained for here; none of one whose model was made elsewhere."""
    folder = settings.models / "speech" / language.value
    is_ours = language is Language.EN or (folder / OWN_PHONES).is_file()
    return WordBook(folder, tuple(towns()), language) if is_ours else None
