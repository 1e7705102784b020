"""What was typed or said, cut into words."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, Self, TypeVar

from actions.values.words.folding import fold
from actions.values.words.tables import Words

T = TypeVar("T")

Step = tuple[T, int]
"""What was read, and the index of the token after it."""

_TOKEN = re.compile(r"[0-9]+|[^\W\d_](?:[^\W\d_]|[\u0300-\u036f]|['’](?=[^\W\d_]))*|\S")
_MOST_TOKENS = 1000  # nobody says more in an answer; what is pasted beyond it is not read


class Token(NamedTuple):
    """A run of digits or letters, or one other character."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Utterance:
    """The tokens of a text, and their folded forms."""

    text: str
    table: Words
    tokens: tuple[Token, ...]
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str, table: Words, *, dropped: frozenset[str] = frozenset()) -> Self:
        """The text without the `dropped` words: hesitations, where they are not letters."""
        found = (Token(match.group(), *match.span()) for match in islice(_TOKEN.finditer(text), _MOST_TOKENS))
        kept = [(token, word) for token in found if (word := fold(token.text)) not in dropped]
        return cls(text, table, tuple(token for token, _ in kept), tuple(word for _, word in kept))

    def __len__(self) -> int:
        return len(self.words)

    def word(self, at: int) -> str:
        """The folded word there, empty outside the text."""
        return self.words[at] if 0 <= at < len(self.words) else ""

    def is_digits(self, at: int) -> bool:
        """Whether digits stand there."""
        word = self.word(at)
        return word.isascii() and word.isdigit()

    def is_joined(self, at: int) -> bool:
        """Whether nothing stands between this token and the one before."""
        return 0 < at < len(self.tokens) and self.tokens[at - 1].end == self.tokens[at].start

    def skip(self, words: frozenset[str], at: int, *, most: int = 3) -> int:
        """The index after those of the `words` that stand there."""
        end = at
        while end - at < most and self.word(end) in words:
            end += 1
        return end

    def index_at(self, offset: int, at: int) -> int:
        """The index of the first token from `at` on that begins at the offset or later."""
        while at < len(self.tokens) and self.tokens[at].start < offset:
            at += 1
        return at

    def each(self, read: "Callable[[Utterance, int], Step[T] | None]") -> Iterator[tuple[T, int, int]]:
        """All that is read from left to right, without overlap: the value, its first token and the one after it."""
        at = 0
        while at < len(self.words):
            if step := read(self, at):
                value, end = step
                yield value, at, end
                at = max(end, at + 1)
            else:
                at += 1
