"""What a caller has not heard of a reply."""

import re

_WORD = re.compile(r"\S+")


def unheard(said: str, heard: str) -> str:
    """The rest of what was said behind what was heard; empty if that is no part of it.

    Carriers tell what was heard in the words of their voice, with spaces and punctuation of its own.
    """
    places = [(match.end(), word) for match in _WORD.finditer(said) if (word := _bare(match[0]))]
    words, wanted = [word for _, word in places], [word for each in heard.split() if (word := _bare(each))]
    if not wanted:
        return said
    for first in range(len(words) - len(wanted) + 1):
        if words[first : first + len(wanted)] == wanted:
            return said[places[first + len(wanted) - 1][0] :].strip()
    return ""


def _bare(word: str) -> str:
    return "".join(character for character in word.casefold() if character.isalnum())
