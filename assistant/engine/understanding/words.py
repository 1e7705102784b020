"""A text the way a recogniser writes it, so that typed and spoken requests are the same to the classifier."""

import re
import zlib
from collections.abc import Iterator, Sequence

BUCKETS = 1 << 15
"""Pieces share this many rows by their hash."""
PIECE_LENGTHS = (3, 4, 5)

_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")


def words_of(text: str) -> list[str]:
    """The words in lower case, without punctuation; every digit is a `0`, since which one says nothing of the intent."""
    return _WORD.findall(_DIGIT.sub("0", text.lower()))


def spans_of(text: str) -> list[tuple[int, int]]:
    """Where each word of `words_of` stands in the text."""
    return [match.span() for match in _WORD.finditer(text)]


def bucket(piece: str) -> int:
    """The row of a piece of text; the same in every process."""
    return zlib.crc32(piece.encode()) % BUCKETS


def pieces_of(word: str) -> Iterator[str]:
    """The word itself, and its runs of three to five characters with marks at both ends."""
    yield f"word {word}"
    marked = f"<{word}>"
    for length in PIECE_LENGTHS:
        for start in range(len(marked) - length + 1):
            yield marked[start : start + length]


def pairs_of(words: Sequence[str]) -> Iterator[str]:
    """Each word with the next one."""
    for first, second in zip(words, words[1:]):
        yield f"{first} {second}"
