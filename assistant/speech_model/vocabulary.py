"""Which words of the content a speech model does not have: it hears none of them, whoever says them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.content.pronunciations import SpokenWord, file_of
from assistant.core.errors import SettingsError
from assistant.speech_model.ingredients import Ingredients
from assistant.speech_model.sentences import Sentence

GRAPH = "graph"
WORDS = "words.txt"
FINGERPRINT = "ingredients.sha256"
"""In the graph's folder: the fingerprint of what it was made from."""


def known_words(folder: Path) -> frozenset[str]:
    """The words that a model in `folder` can hear.

    Raises:
        SettingsError: it has no list of them.
    """
    try:
        lines = (folder / GRAPH / WORDS).read_text(encoding="utf-8").splitlines()
    except OSError:
        raise SettingsError(
            f"{folder / GRAPH / WORDS} is missing: it is not known which words this model has"
        ) from None
    return frozenset(line.split()[0] for line in lines if line)


def is_built_from(ingredients: Ingredients, folder: Path) -> bool:
    """Whether the model in `folder` was built from these very ingredients."""
    file = folder / GRAPH / FINGERPRINT
    return file.is_file() and file.read_text(encoding="utf-8").strip() == ingredients.fingerprint


def missing_words(sentences: Iterable[Sentence], known: frozenset[str]) -> list[str]:
    """The words of the sentences that are not known, in the order of the alphabet."""
    return sorted({word for sentence in sentences for word in sentence.words} - known)


def spoken_words(words: Sequence[str], ingredients: Ingredients, content: Path) -> tuple[SpokenWord, ...]:
    """Words as the model would say them, with the places in the content that have them.

    Raises:
        OperationFailed: a word has no pronunciation.
    """
    if not words:
        return ()
    ways, sources = ingredients.lexicon(words), ingredients.sources(words)
    places = _places(frozenset(words), content, ingredients)
    return tuple(SpokenWord(word, places.get(word, ()), ways[word], sources[word]) for word in words)


def _places(words: frozenset[str], content: Path, ingredients: Ingredients) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    language, wording = ingredients.language, ingredients.wording
    names = (f"nlu.{language}.yml", f"responses.{language}.yml", "service.yml", "terms.yml", file_of(language))
    for path in sorted(path for name in names for path in content.rglob(name)):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for word in words.intersection(wording.words(line)):
                found[word] = (*found.get(word, ()), f"{path.relative_to(content)}:{number}")
    return found
