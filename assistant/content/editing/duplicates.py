"""Examples that say the same, or almost: found among ten thousand while an editor types."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Literal

from assistant.content.editing.examples import Example
from assistant.content.marks import without_marks
from assistant.content.normal_form import normal_form

Kind = Literal["same", "near"]

_PIECE = 3
_SHARED = 0.6
"""Share of three-letter pieces below which two texts are not compared letter by letter."""
_LETTERS_PER_MISTAKE = 10
_MOST_FOUND = 20


@dataclass(frozen=True)
class Similar:
    """An example like the text: the same but for case and punctuation, or near.

    Near is a slip of the pen (one letter, and another one for every ten) or the same words in another order.
    """

    example: Example
    kind: Kind


class ExampleIndex:
    """Examples by what they say."""

    def __init__(self, examples: Iterable[Example]) -> None:
        """Index the examples."""
        self._examples = tuple(examples)
        self._texts = [normal_form(without_marks(each.text)) for each in self._examples]
        self._pieces = [_pieces(text) for text in self._texts]
        self._by_text: dict[str, list[int]] = defaultdict(list)
        self._by_words: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._by_piece: dict[str, list[int]] = defaultdict(list)
        for at, text in enumerate(self._texts):
            self._by_text[text].append(at)
            self._by_words[_words(text)].append(at)
            for piece in self._pieces[at]:
                self._by_piece[piece].append(at)

    def similar(self, text: str) -> tuple[Similar, ...]:
        """The examples like a text, the same ones first; twenty at most."""
        wanted = normal_form(without_marks(text))
        if not wanted:
            return ()
        same = self._by_text.get(wanted, [])
        near = dict.fromkeys(self._by_words.get(_words(wanted), ()))
        near |= dict.fromkeys(self._close(wanted))
        found = [Similar(self._examples[at], "same") for at in same]
        found += [Similar(self._examples[at], "near") for at in near if self._texts[at] != wanted]
        return tuple(found[:_MOST_FOUND])

    def across_intents(self) -> Iterator[tuple[Similar, Similar]]:
        """Pairs of examples that are the same, or the same words in another order, under two intents."""
        for group in self._by_words.values():
            first = group[0]
            for at in group[1:]:
                if self._examples[at].intent != self._examples[first].intent:
                    kind: Kind = "same" if self._texts[at] == self._texts[first] else "near"
                    yield Similar(self._examples[first], kind), Similar(self._examples[at], kind)

    def _close(self, wanted: str) -> Iterator[int]:
        """By the letters: those that share enough pieces are compared."""
        pieces = _pieces(wanted)
        least = ceil(_SHARED * len(pieces))
        most = 1 + len(wanted) // _LETTERS_PER_MISTAKE
        # Whatever shares so many pieces has one of the rarest, leaving out only as many as it may lack.
        rarest = sorted(pieces, key=lambda piece: len(self._by_piece.get(piece, ())))[: len(pieces) - least + 1]
        for at in sorted({at for piece in rarest for at in self._by_piece.get(piece, ())}):
            text = self._texts[at]
            is_candidate = abs(len(text) - len(wanted)) <= most and len(pieces & self._pieces[at]) >= least
            if is_candidate and is_within(text, wanted, most):
                yield at


def is_within(one: str, other: str, most: int) -> bool:
    """Whether one text becomes the other by so many letters that are put in, left out or replaced."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row[0] = row[0], at
        for there, another in enumerate(other, 1):
            before, row[there] = row[there], min(before + (letter != another), row[there] + 1, row[there - 1] + 1)
        if min(row) > most:
            return False
    return row[-1] <= most


def _pieces(text: str) -> set[str]:
    padded = f" {text} "
    return {padded[at : at + _PIECE] for at in range(len(padded) - _PIECE + 1)}


def _words(text: str) -> tuple[str, ...]:
    return tuple(sorted(text.split()))
