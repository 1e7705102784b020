"""Words for letters that are the same in every language."""

from collections.abc import Mapping

_CODE_WORDS = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo"
    " sierra"
    " tango uniform victor whiskey xray yankee zulu"
)

PHONETIC_ALPHABET: Mapping[str, str] = {
    **{word: word[0].upper() for word in _CODE_WORDS.split()},
    "alfa": "A",
    "juliett": "J",
    "whisky": "W",
}
"""The radio alphabet: `alpha`, `bravo`."""

LOOK_ALIKES: Mapping[str, str] = dict(zip("авсенкмортухі", "ABCEHKMOPTYXI", strict=True))
"""Cyrillic letters that look like Latin ones: what a plate shows, typed on the other keyboard."""
