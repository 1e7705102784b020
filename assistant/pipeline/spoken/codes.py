"""Codes digit by digit in groups, and addresses of the internet with the names of their signs."""

import re

from assistant.pipeline.spoken.cardinals import digit_words
from assistant.pipeline.spoken.grammar import Grammar

_GROUPS = re.compile(r"\d{3}(?=\d\d)|\d+")
"""Three digits each, but none is left alone: seven are three and four."""
_MIXED_GROUPS = re.compile(r"[A-Z]+|\d{4}(?=\d\d)|\d+")
_SIGNS = re.compile(r"[+@.\-_/]")


def spell_code(code: str, grammar: Grammar) -> str:
    """`+372 5551` as `plus three seven two, five five five one`; what has no groups gets groups of three."""
    plus = f"{grammar.marks['+']} " if code.startswith("+") else ""
    digits = code.removeprefix("+")
    groups = digits.split() if " " in digits else _GROUPS.findall(digits)
    return plus + ", ".join(digit_words(group, grammar.language) for group in groups)


def spell_mixed(code: str, grammar: Grammar) -> str:
    """`123 ABC` as `one two three, A B C`."""
    groups = _MIXED_GROUPS.findall(code)
    return ", ".join(digit_words(group, grammar.language) if group.isdecimal() else " ".join(group) for group in groups)


def spell_address(address: str, grammar: Grammar) -> str:
    """`mari-liis@example.ee` as `mari dash liis at example dot ee`."""
    address = re.sub(r"^https?://", "", address)
    named = _SIGNS.sub(lambda sign: f" {grammar.marks[sign[0]]} ", address)
    digits_apart = re.sub(r"\d+", lambda run: f" {digit_words(run[0], grammar.language)} ", named)
    return " ".join(digits_apart.split())
