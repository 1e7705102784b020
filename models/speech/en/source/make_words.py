"""Makes words.txt anew: the commonest English words that CMU's dictionary can say, from packages of PyPI.

    python -m venv /tmp/words && /tmp/words/bin/pip install pocketsphinx==5.1.1 symspellpy==6.10.1
    /tmp/words/bin/python models/speech/en/source/make_words.py

Left out is what an office would not want to have written when something else was said. Words that somebody may need who
asks for help stay.
"""

import re
from importlib.resources import files
from pathlib import Path

WORDS = 8000
LEFT_OUT = re.compile(
    "anal|ass|asses|babes?|bastards?|bdsm|bitch.*|blowjobs?|bondage|boobs?|busty|butts?|cocks?|crap|cum"
    "|cumshots?|cunt.*|damn|dicks?|dildos?|erotic.*|escorts?|fetish.*|fisting|fuck.*|gangbang|handjobs?"
    "|hardcore|hell|hentai|horny|interracial|lingerie|masturbat.*|milfs?|nigg.*|nipples?|nud.*|orgasm.*|orgy"
    "|panties|piss.*|playboy|porn.*|pussy|sexy|shit.*|sluts?|spanking|squirt.*|stupid|swingers?|thong.*"
    "|threesome|tits?|topless|tranny|upskirt.*|vibrators?|viagra|voyeur.*|wank.*|whores?|xxx"
)


def commonest() -> list[str]:
    """English words, the commonest first."""
    lists = files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    return [line.split()[0] for line in lists.read_text(encoding="utf-8-sig").splitlines()]


def sayable() -> set[str]:
    """The words of CMU's dictionary."""
    lines = (files("pocketsphinx") / "model" / "en-us" / "cmudict-en-us.dict").read_text(encoding="utf-8")
    return {line.split()[0] for line in lines.splitlines()}


if __name__ == "__main__":
    known = sayable()
    words = [word for word in commonest() if word in known and not LEFT_OUT.fullmatch(word)]
    (Path(__file__).parent / "words.txt").write_text("".join(f"{word}\n" for word in sorted(words[:WORDS])))
