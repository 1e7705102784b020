"""Entities by the phrases that editors list: whole tokens, any case, the longest phrase wins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.matcher import PhraseMatcher
from spacy.tokens import Span
from spacy.util import filter_spans

from assistant.engine.components.learned_json import LearnedJson

Phrases = dict[str, dict[str, str]]
"""By entity: each phrase and the value it stands for."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PhraseEntities(LearnedJson):
    """Finds the phrases of Rasa's lookup tables with spaCy; a table is named by the entity and the value."""

    def __init__(self, storage: ModelStorage, resource: Resource, phrases: Phrases | None) -> None:
        """Build one matcher per entity, so that one stretch of text may hold values of two entities."""
        super().__init__(storage, resource, phrases)
        # The multi-language tokenizer: one rule set for all the languages of a conversation.
        self._language = spacy.blank("xx")
        self._matchers = {entity: self._matcher(known) for entity, known in (phrases or {}).items()}

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the phrases of the lookup tables by heart."""
        phrases: Phrases = {}
        for table in training_data.lookup_tables:
            entity, _, value = table["name"].partition("/")  # as assistant.content.compile names them
            phrases.setdefault(entity, {}).update(dict.fromkeys(table["elements"], value))
        return self.keep(phrases)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what is found to the entities of each message."""
        for message in messages:
            found = [*message.get(ENTITIES, []), *self._find(message.get(TEXT) or "")]
            message.set(ENTITIES, found, add_to_output=True)
        return messages

    def _matcher(self, known: dict[str, str]) -> PhraseMatcher:
        matcher = PhraseMatcher(self._language.vocab, attr="LOWER")
        for phrase, value in known.items():
            matcher.add(value, [self._language.make_doc(phrase)])
        return matcher

    def _find(self, text: str) -> Iterable[dict[str, Any]]:
        document = self._language.make_doc(text)
        for entity, matcher in self._matchers.items():
            spans = [Span(document, start, end, label=value) for value, start, end in matcher(document)]
            for span in filter_spans(spans):
                yield {
                    "entity": entity,
                    "value": span.label_,
                    "start": span.start_char,
                    "end": span.end_char,
                    "extractor": type(self).__name__,
                }
