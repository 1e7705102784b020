"""A text the way a recogniser writes it, so that typed and spoken requests are the same to the classifier."""

import functools
import itertools
import re
import zlib
from collections.abc import Iterator, Sequence

BUCKETS = 1 << 15
"""Pieces share this many rows by their hash."""
PIECE_LENGTHS = (3, 4, 5)

HESITATIONS = frozenset(
    ["uh", "um", "er", "erm", "hmm", "mm", "ee", "eee", "ää", "mmm", "noh", "ну", "э", "ээ", "эээ", "эм", "мм", "ммм"]
)
"""What one says while one thinks, in all languages: it is no word of a request."""

_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")


def words_of(text: str) -> list[str]:
    """The words in lower case, without punctuation and hesitation; every digit is a `0`, whichever it is."""
    return [word for word in _WORD.findall(_DIGIT.sub("0", text.lower())) if word not in HESITATIONS]


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


@functools.lru_cache(maxsize=1 << 13)
def buckets_of(word: str) -> tuple[int, ...]:
    """The rows of a word's pieces; most words of a request were in one before."""
    return tuple(bucket(piece) for piece in pieces_of(word))


def pairs_of(words: Sequence[str]) -> Iterator[str]:
    """Each word with the next one."""
    for first, second in itertools.pairwise(words):
        yield f"{first} {second}"
