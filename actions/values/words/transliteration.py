"""Cyrillic words in Latin letters."""

from actions.values.words.folding import fold

_LATIN = dict(
    zip(
        "абвгдезиклмнопрстуфхцыэ",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "z",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "h",
            "ts",
            "y",
            "e",
        ],
        strict=True,
    )
) | {"ж": "zh", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "ju", "я": "ja", "ь": "", "ъ": "", "і": "i"}

_WRITTEN = (
    "джимейл gmail|гмейл gmail|жмейл gmail|мейл mail|мэйл mail|имейл email|яндекс yandex|хотмейл hotmail"
    "|аутлук outlook"
    "|яху yahoo|хот hot|инбокс inbox|ком com|нет net|орг org|ээ ee|еэ ee|эстония estonia"
    "|экзампл example|инфо info|ю eu|еу eu"
)
_WHOLE_WORDS = {fold(pair.split()[0]): pair.split()[1] for pair in _WRITTEN.split("|")}


def latin(word: str) -> str:
    """A folded word in Latin letters: `собака` is `sobaka`, `джимейл` is `gmail`."""
    if word.isascii():
        return word
    return _WHOLE_WORDS.get(word) or "".join(_LATIN.get(letter, letter) for letter in word)
