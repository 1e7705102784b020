"""Words that call a matter off without a "don't want": cancel my application, i am not moving, renew it but not now."""

from actions.dialogue.words.tables import DialogueWords
from actions.values.candidates import is_filler
from actions.values.utterance import Utterance

_SUBJECT_REACH = 4
"""How many words may stand before the "not" of a statement: *my old father did* not die."""

_EVENT_REACH = 3
"""How many adverbs may stand between that and what does not happen: not *really* moving."""


def called_off(said: Utterance, words: DialogueWords) -> tuple[range, ...]:
    """Where the words do so, in each of the ways that there are."""
    ways = (_undone(said, words), _left_undone(said, words), _not_happening(said, words), _put_off(said, words))
    return tuple(way for way in ways if way)


def _undone(said: Utterance, words: DialogueWords) -> range:
    """Where they ask to undo what was asked for, and name it so: cancel my passport *renewal*, mu *taotlus* tühistada.

    To cancel a consent, or an appointment, is a matter by itself.
    """
    is_asked = not (words.questioning - words.asking).isdisjoint(said.words)
    is_matter = any(word.startswith(words.matters) for word in said.words)
    if is_asked or not is_matter or not words.ands.isdisjoint(said.words):
        return range(0)
    for _, first, end in said.each(lambda each, at: words.undoing.read(each.words, at)):
        is_first = all(_is_plain(said, words, at) or said.words[at] in words.asking for at in range(first))
        is_last = all(_is_plain(said, words, at) for at in range(end, len(said)))
        if (is_first or is_last) and not any(_is_denial(said, words, at) for at in range(first)):
            return range(first, end)
    return range(0)


def _left_undone(said: Utterance, words: DialogueWords) -> range:
    """Where they say what is not to be done, as an infinitive: passi *mitte pikendada*."""
    if not words.questioning.isdisjoint(said.words):
        return range(0)
    found = said.each(lambda each, at: words.left_undone.read(each.words, at))
    return next((range(first, end) for _, first, end in found), range(0))


def _not_happening(said: Utterance, words: DialogueWords) -> range:
    """Where they say that what a service is for does not happen: i am not moving, meil ei sündinud last.

    "I don't have a passport" says what a service is for, and is none of these.
    """
    first = next((at for at in range(len(said)) if not _opens(said, words, at)), 0)
    for at in range(first, min(len(said), first + _SUBJECT_REACH)):
        step = words.not_so.read(said.words, at)
        if step and (step[0] or at > first) and (end := _event_end(said, words, step[1])):
            return range(0) if _goes_on(said, words, end) else range(at, end)
        if said.words[at] in words.questioning:
            break
    return range(0)


def _goes_on(said: Utterance, words: DialogueWords, end: int) -> bool:
    """Whether something happens after all, or is asked: i am not moving *until* May, i *have moved*."""
    later = said.words[end:]
    is_plain = words.questioning.isdisjoint(later) and words.reservations.isdisjoint(later)
    return not is_plain or any(words.events.read(later, at) for at in range(len(later)))


def _event_end(said: Utterance, words: DialogueWords, first: int) -> int | None:
    """Where the words for something that happens end, if such stand there."""
    for at in range(first, min(len(said), first + _EVENT_REACH + 1)):
        if step := words.events.read(said.words, at):
            return step[1]
        if said.words[at] not in words.adverbs:
            return None
    return None


def _put_off(said: Utterance, words: DialogueWords) -> range:
    """Where they end with another time than now: renew my passport but *not now*."""
    if not words.questioning.isdisjoint(said.words):
        return range(0)
    buts = said.table.buts | words.reservations
    for _, first, end in said.each(lambda each, at: words.put_offs.read(each.words, at)):
        is_last = all(_is_plain(said, words, at) for at in range(end, len(said)))
        if is_last and said.word(first - 1) in buts:
            return range(first, end)
    return range(0)


def _opens(said: Utterance, words: DialogueWords, at: int) -> bool:
    return said.words[at] in words.openings | said.table.denials or not said.words[at][:1].isalnum()


def _is_plain(said: Utterance, words: DialogueWords, at: int) -> bool:
    """Whether the word says nothing by itself, nor denies what others say."""
    return said.words[at] not in said.table.nots and (is_filler(said, at) or said.words[at] in words.openings)


def _is_denial(said: Utterance, words: DialogueWords, at: int) -> bool:
    step = words.denials.read(said.words, at)
    return step[0] if step else said.words[at] in said.table.nots
