"""What may be the value, and which of it is: a citizen changes their mind within a sentence."""

from collections.abc import Iterable
from dataclasses import dataclass

from actions.values.found import Found, Unfit
from actions.values.utterance import Utterance

_NOT_REACH = 3
"""How far before a value its `not` may stand: *not on the* fifth."""


@dataclass(frozen=True)
class Candidate:
    """A value that was read from the tokens `first` to before `end`.

    `needs_whole`: it looks like an ordinary word or number, so it counts only where nothing else is said.
    """

    value: str | Unfit
    first: int
    end: int
    needs_whole: bool = False


def decide(said: Utterance, candidates: Iterable[Candidate]) -> Found | Unfit | None:
    """The one that is meant."""
    found = list(candidates)
    if not found:
        return None
    is_whole = is_filler_only(said, found)
    meant = [each for each in found if is_whole or not each.needs_whole]
    meant = [each for each in meant if not _is_negated(said, each)]
    if not meant:
        return None
    if len({each.value for each in meant}) > 1 and not _is_repaired(said, meant):
        return Unfit("ambiguous")
    chosen = meant[-1]
    if isinstance(chosen.value, Unfit):
        return chosen.value
    return Found(chosen.value, said.tokens[chosen.first].start, said.tokens[chosen.end - 1].end, is_whole)


def is_filler_only(said: Utterance, taken: Iterable[Candidate]) -> bool:
    """Whether nothing but fillers and words of correction stands outside the candidates."""
    covered = {index for each in taken for index in range(each.first, each.end)}
    return all(index in covered or is_filler(said, index) for index in range(len(said)))


def is_filler(said: Utterance, at: int) -> bool:
    """Whether the word says nothing by itself; punctuation does not either."""
    word, table = said.words[at].removesuffix("'s"), said.table
    if not word[:1].isalnum():
        return True
    return (
        word in table.fillers
        or word in table.hesitations
        or word in table.denials
        or word in table.nots
        or word in table.buts
        or _is_in_take_back(said, at)
    )


def _is_in_take_back(said: Utterance, at: int) -> bool:
    starts = (said.table.take_backs.read(said.words, first) for first in range(max(0, at - 4), at + 1))
    return any(step is not None and step[1] > at for step in starts)


def _is_negated(said: Utterance, candidate: Candidate) -> bool:
    for at in range(candidate.first - 1, max(-1, candidate.first - 1 - _NOT_REACH), -1):
        if said.words[at] in said.table.nots:
            return True
        if not is_filler(said, at):
            return False
    return False


def _is_repaired(said: Utterance, meant: list[Candidate]) -> bool:
    between = range(meant[-2].end, meant[-1].first)
    return any(said.words[at] in said.table.denials or said.table.take_backs.read(said.words, at) for at in between)
