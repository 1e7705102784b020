"""Keeps texts that the classifier has no grounds to judge from being taken for a request."""

from __future__ import annotations

import re

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.engine.components.learned_json import LearnedJson

PIECE = 4
LEAST_FAMILIARITY = 0.5
"""Share of a text's pieces that examples have, too. The conversations of tests.yml hold that requests in no example are
above it, tests/integration/test_engine.py that mashed keys, emoji and other scripts are below."""
RANKING = "intent_ranking"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FamiliarText(LearnedJson):
    """Turns a text that looks like no example into `nlu_fallback`.

    A classifier gives the probabilities of intents, given that it is one of them; for an emoji it still names one.
    """

    def __init__(self, storage: ModelStorage, resource: Resource, pieces: list[str] | None) -> None:
        """Know the pieces of four characters that examples are made of."""
        super().__init__(storage, resource, pieces)
        self._pieces = frozenset(pieces or ())

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the pieces of all examples."""
        examples = (example.get(TEXT) or "" for example in training_data.intent_examples)
        pieces = sorted(frozenset().union(*map(pieces_of, examples)))
        return self.keep(pieces)

    def process(self, messages: list[Message]) -> list[Message]:
        """Put `nlu_fallback` before the intents of each unfamiliar message."""
        for message in messages:
            pieces = pieces_of(message.get(TEXT) or "")
            familiarity = len(pieces & self._pieces) / len(pieces) if pieces else 0.0
            if familiarity < LEAST_FAMILIARITY:
                fallback = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1.0 - familiarity}
                others = [each for each in message.get(RANKING) or () if each["name"] != fallback["name"]]
                message.set(INTENT, fallback, add_to_output=True)
                message.set(RANKING, [fallback, *others], add_to_output=True)
        return messages


def pieces_of(text: str) -> frozenset[str]:
    """All runs of four characters within words, with a blank at both ends of each word."""
    words = [f" {word} " for word in re.findall(r"\w+", text.lower())]
    return frozenset(word[at : at + PIECE] for word in words for at in range(max(1, len(word) - PIECE + 1)))
