"""Words that point at the answers there are without naming one: both, neither, the cheaper one."""

from collections.abc import Sequence
from dataclasses import dataclass

from actions.dialogue.consenting import cut
from actions.dialogue.denying import is_denied
from actions.dialogue.heard import MOST_REQUESTS, Heard
from actions.dialogue.words import DIALOGUE_WORDS
from actions.dialogue.words.tables import DialogueWords
from actions.values.candidates import is_filler
from actions.values.finding import names_month
from actions.values.numbers import read_number
from actions.values.saying import parse_money
from actions.values.utterance import Utterance
from actions.values.words.tables import Phrases
from assistant.core.languages import Language

_THAN_REACH = 4
"""How many words may be compared with: *than the other one*."""


@dataclass(frozen=True)
class Left:
    """All but some: what is left to choose from, in words, and the fixed values that are `out`."""

    answers: tuple[str, ...]
    out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Several:
    """More than one at once, in the order in which they are taken."""

    values: tuple[str, ...]


def means_all(heard: Heard, count: int) -> bool:
    """Whether both, or all, of so many answers are meant and nothing else is said."""
    words = DIALOGUE_WORDS[heard.language]
    is_both = count == 2 and _is_only(heard, words.both)
    return is_both or (1 < count <= MOST_REQUESTS and _is_only(heard, words.all_of_them))


def means_none(heard: Heard) -> bool:
    """Whether none of the answers is meant and nothing else is said."""
    return _is_only(heard, DIALOGUE_WORDS[heard.language].none_of_them)


def is_listing(heard: Heard) -> bool:
    """Whether what is named belongs together: the passport *and* the ID card."""
    return any(word in DIALOGUE_WORDS[heard.language].ands for word in cut(heard.text, heard.language).words)


def by_amount(heard: Heard, amounts: Sequence[str | None]) -> int | None:
    """Which of them is the cheaper or the dearer one; None unless the register tells the amounts of all."""
    wanted = _amounts_meant(cut(heard.text, heard.language), DIALOGUE_WORDS[heard.language])
    if len(wanted) != 1 or len(amounts) < 2 or None in amounts:  # one alone is not the cheaper one
        return None
    known = [parse_money(amount) for amount in amounts]
    amount = min(known) if True in wanted else max(known)
    return known.index(amount) if known.count(amount) == 1 else None


def _amounts_meant(said: Utterance, words: DialogueWords) -> frozenset[bool]:
    """Whether a smaller amount is meant (True) or a larger one: both, if the words point at both; none, if at none."""
    places = list(said.each(lambda each, at: words.cheaper.read(each.words, at)))
    behind = range(places[-1][2] if places else 0, len(said))
    # "The cheaper one is not for me", "so neither": whatever else that says, it is no choice.
    if any(words.denials.read(said.words, at) or said.words[at] in said.table.denials for at in behind):
        return frozenset()
    if any(words.none_of_them.read(said.words, at) for at in range(len(said))):
        return frozenset()
    named = {index: False for _, first, end in places for index in range(first, end)}
    return frozenset(
        is_smaller
        for is_smaller, first, end in places
        if not is_denied(said, words, first, named) and not _is_compared(said, words, end)
    )


def _is_compared(said: Utterance, words: DialogueWords, end: int) -> bool:
    """Whether something is only dearer than was thought; "cheaper than the other" is one of the two."""
    return said.word(end) in words.than and said.table.others.isdisjoint(said.words[end : end + _THAN_REACH])


def says_other(heard: Heard) -> bool:
    """Whether another one than now is meant, whichever that is."""
    said = cut(heard.text, heard.language)
    return not said.table.others.isdisjoint(said.words)


def is_place(text: str, language: Language) -> bool:
    """Whether a place in a list is all that is said: "the second" may be a day of the month, and a child."""
    said = cut(text, language)
    places = [step[0].is_ordinal for at in range(len(said)) if (step := read_number(said, at))]
    return places == [True] and not names_month(text, language)


def _is_only(heard: Heard, phrases: Phrases[bool]) -> bool:
    """Whether one of the phrases is said, and nothing beside it that says anything."""
    said = cut(heard.text, heard.language)
    steps = [(at, step[1]) for at in range(len(said)) if (step := phrases.read(said.words, at))]
    taken = {each for at, end in steps for each in range(at, end)}
    plain = said.table.choice_nouns | DIALOGUE_WORDS[heard.language].pointed
    return bool(steps) and all(
        at in taken or word in plain or is_filler(said, at) for at, word in enumerate(said.words)
    )
