"""How hard a text is to read: LIX, which counts alike in every language.

C. H. Björnsson, Readability of Newspapers in 11 Languages, Reading Research Quarterly 18 (4), 1983: words per sentence
plus the share of words with more than six letters, in per cent. His newspapers are what a text is compared with.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from assistant.core.languages import Language
from assistant.core.speech_markup import without_markup

NEWSPAPERS: Mapping[Language, int] = MappingProxyType({Language.EN: 52, Language.ET: 72, Language.RU: 65})
"""LIX of an ordinary newspaper. Estonian is not among the eleven; this is its relative's, Finnish."""
FEWEST_WORDS = 10
"""In fewer, one long word is a tenth of the whole."""
_LONG_LETTERS = 6
_SENTENCE_END = re.compile(r"[.!?:](?=\s|$)")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+|[.,]\d+)*")
_PLACEHOLDER = re.compile(r"{\w+}")


def lix(text: str) -> float | None:
    """The LIX of a text, a value in braces counted as a short word; None for a text that is too short."""
    plain = _PLACEHOLDER.sub("value", without_markup(text))
    words = _WORD.findall(plain)
    if len(words) < FEWEST_WORDS:
        return None
    sentences = [each for each in _SENTENCE_END.split(plain) if _WORD.search(each)]
    long = [word for word in words if sum(map(str.isalpha, word)) > _LONG_LETTERS]
    return len(words) / len(sentences) + 100 * len(long) / len(words)


def is_hard(text: str, language: Language) -> bool:
    """Whether it is harder to read than a newspaper."""
    level = lix(text)
    return level is not None and level > NEWSPAPERS[language]
