"""Decoding graph: lexicon and language model, as Kaldi's finite-state transducers that Vosk composes while it decodes.

Two files, so that a recogniser may swap the second for a few phrases: `HCLr.fst`, from transitions of the network to
words, and `Gr.fst`, the language model.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import kaldifst

from assistant.speech_model.language_model import BEGIN, END, LanguageModel
from assistant.speech_model.lexicon import Lexicon
from assistant.speech_model.look_ahead import reach_of, write_look_ahead
from assistant.speech_model.phones import ENGLISH, NOISE, SILENCE_NUMBER, PhoneSet, entering, staying

EMPTY, UNKNOWN, BACK_OFF = "<eps>", "[unk]", "#0"
HALF = -math.log(0.5)
"""Cost of a silence after a word, or of none, and of each transition."""


@dataclass(frozen=True)
class _Said:
    """One way to say a word; `mark` tells it from others that sound the same or go on longer."""

    word: str
    numbers: tuple[int, ...]
    mark: int


def write_graph(lexicon: Lexicon, model: LanguageModel, folder: Path, phones: PhoneSet = ENGLISH) -> None:
    """Write everything that Vosk expects in `graph/`; the folder must be there and empty."""
    words = {word: number for number, word in enumerate((UNKNOWN, *sorted(lexicon), BACK_OFF), start=1)}
    said = _marked(lexicon, phones)
    marks = range(phones.numbers.stop, phones.numbers.stop + 2 + max(each.mark for each in said))
    to_words = _from_transitions_to_words(said, marks, words)
    reach = reach_of(to_words)
    write_look_ahead(to_words, reach, folder / "HCLr.fst")
    numbers = {word: reach.numbers[number] for word, number in words.items()}
    _write_language_model(model, numbers, folder / "Gr.fst")
    free = 1 + max(*numbers.values(), reach.end_number)
    _write_table(folder / "words.txt", {EMPTY: 0, **numbers, BEGIN: free, END: free + 1})
    (folder / "disambig_tid.int").write_text("".join(f"{_input_of(mark, marks)}\n" for mark in marks))
    (folder / "phones").mkdir()
    boundaries = "".join(f"{number} {place}\n" for number, place in phones.word_boundaries())
    (folder / "phones" / "word_boundary.int").write_text(boundaries)


def _marked(lexicon: Lexicon, phones: PhoneSet) -> list[_Said]:
    ways = [(UNKNOWN, phones.numbers_of((NOISE,)))]
    ways += [(word, phones.numbers_of(way)) for word in sorted(lexicon) for way in lexicon[word]]
    same = Counter(numbers for _, numbers in ways)
    beginnings = {numbers[:length] for numbers in same for length in range(1, len(numbers))}
    used: Counter[tuple[int, ...]] = Counter()
    said = []
    for word, numbers in ways:
        is_ambiguous = same[numbers] > 1 or numbers in beginnings
        used[numbers] += is_ambiguous
        said.append(_Said(word, numbers, used[numbers] if is_ambiguous else 0))
    return said


def _from_transitions_to_words(said: list[_Said], marks: range, words: Mapping[str, int]) -> kaldifst.StdVectorFst:
    lexicon = _compiled(_lexicon_lines(said, marks, words))
    kaldifst.determinize_star(lexicon)
    kaldifst.arcsort(lexicon, "ilabel")
    transitions = _compiled(_transition_lines(marks))
    kaldifst.arcsort(transitions, "olabel")
    return kaldifst.compose(transitions, lexicon)


def _lexicon_lines(said: list[_Said], marks: range, words: Mapping[str, int]) -> Iterator[str]:
    """From phones to words. State 0 begins, 1 is between words, 2 goes to a silence, 3 ends it."""
    yield f"0 1 0 0 {HALF:.5f}"
    yield f"0 2 0 0 {HALF:.5f}"
    yield f"2 3 {SILENCE_NUMBER} 0"
    yield f"3 1 {marks[-1]} 0"
    fresh = 4
    for each in said:
        inputs = (*each.numbers, marks[each.mark]) if each.mark else each.numbers
        state, word = 1, words[each.word]
        for number in inputs[:-1]:
            yield f"{state} {fresh} {number} {word}"
            state, word, fresh = fresh, 0, fresh + 1
        yield f"{state} 1 {inputs[-1]} {word} {HALF:.5f}"
        yield f"{state} 2 {inputs[-1]} {word} {HALF:.5f}"
    yield f"1 1 {marks[0]} {words[BACK_OFF]}"
    yield "1 0"


def _transition_lines(marks: range) -> Iterator[str]:
    """From transitions to phones: a state is the last phone, so staying in it is a loop of its state."""
    for last in range(marks.start):
        for phone in range(1, marks.start):
            yield f"{last} {phone} {entering(phone)} {phone} {HALF:.5f}"
        if last:
            yield f"{last} {last} {staying(last)} 0 {HALF:.5f}"
        for mark in marks:
            yield f"{last} {last} {_input_of(mark, marks)} {mark}"
        yield f"{last} 0"


def _input_of(mark: int, marks: range) -> int:
    """A mark as an input: after the last transition. Vosk takes these out again."""
    return entering(marks.start - 1) + 1 + mark - marks.start


def _write_language_model(model: LanguageModel, numbers: Mapping[str, int], file: Path) -> None:
    acceptor = _compiled(_language_model_lines(model, numbers))
    kaldifst.arcsort(acceptor, "ilabel")
    kaldifst.StdConstFst(acceptor).write(str(file))


def _language_model_lines(model: LanguageModel, numbers: Mapping[str, int]) -> Iterator[str]:
    states: dict[tuple[str, ...], int] = {}
    for step in model.steps():
        state = states.setdefault(step.history, len(states))
        cost = -math.log(step.probability)
        if step.following is None:
            yield f"{state} {cost:.5f}"
            continue
        following = states.setdefault(step.following, len(states))
        heard, said = (numbers[BACK_OFF], 0) if step.word is None else (numbers[step.word],) * 2
        yield f"{state} {following} {heard} {said} {cost:.5f}"


def _compiled(lines: Iterator[str]) -> kaldifst.StdVectorFst:
    return kaldifst.compile("\n".join(lines) + "\n")


def _write_table(file: Path, numbers: Mapping[str, int]) -> None:
    by_number = sorted((number, word) for word, number in numbers.items())
    file.write_text("".join(f"{word} {number}\n" for number, word in by_number), encoding="utf-8")
