"""Words that point at the answers there are without naming one: both, neither, the cheaper one."""

from collections.abc import Sequence
from dataclasses import dataclass

from actions.dialogue.consenting import cut
from actions.dialogue.heard import MOST_REQUESTS, Heard
from actions.dialogue.words import DIALOGUE_WORDS
from actions.values.candidates import is_filler
from actions.values.finding import names_month
from actions.values.numbers import read_number
from actions.values.saying import parse_money
from actions.values.words.tables import Phrases
from assistant.core.languages import Language


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
    said, cheaper = cut(heard.text, heard.language), DIALOGUE_WORDS[heard.language].cheaper
    steps = [step for at in range(len(said)) if (step := cheaper.read(said.words, at))]
    if not steps or len(amounts) < 2 or None in amounts:  # one alone is not the cheaper one
        return None
    known = [parse_money(amount) for amount in amounts]
    wanted = min(known) if steps[0][0] else max(known)
    return known.index(wanted) if known.count(wanted) == 1 else None


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
