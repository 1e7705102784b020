"""Several items in one answer: "the first and the third", `esimene ja kolmas`."""

from collections.abc import Iterator, Sequence

from actions.dialogue.consenting import cut
from actions.dialogue.heard import Heard
from actions.dialogue.words import DIALOGUE_WORDS
from actions.values.choosing import Choice, Chosen, choose

_FEWEST = 2
_BETWEEN = frozenset({",", ";"})


def listed(heard: Heard, offered: Sequence[Choice]) -> tuple[str, ...]:
    """The items of a list, in the order said; none, unless each part of it is one and nothing else."""
    found = [choose(part.text, offered, heard.language) for part in parts_of(heard)]
    keys = [each.key for each in found if isinstance(each, Chosen) and each.is_whole]
    return tuple(dict.fromkeys(keys)) if len(keys) == len(found) else ()


def first_part(heard: Heard) -> tuple[Heard, Heard] | None:
    """The words before the first "and" or comma, and those behind it; None if there is none."""
    parts = list(parts_of(heard))
    if len(parts) < _FEWEST:
        return None
    return parts[0], heard.part(heard.text.index(parts[1].text, len(parts[0].text)), len(heard.text))


def parts_of(heard: Heard) -> Iterator[Heard]:
    """The words between the commas and the "and"s."""
    said, first = cut(heard.text, heard.language), 0
    ends = _BETWEEN | DIALOGUE_WORDS[heard.language].ands
    for at in range(len(said) + 1):
        if at < len(said) and said.words[at] not in ends:
            continue
        if at > first:
            yield heard.part(said.tokens[first].start, said.tokens[at - 1].end)
        first = at + 1
