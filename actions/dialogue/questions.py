"""How a question is asked."""

from collections.abc import Mapping, Sequence

from actions.dialogue.filling import Facts, label_of, options
from actions.dialogue.saying import Utterance
from actions.values.saying import SpokenValues
from assistant.content.input_spec import Input
from assistant.content.own_responses import CHOICES
from assistant.content.service_spec import Service
from assistant.core.turns import CHOICE, Expected

ASK_PREFIX = "utter_ask_"
_MOST_BUTTONS = 8
_MOST_CHOICES_SAID = 6


def question(service: Service, entry: Input, values: Mapping[str, str], facts: Facts, words: SpokenValues) -> Utterance:
    """The question for an input, with what can be answered as buttons."""
    answers = possible_answers(service, entry, facts, words)
    buttons = answers if len(answers) <= _MOST_BUTTONS else ()
    return Utterance(f"{ASK_PREFIX}{entry.slot}", values, buttons, Expected(entry.type or CHOICE, answers))


def possible_answers(service: Service, entry: Input, facts: Facts, words: SpokenValues) -> tuple[str, ...]:
    """The answers there are, if they can be counted."""
    if entry.one_of:
        return tuple(words.say(value, "term") for value in entry.one_of)
    if entry.choose:
        return tuple(dict.fromkeys(label_of(entry, item) for item in options(service, entry, facts)))
    return ()


def hint(service: Service, entry: Input, facts: Facts, words: SpokenValues) -> tuple[Utterance, ...]:
    """What can be answered, in a sentence, for someone whose answer was not understood."""
    answers = possible_answers(service, entry, facts, words)
    # Nobody listens to more; they are shown as buttons, or the question itself says what can be answered.
    return (choices_of(answers),) if 0 < len(answers) <= _MOST_CHOICES_SAID else ()


def choices_of(answers: Sequence[str]) -> Utterance:
    """That these can be answered."""
    return Utterance(CHOICES, {"choices": ", ".join(answers)})
