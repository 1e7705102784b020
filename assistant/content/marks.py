"""Words of an example that are marked as a value of an input, in Rasa's spelling.

`[id card](document_type:id_card)`, `[id card]{"entity": "document_type", "value": "id_card"}`, or `[2026](year)` where
the words are the value themselves.
"""

import json
import re
from collections.abc import Set
from dataclasses import dataclass, replace

from assistant.core.errors import EditRefused

_MARK = re.compile(r"\[(?P<words>[^\[\]]+)\](?:\((?P<slot>[^():\s]+)(?::(?P<value>[^()]*))?\)|(?P<named>\{[^{}]*\}))")

_PLAIN_BRACKETS = re.compile(r"\[[^\[\]]*\](?![({])")
"""`[name]`, as in a request that was masked."""


@dataclass(frozen=True)
class Mark:
    """Words that say a value of a slot; `start` and `end` count characters of the example without marks."""

    words: str
    slot: str
    value: str
    start: int
    end: int


def read_marks(example: str) -> tuple[str, tuple[Mark, ...]]:
    """The example without marks, and its marks; brackets that are no mark stay."""
    plain, marks, last = "", [], 0
    for match in _MARK.finditer(example):
        slot, value = _named(match)
        if slot is None:
            continue
        plain += example[last : match.start()]
        words = match["words"]
        marks.append(Mark(words, slot, words if value is None else value, len(plain), len(plain) + len(words)))
        plain += words
        last = match.end()
    return plain + example[last:], tuple(marks)


def pieces(example: str) -> tuple[tuple[str, Mark | None], ...]:
    """The example piece by piece, as it is said; with the mark that a piece is in."""
    plain, marks = read_marks(example)
    found: list[tuple[str, Mark | None]] = []
    last = 0
    for each in marks:
        found += [(plain[last : each.start], None), (each.words, each)]
        last = each.end
    return tuple((words, mark) for words, mark in (*found, (plain[last:], None)) if words)


def without_marks(example: str) -> str:
    """The example as a citizen says it."""
    return read_marks(example)[0]


def check_marks(example: str) -> None:
    """See that every mark in an example is one.

    Raises:
        EditRefused: brackets are left that look like a mark, or have no second one.
    """
    if set("[]") & set(_PLAIN_BRACKETS.sub("", without_marks(example))):
        raise EditRefused(
            f"“{example}” has brackets that are no mark; a mark is [words](input) or [words](input:value)"
        )


def mark(example: str, start: int, end: int, slot: str, value: str = "") -> str:
    """The example with further words marked; without a value the words are the value.

    Raises:
        EditRefused: there are no words in that place, or they are marked already.
    """
    plain, marks = read_marks(example)
    words = plain[start:end]
    if not 0 <= start < end <= len(plain) or words != words.strip() or set("[]") & set(words):
        raise EditRefused("mark whole words of the example")
    if any(start < each.end and each.start < end for each in marks):
        raise EditRefused(f"“{words}” is marked already")
    new = Mark(words, slot, value or words, start, end)
    return _written(plain, sorted((*marks, new), key=lambda each: each.start))


def unmark(example: str, start: int) -> str:
    """The example without the mark that begins there."""
    plain, marks = read_marks(example)
    return _written(plain, [each for each in marks if each.start != start])


def with_value(example: str, slots: Set[str], value: str, new: str) -> str:
    """The example with another value where words are marked as a value of one of the slots; else as it is."""
    plain, marks = read_marks(example)
    changed = [replace(each, value=new) if each.slot in slots and each.value == value else each for each in marks]
    return _written(plain, changed) if changed != list(marks) else example


def _written(plain: str, marks: list[Mark]) -> str:
    for each in reversed(marks):
        named = {"entity": each.slot, "value": each.value}
        told = f"({each.slot})" if each.value == each.words else json.dumps(named, ensure_ascii=False)
        plain = f"{plain[: each.start]}[{each.words}]{told}{plain[each.end :]}"
    return plain


def _named(match: re.Match[str]) -> tuple[str | None, str | None]:
    if match["slot"]:
        return match["slot"], match["value"]
    try:
        named = json.loads(match["named"])
    except ValueError:
        return None, None
    slot, value = named.get("entity"), named.get("value")
    return (slot, value) if isinstance(slot, str) and isinstance(value, str | None) else (None, None)
