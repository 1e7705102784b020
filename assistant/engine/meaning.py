"""Between what the gateway says and what Rasa understands."""

import re
from collections.abc import Mapping
from typing import Any

from assistant.engine.understanding.requests import REQUESTS

LANGUAGE_ENTITY = "language"
MOST_RANKED = 10

_COMMAND_PREFIX = re.compile(r"^[\s/]+")


def said_words(text: str) -> str:
    """The text as Rasa may get it."""
    # "/intent{...}" is Rasa's command syntax; a citizen may type it, but it commands nothing here. Phones type a curly
    # apostrophe where examples have a straight one.
    # Rasa strips every kind of white space before it looks for the slash: so a slash behind one is stripped as well.
    return _COMMAND_PREFIX.sub("", text.replace("’", "'")) or "?"


def understanding_of(parsed: Mapping[str, Any]) -> dict[str, Any]:
    """What Rasa made of a text, as the gateway takes it."""
    ranking = parsed.get("intent_ranking") or [parsed["intent"]]
    return {
        "language": next(e["value"] for e in parsed["entities"] if e["entity"] == LANGUAGE_ENTITY),
        "also": [request["intent"] for request in parsed.get(REQUESTS, ())[1:]],
        "intent_ranking": [{"name": i["name"], "confidence": float(i["confidence"])} for i in ranking[:MOST_RANKED]],
        "entities": [
            {"name": e["entity"], "value": e["value"], "start": e["start"], "end": e["end"]}
            for e in parsed["entities"]
            if e["entity"] != LANGUAGE_ENTITY
        ],
    }
