"""How a question is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from actions.dialogue.consenting import cut
from actions.dialogue.filling import Facts, label_of, options
from actions.dialogue.heard import Heard
from actions.dialogue.saying import Utterance
from actions.values.likeness import resemblance
from actions.values.saying import SpokenValues
from assistant.content.input_spec import Input
from assistant.content.own_responses import CHOICES, FOR_EXAMPLE, IS_IT, SAY_PREFIX, STILL_NEEDED
from assistant.content.service_spec import MOST_BUTTONS, Service
from assistant.core.languages import Language
from assistant.core.turns import CHOICE, YES_NO, Expected

ASK_PREFIX = "utter_ask_"
_MOST_CHOICES_SAID = 6
_MOST_NEAREST = 3


def question(service: Service, entry: Input, values: Mapping[str, str], facts: Facts, words: SpokenValues) -> Utterance:
    """The question for an input, with what can be answered as buttons."""
    answers = possible_answers(service, entry, facts, words)
    buttons = answers if len(answers) <= MOST_BUTTONS else ()
    return Utterance(f"{ASK_PREFIX}{entry.slot}", values, buttons, Expected(entry.type or CHOICE, answers))


def possible_answers(service: Service, entry: Input, facts: Facts, words: SpokenValues) -> tuple[str, ...]:
    """The answers there are, if they can be counted."""
    if entry.one_of:
        return tuple(words.say(value, "term") for value in entry.one_of)
    if entry.choose:
        return tuple(dict.fromkeys(label_of(entry, item) for item in options(service, entry, facts)))
    return ()


def asked_with_help(
    service: Service, entry: Input, facts: Facts, words: SpokenValues, heard: Heard, *, is_again: bool
) -> Utterance:
    """The question in other words than its own: by what can be answered, or how; `is_again`: in others than those."""
    answers = possible_answers(service, entry, facts, words)
    if not answers:
        label = {"label": (entry.label or service.title)[words.language]}
        expected = Expected(entry.type or CHOICE)
        kind = entry.type or "text"
        said = Utterance(STILL_NEEDED if is_again else f"{SAY_PREFIX}{kind}", label, expected=expected)
        return with_yes_and_no(said, words) if kind == YES_NO else said
    is_short = len(answers) <= _MOST_CHOICES_SAID
    told = answers if is_short and not is_again else _nearest(answers, heard)
    response = IS_IT if is_again else CHOICES if is_short else FOR_EXAMPLE
    buttons = answers if len(answers) <= MOST_BUTTONS else told
    return Utterance(response, {"choices": ", ".join(told)}, buttons, Expected(CHOICE, answers))


def _nearest(answers: Sequence[str], heard: Heard) -> tuple[str, ...]:
    """The few answers that the words sound most like, in the order in which they are listed."""
    said = cut(heard.text, heard.language).words
    known = {answer: cut(answer, heard.language).words for answer in answers}
    likest = sorted(answers, key=lambda answer: resemblance(said, known[answer]), reverse=True)[:_MOST_NEAREST]
    return tuple(answer for answer in answers if answer in likest)


def with_yes_and_no(said: Utterance, words: SpokenValues, yes: str = "yes") -> Utterance:
    """A question that yes and no answer: to be clicked, and to be listened for."""
    answers = (words.say(yes, "term"), words.say("no", "term"))
    return replace(said, buttons=answers, expected=Expected(YES_NO, answers))


def yes_or_no_about(service: Service, language: Language) -> Utterance:
    """That a yes or a no is wanted to what was asked about a service."""
    return Utterance(f"{SAY_PREFIX}{YES_NO}", {"label": service.title[language]})


def choices_of(answers: Sequence[str]) -> Utterance:
    """That these can be answered."""
    return Utterance(CHOICES, {"choices": ", ".join(answers)})
