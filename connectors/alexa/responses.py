"""What Alexa is answered (ASK, "Request and Response JSON Reference")."""

from dataclasses import dataclass
from typing import Any

from connectors.alexa.speech import ssml_of
from connectors.alexa.words import SLOT, WORDS

Json = dict[str, Any]

MOST_SPEECH, MOST_REPROMPT, MOST_CARD = 6000, 600, 1500
"""Characters. Alexa takes less than 8000 of speech and 24 kB in all, and a character may have four bytes."""

SILENCE: Json = {"version": "1.0", "response": {}}
"""The answer to what nobody listens to: the end of a session must not be spoken to."""


@dataclass(frozen=True)
class Told:
    """What is said; with a `question`, Alexa listens for the answer and asks it once more."""

    spoken: str
    question: str = ""
    card: tuple[str, str] | None = None
    """Title and text of what the citizen's Alexa app shows."""
    may_link: bool = False
    """Whether the app shows how to link the account instead."""


def response(told: Told) -> Json:
    """The answer to a conversation's request."""
    body: Json = {"outputSpeech": _speech(told.spoken, MOST_SPEECH), "shouldEndSession": not told.question}
    if told.question:
        body["reprompt"] = {"outputSpeech": _speech(told.question, MOST_REPROMPT)}
        body["directives"] = [_LISTEN]
    if told.may_link:
        body["card"] = {"type": "LinkAccount"}
    elif told.card:
        title, text = told.card
        body["card"] = {"type": "Simple", "title": title, "content": text[:MOST_CARD]}
    return {"version": "1.0", "sessionAttributes": {}, "response": body}


def can_fulfill(verdict: str, slots: list[str]) -> Json:
    """Whether the skill might answer: YES, MAYBE or NO."""
    understood = "NO" if verdict == "NO" else "YES"
    each = {"canUnderstand": understood, "canFulfill": understood}
    fulfills = {"canFulfill": verdict, "slots": dict.fromkeys(slots, each)}
    return {"version": "1.0", "response": {"canFulfillIntent": fulfills}}


_LISTEN: Json = {
    # The answer comes word by word, whatever it is: in an open dialogue a slot may stand alone.
    "type": "Dialog.ElicitSlot",
    "slotToElicit": SLOT,
    "updatedIntent": {
        "name": WORDS,
        "confirmationStatus": "NONE",
        "slots": {SLOT: {"name": SLOT, "confirmationStatus": "NONE"}},
    },
}


def _speech(spoken: str, most_characters: int) -> Json:
    return {"type": "SSML", "ssml": ssml_of(spoken, most_characters)}
