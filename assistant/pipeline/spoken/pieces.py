"""A reply in pieces that a voice speaks one after the other: the first is heard while the others are made."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.core.languages import Language
from assistant.core.speech_markup import Run, runs_of
from assistant.pipeline.spoken.cardinals import digit_words
from assistant.pipeline.spoken_form import GRAMMARS, spoken_form

SENTENCE_PAUSE_SECONDS = 0.3
"""What espeak-ng leaves between two sentences of one text."""
_CLAUSE_PAUSE_SECONDS = 0.15
_LONGEST = 160
"""Characters; a longer sentence is cut at its marks, else its first sound would wait for all of it."""

# Not after an initial: A. H. Tammsaare.
_SENTENCE_END = re.compile(r"(?<=[.!?…])(?<!\b\w\.)\s+")
_CLAUSE_END = re.compile(r"(?<=[,;:–—])\s+")


@dataclass(frozen=True)
class Piece:
    """Words for a voice, after so many seconds of silence."""

    text: str
    language: Language
    pause_seconds: float = 0.0
    is_stressed: bool = False


def pieces_of(text: str, language: Language) -> Iterator[Piece]:
    """A text with its markup as pieces; none if there is no word in it."""
    is_first = True
    for run in _joined(runs_of(text), language):
        pause = run.pause_seconds
        for sentence in filter(_has_word, _SENTENCE_END.split(run.text.strip())):
            for clause in filter(_has_word, _clauses(sentence)):
                yield Piece(clause, run.language or language, 0.0 if is_first else pause, run.is_stressed)
                pause, is_first = _CLAUSE_PAUSE_SECONDS, False
            pause = SENTENCE_PAUSE_SECONDS


def whole_sentences(text: str) -> tuple[list[str], str]:
    """The sentences of a text that is still being written, and what may become one."""
    *sentences, rest = _SENTENCE_END.split(text)
    return sentences, rest


def _joined(runs: Iterator[Run], language: Language) -> Iterator[Run]:
    """The runs in words; those next to each other that sound alike are one."""
    last: Run | None = None
    for run in runs:
        words = Run(_words(run, run.language or language), None, run.is_stressed, run.language, run.pause_seconds)
        if last and not run.pause_seconds and _manner(last) == _manner(words):
            last = Run(last.text + words.text, None, last.is_stressed, last.language, last.pause_seconds)
            continue
        if last:
            yield last
        last = words
    if last:
        yield last


def _manner(run: Run) -> tuple[bool, Language | None]:
    return run.is_stressed, run.language


def _words(run: Run, language: Language) -> str:
    if run.say_as in {"digits", "characters"}:
        spelled = [digit_words(char, language) if char.isdecimal() else char for char in run.text if char.isalnum()]
        return f" {' '.join(spelled)} "
    if run.say_as == "ordinal" and run.text.strip().isdecimal():
        return spoken_form(GRAMMARS[language].written_ordinal.format(run.text.strip()), language)
    return spoken_form(run.text, language)


def _clauses(sentence: str) -> Iterator[str]:
    """The sentence, cut so that no part is much longer than allowed."""
    part = ""
    for clause in _CLAUSE_END.split(sentence) if len(sentence) > _LONGEST else [sentence]:
        if part and len(part) + len(clause) > _LONGEST:
            yield part
            part = ""
        part = f"{part} {clause}".strip()
    yield part


def _has_word(text: str) -> bool:
    return any(char.isalnum() for char in text)
