"""Yes and no, names and free text: what was said is taken for an answer to a question."""

from collections.abc import Iterator

from actions.values.candidates import Candidate, is_filler
from actions.values.found import Found, Unfit
from actions.values.utterance import Utterance

_MOST_NAMES = 3
_LONGEST_TEXT = 500


def find_yes_no(said: Utterance) -> Iterator[Candidate]:
    """`yes` or `no`; no candidate where the words only look like an answer ("no idea")."""
    found = list(said.each(lambda said, at: said.table.answers.read(said.words, at)))
    if any(not answer for answer, _, _ in found):
        return
    if len({answer for answer, _, _ in found}) > 1:
        # Not left to `decide`: "yes, no, sorry" takes nothing back, it leaves the answer open.
        yield Candidate(Unfit("ambiguous"), 0, len(said))
        return
    for answer, first, end in found:
        yield Candidate(answer, first, end)


def find_name(said: Utterance) -> Found | None:
    """A person's name with its capitals, of at most three words."""
    first, end = 0, len(said)
    while first < end and is_filler(said, first):
        first += 1
    while end > first and is_filler(said, end - 1):
        end -= 1
    if first == end:
        return None
    start, stop = said.tokens[first].start, said.tokens[end - 1].end
    words = said.words[first:end]
    if len(said.text[start:stop].split()) > _MOST_NAMES or not all(map(_is_name_part, words)):
        return None
    if said.table.answers.read(said.words, first):
        return None
    return Found(capitalised(said.text[start:stop]), start, stop, is_whole=True)


def find_text(said: Utterance) -> Found | None:
    """All that was said, on one line."""
    text = " ".join("".join(char if char.isprintable() else " " for char in said.text).split())
    if not text:
        return None
    start = len(said.text) - len(said.text.lstrip())
    return Found(text[:_LONGEST_TEXT], start, len(said.text.rstrip()), is_whole=True)


def capitalised(text: str) -> str:
    """Each word with a capital, unless capitals were given; single spaces."""
    text = " ".join(text.split())
    if any(char.isupper() for char in text):
        return text
    chars = [char.upper() if index == 0 or text[index - 1] in " -" else char for index, char in enumerate(text)]
    return "".join(chars)


def _is_name_part(word: str) -> bool:
    return word == "-" or word.replace("'", "").isalpha()
