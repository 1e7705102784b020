"""Yes and no, names and free text: what was said is taken for an answer to a question."""

from collections.abc import Collection, Iterator

from actions.values.candidates import Candidate, is_filler
from actions.values.found import Found, Unfit
from actions.values.utterance import Step, Utterance
from actions.values.words.tables import Answer

_MOST_NAMES = 3
_CONTRACTED = ("n't", "n’t")
_LONGEST_TEXT = 500


def find_yes_no(said: Utterance) -> Iterator[Candidate]:
    """`yes` or `no`; no candidate where the words only look like an answer ("no idea")."""
    read = list(said.each(_read_answer))
    agreed = {end for answer, _, end in read if answer == "yes"}  # why *not*
    found = [(_turned(said, answer, first, end, agreed), first, end) for answer, first, end in read]
    if any(not answer for answer, _, _ in found):
        return
    if len({answer for answer, _, _ in found}) > 1:
        # Not left to `decide`: "yes, no, sorry" takes nothing back, it leaves the answer open.
        yield Candidate(Unfit("ambiguous"), 0, len(said))
        return
    for answer, first, end in found:
        yield Candidate(answer, first, end)


def _read_answer(said: Utterance, at: int) -> Step[Answer] | None:
    return said.table.answers.read(said.words, at)


def _turned(said: Utterance, answer: Answer, first: int, end: int, agreed: Collection[int]) -> Answer:
    """I would *not*, `да не надо`, it's *not* correct: what follows or comes before turns a yes around."""
    is_denied = said.word(end) in said.table.nots or (said.word(first - 1) in said.table.nots and first not in agreed)
    return "no" if answer == "yes" and is_denied else answer


def find_name(said: Utterance) -> Found | None:
    """A person's name with its capitals, of at most three words."""
    if any(word in said.table.questions for word in said.words):
        return None
    first, end = _without_not(said, *_name_place(said))
    if first == end or any(_is_no_name(said, at) for at in range(first, end)):
        return None
    start, stop = said.tokens[first].start, said.tokens[end - 1].end
    if len(said.text[start:stop].split()) > _MOST_NAMES or not all(map(_is_name_part, said.words[first:end])):
        return None
    if any((step := _read_answer(said, at)) and step[1] > first for at in range(first + 1)):
        return None
    return Found(capitalised(said.text[start:stop]), start, stop, is_whole=True)


def _name_place(said: Utterance) -> tuple[int, int]:
    """Where the name stands: after "her name is", before "is the name", after a "no", else all but fillers."""
    if begin := _behind_but(said):
        return _trimmed(said, begin, len(said))
    cues = [at for at, word in enumerate(said.words) if word in said.table.name_cues and not _is_hyphened(said, at)]
    if cues:
        after = _trimmed(said, cues[-1] + 1, len(said))
        return after if after[0] < after[1] else _trimmed(said, 0, cues[0])
    denied = [at for at, word in enumerate(said.words) if word in said.table.denials]
    after = _trimmed(said, denied[-1], len(said)) if denied else (0, 0)
    return after if after[0] < after[1] else _trimmed(said, 0, len(said))


def _behind_but(said: Utterance) -> int | None:
    """Where "not Anna *but Maria*" says the name that is meant."""
    no = next((at for at, word in enumerate(said.words) if word in said.table.nots | said.table.denials), len(said))
    but = next((at for at in range(no + 1, len(said)) if said.words[at] in said.table.buts), None)
    return None if but is None else but + 1


def _without_not(said: Utterance, first: int, end: int) -> tuple[int, int]:
    """The place up to a "not": Maria, *not Anna*."""
    stop = next((at for at in range(first + 1, end) if said.words[at] in said.table.nots), end)
    return (first, end) if stop == end else _trimmed(said, first, stop)


def _is_no_name(said: Utterance, at: int) -> bool:
    word, table = said.words[at], said.table
    return word.endswith(_CONTRACTED) or word in table.no_names | table.others | table.choice_nouns


def _trimmed(said: Utterance, first: int, end: int) -> tuple[int, int]:
    while first < end and _is_beside_name(said, first):
        first += 1
    while end > first and _is_beside_name(said, end - 1):
        end -= 1
    return first, end


def _is_beside_name(said: Utterance, at: int) -> bool:
    word, table = said.words[at], said.table
    is_name = word in table.given_names and (len(said) == 1 or said.word(at - 1) in table.name_cues)
    return not (_is_hyphened(said, at) or is_name) and (is_filler(said, at) or word in table.name_fillers)


def _is_hyphened(said: Utterance, at: int) -> bool:
    return (said.is_joined(at + 1) and said.word(at + 1) == "-") or (said.is_joined(at) and said.word(at - 1) == "-")


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
