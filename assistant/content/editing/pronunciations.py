"""How words are said, edited: pronunciations.<language>.yml."""

import re
from collections.abc import Iterable, Sequence

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.yaml_text import Plain, yaml_text
from assistant.content.pronunciations import CMU_PHONES, file_of, known_phones
from assistant.core.errors import EditRefused
from assistant.core.languages import Language

MOST_WAYS = 10
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


def write_pronunciation(
    files: ContentFiles,
    word: str,
    ways: Iterable[str],
    language: Language = Language.EN,
    phones: Sequence[str] = CMU_PHONES,
) -> None:
    """Say how a word is said, each way in phones of the language's network; without a way the dictionaries say it.

    It goes where the word stands already, else into the common file.

    Raises:
        EditRefused: it is no word as the recogniser writes it, there are too many ways, or a phone is none.
    """
    if not _WORD.fullmatch(word) or word != word.lower():
        raise EditRefused(f"“{word}” is no word in small letters")
    wanted = list(dict.fromkeys(way for way in map(" ".join, map(str.split, ways)) if way))
    if len(wanted) > MOST_WAYS:
        raise EditRefused(f"{word} is said in {len(wanted)} ways: {MOST_WAYS} at most")
    for way in wanted:
        _check(word, way, phones)
    name = file_of(language)
    path = next((each for each in files.paths(name) if _ways(files, each, word) is not None), f"common/{name}")
    text = yaml_text(files.read(path) if files.exists(path) else "pronunciations: {}\n", path)
    if wanted:
        files.change(path, text.set([*wanted], "pronunciations", word).text)
    elif _ways(files, path, word) is not None:
        files.change(path, text.remove("pronunciations", word).text)


def _ways(files: ContentFiles, path: str, word: str) -> Plain:
    return yaml_text(files.read(path), path).get("pronunciations", word) if files.exists(path) else None


def _check(word: str, way: str, phones: Sequence[str]) -> None:
    try:
        known_phones(way, phones)
    except ValueError as error:
        raise EditRefused(f"{word}: {error}") from None
