"""Estonian numbers in their cases. CLDR has the nominative of cardinals alone; the rest follows from it."""

from collections.abc import Mapping

from assistant.core.languages import Language
from assistant.pipeline.spoken.cardinals import spelled

Ending = str
"""What a case adds to the genitive: `l`, `st`, `ni`; the nominative and the partitive go by their names."""

GENITIVE, NOMINATIVE, PARTITIVE = "", "nominative", "partitive"
ENDINGS = ("sse", "st", "le", "lt", "ks", "ni", "na", "ta", "ga", "l", "s")
"""Longest first where one ends like another."""
GENITIVE_MODIFIERS = frozenset({"ni", "na", "ta", "ga"})
"""Before a noun in these cases the number stays in the genitive: `viienda maini`."""

_GENITIVES: Mapping[str, str] = {
    "null": "nulli", "üks": "ühe", "kaks": "kahe", "kolm": "kolme", "neli": "nelja", "viis": "viie", "kuus": "kuue",
    "seitse": "seitsme", "kaheksa": "kaheksa", "üheksa": "üheksa", "kümme": "kümne", "sada": "saja", "tuhat": "tuhande",
    "miljon": "miljoni", "miljonit": "miljoni", "miljard": "miljardi", "miljardit": "miljardi",
}  # fmt: skip
_COMPOUNDS: Mapping[str, str] = {"teist": "teistkümne", "kümmend": "kümne", "sada": "saja"}
_ORDINALS: Mapping[str, str] = {"ühe": "esimese", "kahe": "teise", "kolme": "kolmanda"}
"""The genitives that are no cardinal's with an ending."""


def cardinal(number: int, case: Ending = NOMINATIVE) -> str:
    """`kakskümmend üks`, `kahekümne ühe`, `kahekümne ühest`: only the last word takes the ending."""
    words = spelled(number, Language.ET).replace("ükssada", "sada").split()
    if words[:2] == ["üks", "tuhat"]:
        words = words[1:]
    if case == NOMINATIVE:
        return " ".join(words)
    return " ".join(_genitive(word) for word in words) + ("" if case in GENITIVE_MODIFIERS else case)


def ordinal(number: int, case: Ending = NOMINATIVE) -> str:
    """`kahekümne esimene`, `kahekümne esimese`, `kahekümne esimesel`."""
    *before, last = (_genitive(word) for word in cardinal(number).split())
    genitive = _ORDINALS.get(last, f"{last}nda")
    if case == NOMINATIVE:
        last = f"{genitive[:-2]}ne" if genitive.endswith("se") else f"{genitive[:-3]}s"
    elif case == PARTITIVE:
        last = f"{genitive[:-1]}t" if genitive.endswith("se") else f"{genitive}t"
    else:
        last = genitive if case in GENITIVE_MODIFIERS else genitive + case
    return " ".join([*before, last])


def _genitive(word: str) -> str:
    if word in _GENITIVES:
        return _GENITIVES[word]
    end = next(end for end in _COMPOUNDS if word.endswith(end))
    return _GENITIVES[word.removesuffix(end)] + _COMPOUNDS[end]
