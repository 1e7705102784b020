"""OpenFst's `olabel_lookahead` transducer, which no package of PyPI writes: which words each state can still reach.

Words are renumbered so that the words reachable from a state are few ranges of numbers. Composing with the language
model then follows only paths that the language model allows. The file's format is OpenFst's: fst/add-on.h,
fst/label-reachable.h, fst/interval-set.h.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import kaldifst

from assistant.core.errors import OperationFailed

Range = tuple[int, int]

_TYPE = b"olabel_lookahead"
_ADD_ON = 446681434
_PROPERTIES_OFFSET = 4 + 4 + len(b"const") + 4 + len(b"standard") + 4 + 4  # in the header of a constant transducer


class Reach(NamedTuple):
    """New numbers of words, the number that stands for "may end here", and per state the ranges it can reach."""

    numbers: Mapping[int, int]
    end_number: int
    ranges: tuple[tuple[Range, ...], ...]


class _State(NamedTuple):
    words: tuple[int, ...]
    silent: tuple[int, ...]
    is_final: bool


def reach_of(transducer: kaldifst.StdVectorFst) -> Reach:
    """What each state can reach before or with the next word.

    Raises:
        OperationFailed: a word could be said without ever being written.
    """
    states = [_state(transducer, number) for number in range(transducer.num_states)]
    order = list(_children_first(states))
    numbers: dict[int, int] = {}
    end_number = 0
    for state in reversed(order):
        for word in states[state].words:
            numbers.setdefault(word, len(numbers) + 1 + bool(end_number))
        if states[state].is_final and not end_number:
            end_number = len(numbers) + 1
    ranges: list[tuple[Range, ...]] = [()] * len(states)
    for state in order:
        own = [numbers[word] for word in states[state].words] + [end_number] * states[state].is_final
        inherited = (each for child in states[state].silent for each in ranges[child])
        ranges[state] = _merged([*((number, number + 1) for number in own), *inherited])
    return Reach(numbers, end_number, tuple(ranges))


def write_look_ahead(transducer: kaldifst.StdVectorFst, reach: Reach, file: Path) -> None:
    """Write the transducer with its words renumbered."""
    renumbered = _renumbered(transducer, reach.numbers)
    kaldifst.arcsort(renumbered, "olabel")
    kaldifst.StdConstFst(renumbered).write(str(file))
    constant = file.read_bytes()
    (properties,) = struct.unpack_from("<Q", constant, _PROPERTIES_OFFSET)
    header = struct.pack("<i", struct.unpack_from("<i", constant)[0]) + _text(_TYPE) + _text(b"standard")
    header += struct.pack("<iiQqqq", 1, 0, properties, -1, 0, 0)
    # One add-on, for the output side only: (reaches inputs, keeps old numbers) are both false.
    add_on = struct.pack("<i", _ADD_ON), b"\1" + b"\0\1" + b"\0\0" + struct.pack("<i", reach.end_number)
    file.write_bytes(b"".join((header, add_on[0], constant, add_on[1], _packed(reach.ranges))))


def _state(transducer: kaldifst.StdVectorFst, number: int) -> _State:
    arcs = list(kaldifst.ArcIterator(transducer, number))
    return _State(
        tuple(arc.olabel for arc in arcs if arc.olabel),
        tuple(dict.fromkeys(arc.nextstate for arc in arcs if not arc.olabel and arc.nextstate != number)),
        transducer.final(number).value != float("inf"),
    )


def _children_first(states: list[_State]) -> Iterator[int]:
    done: set[int] = set()
    followed = {child for state in states for child in state.silent}
    for root in (number for number in range(len(states)) if number not in followed):
        path = [(root, iter(states[root].silent))]
        above = {root}
        while path:
            state, children = path[-1]
            child = next((each for each in children if each not in done), None)
            if child is None:
                yield state
                done.add(state)
                above.discard(state)
                path.pop()
            elif child in above:
                break
            else:
                above.add(child)
                path.append((child, iter(states[child].silent)))
    if len(done) < len(states):
        raise OperationFailed("the lexicon has a word that is never written")


def _merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    merged: list[Range] = []
    for begin, end in sorted(ranges):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return tuple(merged)


def _renumbered(transducer: kaldifst.StdVectorFst, numbers: Mapping[int, int]) -> kaldifst.StdVectorFst:
    copy = kaldifst.StdVectorFst()
    for _ in range(transducer.num_states):
        copy.add_state()
    copy.start = transducer.start
    for state in range(transducer.num_states):
        copy.set_final(state, transducer.final(state))
        for arc in kaldifst.ArcIterator(transducer, state):
            word = numbers[arc.olabel] if arc.olabel else 0
            copy.add_arc(state, kaldifst.StdArc(arc.ilabel, word, arc.weight, arc.nextstate))
    return copy


def _packed(sets: tuple[tuple[Range, ...], ...]) -> bytes:
    packed = [struct.pack("<q", len(sets))]
    for ranges in sets:
        packed.append(struct.pack("<q", len(ranges)))
        packed += [struct.pack("<ii", *each) for each in ranges]
        packed.append(struct.pack("<i", sum(end - begin for begin, end in ranges)))
    return b"".join(packed)


def _text(value: bytes) -> bytes:
    return struct.pack("<i", len(value)) + value
