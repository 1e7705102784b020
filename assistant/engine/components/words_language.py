"""The language of a request's words: what the client named, unless the words are surely of another one."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.engine.components.learned_json import LearnedJson
from assistant.engine.understanding.language import Languages, Learned, learn_languages

LANGUAGE = "language"
WORDS_LANGUAGE = "words_language"
"""Attribute of a message: the language of its words, for the components behind this one."""
SURE = 0.97
"""How sure another language must be; `kratt evaluate` prints how often that is wrong. One word alone never makes it so
sure (`MOST_OF_A_WORD` in ../understanding/language.py): it may be borrowed."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class WordsLanguage(LearnedJson):
    """Learns what tells the languages of the examples apart, and names that of each message."""

    def __init__(self, storage: ModelStorage, resource: Resource, learned: Learned | None) -> None:
        """Know what tells languages apart."""
        super().__init__(storage, resource, learned)
        self._languages = Languages(learned or {})

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples beside which a language is written."""
        named = ((each.get(TEXT) or "", language_of_example(each)) for each in training_data.intent_examples)
        return self.keep(learn_languages((text, language) for text, language in named if language))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to add: the language of an example is written beside it."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `words_language` of each message; empty if nobody can tell."""
        for message in messages:
            named = (message.get(METADATA) or {}).get(LANGUAGE)
            message.set(WORDS_LANGUAGE, self._of_words(message.get(TEXT) or "", named))
        return messages

    def _of_words(self, text: str, named: str | None) -> str:
        likely = self._languages.probabilities(text)
        best = max(likely, key=lambda language: likely[language], default="")
        if named not in likely:
            return named or best
        return best if likely[best] >= SURE else named


def language_of_example(example: Message) -> str:
    """The language that the compiler wrote beside an example (assistant/content/compile.py); empty if none."""
    metadata: Any = example.get(METADATA) or {}
    return str((metadata.get("intent") or {}).get(LANGUAGE) or "")
