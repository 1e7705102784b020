"""Words by which citizens agree, leave something out, or mean several things at once; one table per language."""

from collections.abc import Mapping

from actions.dialogue.words.english import ENGLISH
from actions.dialogue.words.estonian import ESTONIAN
from actions.dialogue.words.russian import RUSSIAN
from actions.dialogue.words.tables import DialogueWords
from assistant.core.languages import Language

DIALOGUE_WORDS: Mapping[Language, DialogueWords] = {
    Language.EN: ENGLISH,
    Language.ET: ESTONIAN,
    Language.RU: RUSSIAN,
}
"""The tables of every language."""
