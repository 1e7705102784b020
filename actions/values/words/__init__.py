"""The words that the values are read from, one table per language."""

from collections.abc import Mapping

from actions.values.words.english import ENGLISH
from actions.values.words.estonian import ESTONIAN
from actions.values.words.russian import RUSSIAN
from actions.values.words.tables import Words
from assistant.core.languages import Language

WORDS: Mapping[Language, Words] = {Language.EN: ENGLISH, Language.ET: ESTONIAN, Language.RU: RUSSIAN}
"""The tables of every language."""
