"""Whether words are a yes to what was read back, and nothing beside it."""

from collections.abc import Iterator

from actions.dialogue.words import DIALOGUE_WORDS
from actions.values.utterance import Utterance
from actions.values.words import WORDS
from assistant.core.languages import Language

_LONGEST_YES = 200  # characters; who says more says more than a yes, and no more than that may be read of a text
_PAUSES = frozenset({",", ".", "!", "-", "…", ";", ":"})

Part = tuple[bool | None, tuple[str, ...]]
"""Some words, and whether they are a yes, say nothing beside one (False), or are no part of any (None)."""


def agrees(text: str, language: Language) -> bool:
    """Whether the words say yes, and no word of them says anything else.

    "Yes but ...", "yes to my other address", "yes, the ID card" agree to something else than was read back. The yes may
    be in another language than the turn's: the page sends its own, whichever the citizen answers in.
    """
    if len(text) > _LONGEST_YES:
        return False
    _, *others = languages(language)
    if _is_yes(text, language):
        return not any(_is_no(text, other) for other in others)
    return any(_is_yes(text, other) and _is_only_of(text, other) for other in others)


def _is_yes(text: str, language: Language) -> bool:
    said = _answered(text, language)
    meanings = [meaning for meaning, _ in _parts(said, language)]
    is_broken_off = said[-1:] != () and said[-1] in DIALOGUE_WORDS[language].joiners
    return True in meanings and None not in meanings and not is_broken_off


def _is_no(text: str, language: Language) -> bool:
    """Whether it can be read as a no that something like a yes follows: "no ok", which is a yes in Estonian."""
    said = _answered(text, language)
    is_no = said[:1] != () and said[0] in WORDS[language].denials
    return is_no and all(meaning is not None for meaning, _ in _parts(said[1:], language))


def _is_only_of(text: str, language: Language) -> bool:
    """Whether a yes in a language means nothing else in another one: *just* do as i say, *no* jah."""
    return not any(_means_otherwise(text, language, each) for each in Language if each is not language)


def _means_otherwise(text: str, language: Language, other: Language) -> bool:
    said, table = _answered(text, language), WORDS[other]
    contrary = table.denials | table.nots | table.buts | table.others | DIALOGUE_WORDS[other].reservations
    known = contrary | table.fillers | table.questions
    is_known = all(known.issuperset(words) for meaning, words in _parts(said, language) if meaning)
    return is_known or not contrary.isdisjoint(said)


def _parts(said: tuple[str, ...], language: Language) -> Iterator[Part]:
    """What the words say, one after the other."""
    answers, agreements, at = WORDS[language].answers, DIALOGUE_WORDS[language].agreements, 0
    while at < len(said):
        answer, agreement = answers.read(said, at), agreements.read(said, at)
        meaning, end = None, at + 1
        if agreement and (not answer or agreement[1] >= answer[1]):
            meaning, end = agreement
        elif answer:
            meaning, end = answer[0] == "yes" or None, answer[1]
        elif said[at] in _PAUSES:
            meaning = False
        yield meaning, said[at:end]
        at = end


def _answered(text: str, language: Language) -> tuple[str, ...]:
    """The words without hesitations; "uh huh" is none."""
    table = WORDS[language]
    whole, kept, at = Utterance.of(text, table).words, list[str](), 0
    while at < len(whole):
        is_hesitation = whole[at] in table.hesitations
        answer = table.answers.read(whole, at) if is_hesitation else None
        end = answer[1] if answer else at + 1
        kept += whole[at:end] if answer or not is_hesitation else ()
        at = end
    return tuple(kept)


def has_reservation(text: str, language: Language) -> bool:
    """Whether a "but", "other", "not" or the like takes something back of a yes, in whichever language."""
    return any(_has_reservation(text, each) for each in languages(language))


def _has_reservation(text: str, language: Language) -> bool:
    said, table = cut(text, language), WORDS[language]
    marks = table.buts | table.others | table.nots | DIALOGUE_WORDS[language].reservations
    return any(word in marks or table.take_backs.read(said.words, at) for at, word in enumerate(said.words))


def begins_with_no(text: str, language: Language) -> bool:
    """Whether a plain no comes first: "no, but tell me what it costs"."""
    # The "no" of an Estonian is a "well".
    is_known = cut(text, language).word(0) in WORDS[language].fillers
    return any(_begins_with_no(text, each) for each in ((language,) if is_known else languages(language)))


def _begins_with_no(text: str, language: Language) -> bool:
    said = cut(text, language)
    return said.word(0) in said.table.denials and said.word(1) not in said.table.after_plain_no


def languages(first: Language) -> tuple[Language, ...]:
    """All languages, that of the turn first: the page sends its own, whatever the citizen speaks."""
    return first, *(each for each in Language if each is not first)


def cut(text: str, language: Language) -> Utterance:
    """The words of a text without hesitations."""
    table = WORDS[language]
    return Utterance.of(text, table, dropped=table.hesitations)
