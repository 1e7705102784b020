"""Tells which words of the content the English speech model does not have: `kratt speech words`."""

from collections.abc import Sequence
from pathlib import Path

from assistant.bootstrap.words import model_folder, towns
from assistant.content.held_out import read_held_out
from assistant.content.project import read_content
from assistant.content.pronunciations import SpokenWord, Wording, read_wording
from assistant.core.errors import SettingsError
from assistant.core.languages import Language
from assistant.settings import Settings
from assistant.speech_model.ingredients import read_ingredients
from assistant.speech_model.sentences import content_sentences
from assistant.speech_model.vocabulary import is_built_from, known_words, missing_words, spoken_words

SHOWN_PLACES, SHOWN_WORDS = 3, 5


def unheard_report(settings: Settings) -> tuple[str, bool]:
    """What to tell of the model, and whether it was built from the content as it is.

    Raises:
        ContentError: content or a pronunciation cannot be read.
        SettingsError: the model is none that can be built.
        OperationFailed: a word has no pronunciation.
    """
    folder, content = model_folder(settings), read_content(settings.content)
    ingredients, known = read_ingredients(content, folder, towns()), known_words(folder)
    unheard = spoken_words(missing_words(ingredients.sentences, known), ingredients, settings.content)
    is_current = is_built_from(ingredients, folder)
    lines = [_line(each) for each in unheard]
    if unheard:
        lines.append(f"Words of the content that the speech model lacks: {len(unheard)}. `make speech` adds them.")
    elif is_current:
        lines.append("The speech model has every word of the content.")
    else:
        lines.append("The speech model has every word, but was built from other content: `make speech` mends that.")
    return "\n".join([*lines, _held_out_line(settings.content, ingredients.wording, known)]), is_current


def unheard_hint(settings: Settings) -> str:
    """One line if the content has words that the model does not; nothing if it has all, or does not tell its words.

    Raises:
        ContentError: the content cannot be read.
    """
    try:
        known = known_words(model_folder(settings))
    except SettingsError:
        return ""
    sentences = content_sentences(read_content(settings.content), read_wording(settings.content), towns())
    words = missing_words(sentences, known)
    if not words:
        return ""
    shown = ", ".join(words[:SHOWN_WORDS]) + (", ..." if len(words) > SHOWN_WORDS else "")
    return f"Not heard in English until `make speech`: {shown} (`kratt speech words`)"


def _line(each: SpokenWord) -> str:
    ways = ", ".join(" ".join(way) for way in each.ways)
    return f"{each.word}: {ways} by {each.source}; {_places(each.places)}"


def _places(places: Sequence[str]) -> str:
    if not places:
        return "a town of addresses"
    more = f" and {len(places) - SHOWN_PLACES} more" if len(places) > SHOWN_PLACES else ""
    return f"{', '.join(places[:SHOWN_PLACES])}{more}"


def _held_out_line(content: Path, wording: Wording, known: frozenset[str]) -> str:
    said = [each.text for each in read_held_out(content) if each.language is Language.EN]
    words = [word for text in said for word in wording.words(text)]
    unknown = [word for word in words if word not in known]
    share = 100 * len(unknown) / max(1, len(words))
    return (
        f"Of held-out requests, which are never learned, it lacks {len(set(unknown))} words: {share:.1f} % of all said."
    )
