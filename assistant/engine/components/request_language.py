"""The language that a turn is answered in: that of its words, if they are surely another one than the client named."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.engine.components.learned_json import LearnedJson
from assistant.engine.understanding.language import Languages, Learned, learn_languages
from assistant.engine.understanding.words import words_of

LANGUAGE = "language"
WORDS_LANGUAGE = "words_language"
"""Attribute of a message: the language of its words, for the components behind this one."""
SURE = 0.97
"""How sure another language must be. Held-out requests of every language: `kratt evaluate`."""
FEWEST_WORDS = 2
"""One word ("passport", "ok") may be borrowed, unless no other language has its letters."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class RequestLanguage(LearnedJson):
    """Adds the entity `language`, spanning the whole text; Rasa's own slot mapping takes it."""

    def __init__(self, storage: ModelStorage, resource: Resource, learned: Learned | None) -> None:
        """Know what tells languages apart."""
        super().__init__(storage, resource, learned)
        self._languages = Languages(learned or {})

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples whose language is written beside them."""
        named = ((each.get(TEXT) or "", language_of_example(each)) for each in training_data.intent_examples)
        return self.keep(learn_languages((text, language) for text, language in named if language))

    def process(self, messages: list[Message]) -> list[Message]:
        """Name the language of each message whose client named one."""
        for message in messages:
            metadata = message.get(METADATA) or {}
            text, named = message.get(TEXT) or "", metadata.get(LANGUAGE)
            words = self._of_words(text, named)
            message.set(WORDS_LANGUAGE, words)
            if named:
                # A recogniser writes words of its own language, whatever was spoken.
                answered = named if metadata.get("heard") else words
                span = {"entity": LANGUAGE, "value": answered, "start": 0, "end": len(text)}
                found = [*message.get(ENTITIES, []), span | {"extractor": type(self).__name__}]
                message.set(ENTITIES, found, add_to_output=True)
        return messages

    def _of_words(self, text: str, named: str | None) -> str:
        likely = self._languages.probabilities(text)
        best = max(likely, key=lambda language: likely[language], default="")
        if named is None or named not in likely:
            return named or best
        is_long = len(words_of(text)) >= FEWEST_WORDS or (best == "ru") != (named == "ru")
        return best if is_long and likely[best] >= SURE else named


def language_of_example(example: Message) -> str:
    """The language that the compiler wrote beside an example (assistant/content/compile.py); empty if none."""
    metadata: Any = example.get(METADATA) or {}
    return str((metadata.get("intent") or {}).get(LANGUAGE) or "")
