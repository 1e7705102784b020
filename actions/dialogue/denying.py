"""What the citizen's words leave out: "not the passport", "anything but Tartu", "i don't want to renew it"."""

from collections.abc import Collection, Iterator, Sequence

from actions.dialogue.calling_off import called_off
from actions.dialogue.consenting import cut, languages
from actions.dialogue.heard import Heard, Mention
from actions.dialogue.words import DIALOGUE_WORDS
from actions.dialogue.words.tables import DialogueWords
from actions.values.candidates import is_filler
from actions.values.utterance import Utterance
from actions.values.words.tables import Phrases
from assistant.core.languages import Language

_CLAUSE_ENDS = frozenset({",", ".", ";", ":", "!", "?"})
_LONGEST_PHRASE = 4


def denied(heard: Heard, own: Collection[str]) -> frozenset[Mention]:
    """The values of a service's inputs `own` that the words name in order to leave them out, in whichever language.

    A "don't" that is itself such a value leaves nothing out: "no advertising with my data".
    """
    mentions = sorted((each for each in heard.mentions if each.slot in own), key=lambda each: each.start)
    return frozenset(each for language in languages(heard.language) for each in _denied(heard.text, mentions, language))


def _denied(text: str, mentions: Sequence[Mention], language: Language) -> Iterator[Mention]:
    said, words = cut(text, language), DIALOGUE_WORDS[language]
    named: dict[int, bool] = {at: False for each in mentions for at in _place(said, each)}
    for mention in mentions:
        place = _place(said, mention)
        if place and (_is_denied_behind(said, words, place.stop, named) or is_denied(said, words, place.start, named)):
            named.update(dict.fromkeys(place, True))
            yield mention


def _place(said: Utterance, mention: Mention) -> range:
    first = said.index_at(mention.start, 0)
    return range(first, said.index_at(mention.end, first))


def _is_denied_behind(said: Utterance, words: DialogueWords, end: int, named: dict[int, bool]) -> bool:
    """Whether what follows leaves it out: `passi asemel`."""
    step = words.denials_behind.read(said.words, end)
    return step is not None and end not in named


def is_denied(said: Utterance, words: DialogueWords, first: int, named: dict[int, bool]) -> bool:
    """Whether a denial stands before the word, with nothing between that says anything by itself.

    `named` are the words that are values, and whether they are left out.
    """
    is_joined = False
    for at in range(first - 1, -1, -1):
        if at in named:
            # "Not the passport or the ID card": what holds for the one holds for the other.
            return is_joined and named[at]
        if (denial := _ending_at(said, words.denials, at)) is not None:
            return denial
        word = said.words[at]
        is_joined = is_joined or word in words.joiners
        is_plain = is_filler(said, at) or word in said.table.choice_nouns | words.wanting | words.joiners
        if word in _CLAUSE_ENDS | said.table.buts | words.telling or not is_plain:
            return False
    return False


def _ending_at(said: Utterance, phrases: Phrases[bool], at: int) -> bool | None:
    """What the longest phrase means whose last word stands there; None if there is none."""
    steps = (phrases.read(said.words, first) for first in range(max(0, at - _LONGEST_PHRASE), at + 1))
    return next((step[0] for step in steps if step and step[1] == at + 1), None)


def all_but(heard: Heard) -> str | None:
    """What is said behind an "anything but", to the end of the clause; None if nothing is left out that way."""
    found = (_all_but(heard.text, language) for language in languages(heard.language))
    return next((each for each in found if each), None)


def _all_but(text: str, language: Language) -> str | None:
    said, words = cut(text, language), DIALOGUE_WORDS[language]
    steps = (words.all_but.read(said.words, at) for at in range(len(said)))
    first = next((step[1] for step in steps if step), len(said))
    end = next((at for at in range(first, len(said)) if said.words[at] in _CLAUSE_ENDS | said.table.buts), len(said))
    return text[said.tokens[first].start : said.tokens[end - 1].end] if first < end else None


def refuses(heard: Heard, own: Collection[str]) -> bool:
    """Whether the words only say what is not to be done, in whichever language.

    A "don't" that is itself a value of the service's inputs `own` asks for something: "don't let companies use it".
    """
    return any(_refuses(heard, own, language) for language in languages(heard.language))


def _refuses(heard: Heard, own: Collection[str], language: Language) -> bool:
    said, words = cut(heard.text, language), DIALOGUE_WORDS[language]
    named = {at for each in heard.mentions if each.slot in own for at in _place(said, each)}
    ways, refusal = called_off(said, words), _refusal(said, words)
    if refusal and not _is_of_somebody(said, words, refusal.stop) and not _goes_on(said, words, refusal, named):
        ways = (refusal, *ways)
    return any(named.isdisjoint(way) and not _is_of_others(said, words, way.stop) for way in ways)


def _goes_on(said: Utterance, words: DialogueWords, refusal: range, named: Collection[int]) -> bool:
    """Whether it shall not be left undone: do not *forget* to renew it; to *cancel* a consent is a thing to do."""
    kept = words.stopping | words.leaving
    return any(said.words[at] in kept and at not in named for at in _refused(said, refusal))


def _refused(said: Utterance, refusal: range) -> range:
    """The words of a refusal, and those behind it up to the first that says something: its verb."""
    verb = next((at for at in range(refusal.stop, len(said)) if not is_filler(said, at)), len(said) - 1)
    return range(refusal.start, verb + 1)


def _is_of_others(said: Utterance, words: DialogueWords, end: int) -> bool:
    """Whether something else is asked for behind it."""
    return any(words.of_others.read(said.words, at) for at in range(end, len(said)))


def _is_of_somebody(said: Utterance, words: DialogueWords, end: int) -> bool:
    """Whether it is somebody else who shall not: i don't want the bank *to* see it."""
    is_own = not words.infinitives.isdisjoint(said.words[end - 1 : end + 1])
    return not is_own and not words.infinitives.isdisjoint(said.words[end:])


def refuses_to_stop(heard: Heard) -> bool:
    """Whether the words say that it shall go on: "i do not want to cancel", though "i do not want to go on" stops."""
    return any(_refuses_to_stop(heard.text, language) for language in languages(heard.language))


def _refuses_to_stop(text: str, language: Language) -> bool:
    said, words = cut(text, language), DIALOGUE_WORDS[language]
    refusal = _refusal(said, words)
    return bool(refusal) and any(said.words[at] in words.stopping for at in _refused(said, refusal))


def _refusal(said: Utterance, words: DialogueWords) -> range:
    """Where it is refused: by a phrase wherever it stands, or by a "do not" at the beginning."""
    opening = words.openings | said.table.denials | _CLAUSE_ENDS
    first = next((at for at, word in enumerate(said.words) if word not in opening), 0)
    if (step := words.prohibitions.read(said.words, first)) and step[0]:
        return range(first, step[1])
    steps = ((at, words.refusals.read(said.words, at)) for at in range(len(said)))
    return next((range(at, step[1]) for at, step in steps if step), range(0))
