"""How words are said, edited: pronunciations.en.yml."""

import re
from collections.abc import Iterable

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.yaml_text import Plain, yaml_text
from assistant.content.pronunciations import FILE, known_phones
from assistant.core.errors import EditRefused

MOST_WAYS = 10
_COMMON = f"common/{FILE}"
_WORD = re.compile(r"[a-zõäöüšž]+(?:['-][a-zõäöüšž]+)*")


def write_pronunciation(files: ContentFiles, word: str, ways: Iterable[str]) -> None:
    """Say how a word is said, each way in phones of CMU's dictionary; without a way the dictionaries say it again.

    It goes where the word stands already, else into the common file.

    Raises:
        EditRefused: it is no word as the recogniser writes it, there are too many ways, or a phone is none.
    """
    if not _WORD.fullmatch(word):
        raise EditRefused(f"“{word}” is no word in small letters")
    wanted = list(dict.fromkeys(way for way in (" ".join(each.upper().split()) for each in ways) if way))
    if len(wanted) > MOST_WAYS:
        raise EditRefused(f"{word} is said in {len(wanted)} ways: {MOST_WAYS} at most")
    for way in wanted:
        _check(word, way)
    path = next((each for each in files.paths(FILE) if _ways(files, each, word) is not None), _COMMON)
    text = yaml_text(files.read(path) if files.exists(path) else "pronunciations: {}\n", path)
    if wanted:
        files.change(path, text.set([*wanted], "pronunciations", word).text)
    elif _ways(files, path, word) is not None:
        files.change(path, text.remove("pronunciations", word).text)


def _ways(files: ContentFiles, path: str, word: str) -> Plain:
    return yaml_text(files.read(path), path).get("pronunciations", word) if files.exists(path) else None


def _check(word: str, way: str) -> None:
    try:
        known_phones(way)
    except ValueError as error:
        raise EditRefused(f"{word}: {error}") from None
