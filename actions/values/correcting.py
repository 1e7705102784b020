"""Tells a correction ("no, I meant the other one") from an answer."""

from actions.values.candidates import is_filler
from actions.values.utterance import Utterance
from actions.values.words import WORDS
from assistant.core.languages import Language

_LONGEST = 500  # characters


def is_correction(text: str, language: Language) -> bool:
    """Whether the text takes back something said before and says something in its place.

    A bare "no" answers a question, and so does "no, I don't have a car".
    """
    said = _cut(text, language)
    table = said.table
    if not _has_content(said):
        return False
    if any(table.take_backs.read(said.words, at) for at in range(len(said))):
        return True
    first = next(
        (at for at in range(len(said)) if said.words[at] in table.denials | table.nots or not is_filler(said, at)), 0
    )
    return _is_denied(said, first)


def takes_back(text: str, language: Language) -> bool:
    """Whether something said before is taken back, or is about to be: "wait", "i meant"."""
    said = _cut(text, language)
    return any(said.table.take_backs.read(said.words, at) for at in range(len(said)))


def behind_answer(text: str, language: Language) -> str:
    """What is said behind the last yes or no; all of it, if there is none."""
    said = _cut(text, language)
    ends = [end for answer, _, end in said.each(lambda _, at: said.table.answers.read(said.words, at)) if answer]
    return text[said.tokens[ends[-1] - 1].end :] if ends else text


def count_noes(text: str, language: Language) -> int:
    """How often a no is said."""
    said = _cut(text, language)
    answers = said.each(lambda _, at: said.table.answers.read(said.words, at))
    return sum(answer == "no" for answer, _, _ in answers)


def is_undecided(text: str, language: Language) -> bool:
    """Whether the words only look like an answer ("no idea", "i don't know yet"), or ask something themselves."""
    said = _cut(text, language)
    at, begins = 0, True
    while at < len(said):
        if step := said.table.answers.read(said.words, at):
            if not step[0]:
                return True
            at, begins = step[1], True
        elif begins and said.words[at] in said.table.questions:
            return True
        else:
            step_back = said.table.take_backs.read(said.words, at)
            begins = not said.words[at][0].isalnum() or step_back is not None
            at = step_back[1] if step_back else at + 1
    return False


def _cut(text: str, language: Language) -> Utterance:
    table = WORDS[language]
    return Utterance.of(text[:_LONGEST], table, dropped=table.hesitations)


def _is_denied(said: Utterance, at: int) -> bool:
    """Whether a no stands there that takes back, as in "no friday" or "not friday but saturday"."""
    table = said.table
    if said.words[at] in table.nots:
        return _answer_end(said, at) in {None, at + 1}
    if said.words[at] not in table.denials or said.word(at + 1) in table.after_plain_no:
        return False
    following = said.skip(table.fillers | {","}, at + 1)
    return not any(said.word(index) in _negations(said) for index in range(at + 1, following + 1))


def _negations(said: Utterance) -> frozenset[str]:
    return said.table.nots | said.table.denials | {"don't", "didn't", "doesn't", "haven't", "hasn't", "can't", "won't"}


def _answer_end(said: Utterance, at: int) -> int | None:
    step = said.table.answers.read(said.words, at)
    return step[1] if step else None


def _has_content(said: Utterance) -> bool:
    """Whether anything but fillers, yes and no is said."""
    at = 0
    while at < len(said):
        if end := _answer_end(said, at):
            at = end
        elif is_filler(said, at):
            at += 1
        else:
            return True
    return False
