"""From Alexa's intents back to words.

Alexa tells intents, not what was said. So the interaction model (`interaction_model`) has
* one intent for the answer to a question, with a slot that takes all words: WORDS;
* one for each way in which requests begin, since its rules want a word before such a slot: `Words_when` is "when ...";
* our own intents for short requests that begin otherwise, told as one of their examples.
"""

from collections.abc import Mapping

from assistant.content.project import Content
from assistant.core.languages import Language
from connectors.alexa.envelope import Intent

WORDS, SLOT = "Words", "words"
_BEGINNING = f"{WORDS}_"
_APOSTROPHE = "__"  # a name may have letters and underscores alone

OUR_INTENTS: Mapping[str, str] = {
    "AMAZON.YesIntent": "affirm",
    "AMAZON.NoIntent": "deny",
    "AMAZON.HelpIntent": "help",
    "AMAZON.RepeatIntent": "repeat",
    "AMAZON.StopIntent": "stop",
    "AMAZON.CancelIntent": "stop",
    "AMAZON.NavigateHomeIntent": "stop",
}
"""What Amazon's own intents are called with us."""
OPENING = "greet"
FALLBACK = "AMAZON.FallbackIntent"
"""Nothing of the model fits, and Alexa does not tell what was said."""


def sentences_of(content: Content) -> dict[str, dict[Language, str]]:
    """An example of each intent that Alexa may tell by its name: our services, and what Amazon's own stand for."""
    names = {service.service for service in content.services} | {OPENING, *OUR_INTENTS.values()}
    return {
        name: {language: examples[0] for language, examples in content.intents[name].items()} for name in sorted(names)
    }


def intent_of(beginning: str) -> str:
    """The name of the intent for requests that begin with this word."""
    return _BEGINNING + beginning.replace("'", _APOSTROPHE)


def words_of(intent: Intent, sentences: Mapping[str, str]) -> str:
    """What was said, or means the same; empty if that is not known. `sentences` are examples of our intents."""
    if intent.name == WORDS:
        return intent.value_of(SLOT)
    if intent.name.startswith(_BEGINNING):
        beginning, rest = intent.name.removeprefix(_BEGINNING).replace(_APOSTROPHE, "'"), intent.value_of(SLOT)
        return f"{beginning} {rest}" if rest else ""
    return sentences.get(OUR_INTENTS.get(intent.name, intent.name), "")
