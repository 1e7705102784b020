"""Whether words are a yes to what was read back, and nothing beside it."""

from actions.dialogue.words import DIALOGUE_WORDS
from actions.values.utterance import Utterance
from actions.values.words import WORDS
from assistant.core.languages import Language

_LONGEST = 500  # characters
_PAUSES = frozenset({",", ".", "!", "-", "…", ";", ":"})


def agrees(text: str, language: Language) -> bool:
    """Whether the words say yes, and no word of them says anything else.

    "Yes but ...", "yes to my other address", "yes, the ID card" agree to something else than was read back.
    """
    said, agreements = cut(text, language), DIALOGUE_WORDS[language].agreements
    agreed, at = False, 0
    while at < len(said):
        answer, agreement = said.table.answers.read(said.words, at), agreements.read(said.words, at)
        if agreement and (not answer or agreement[1] > answer[1]):
            agreed, at = agreed or agreement[0], agreement[1]
        elif answer and answer[0] == "yes":
            agreed, at = True, answer[1]
        elif said.words[at] in _PAUSES:
            at += 1
        else:
            return False
    return agreed


def has_reservation(text: str, language: Language) -> bool:
    """Whether a "but", "other", "not" or the like takes something back of a yes."""
    said, table = cut(text, language), WORDS[language]
    marks = table.buts | table.others | table.nots | DIALOGUE_WORDS[language].reservations
    return any(word in marks or table.take_backs.read(said.words, at) for at, word in enumerate(said.words))


def begins_with_no(text: str, language: Language) -> bool:
    """Whether a plain no comes first: "no, but tell me what it costs"."""
    said = cut(text, language)
    return said.word(0) in said.table.denials and said.word(1) not in said.table.after_plain_no


def cut(text: str, language: Language) -> Utterance:
    """The words of a text without hesitations."""
    table = WORDS[language]
    return Utterance.of(text[:_LONGEST], table, dropped=table.hesitations)
