"""Numbers as words, by the spell-out rules of Unicode's CLDR."""

from functools import cache

from unicode_rbnf import RbnfEngine

from assistant.core.languages import Language

MOST = 10**12
"""From here on a number is read digit by digit."""


@cache
def _rules(language: Language) -> RbnfEngine:
    return RbnfEngine.for_language(language.value)


@cache
def spelled(number: int, language: Language, rules: str = "spellout-cardinal") -> str:
    """A number below MOST in words; `rules` is the name of a rule set of the language in CLDR."""
    return _rules(language).format_number(number, ruleset_names=[rules]).text


def digit_words(digits: str, language: Language) -> str:
    """Digits one by one: `zero five`."""
    rules = "spellout-cardinal-masculine" if language is Language.RU else "spellout-cardinal"
    return " ".join(spelled(int(digit), language, rules) for digit in digits)
