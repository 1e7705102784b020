"""Several items in one answer: "the first and the third", `esimene ja kolmas`."""

from collections.abc import Iterator, Sequence

from actions.dialogue.consenting import cut
from actions.dialogue.heard import Heard
from actions.dialogue.words import DIALOGUE_WORDS
from actions.values.choosing import Choice, Chosen, choose

_BETWEEN = frozenset({",", ";"})


def listed(heard: Heard, offered: Sequence[Choice]) -> tuple[str, ...]:
    """The items of a list, in the order said; none, unless each part of it is one and nothing else."""
    found = [choose(part, offered, heard.language) for part in parts_of(heard)]
    keys = [each.key for each in found if isinstance(each, Chosen) and each.is_whole]
    return tuple(dict.fromkeys(keys)) if len(keys) == len(found) else ()


def parts_of(heard: Heard) -> list[str]:
    """The words between the commas and the "and"s."""
    return list(_parts(heard))


def _parts(heard: Heard) -> Iterator[str]:
    said, first = cut(heard.text, heard.language), 0
    ends = _BETWEEN | DIALOGUE_WORDS[heard.language].ands
    for at in range(len(said) + 1):
        if at < len(said) and said.words[at] not in ends:
            continue
        if at > first:
            yield heard.text[said.tokens[first].start : said.tokens[at - 1].end]
        first = at + 1
