"""The form in which words are compared."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """Lower case without diacritics: `Märts` and `marts` are one word, so are `й` and `и`."""
    lower = word.lower()
    if lower.isascii():
        return lower
    parts = unicodedata.normalize("NFD", lower.replace("’", "'"))
    return "".join(part for part in parts if not unicodedata.combining(part)) or lower


def folded(words: str | Iterable[str]) -> frozenset[str]:
    """The words, folded; a string holds them separated by spaces."""
    return frozenset(fold(word) for word in (words.split() if isinstance(words, str) else words))
