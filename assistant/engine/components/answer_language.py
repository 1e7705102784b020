"""The language that a turn is answered in, as an entity, so that Rasa's own slot mapping can take it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.engine.components.words_language import LANGUAGE, WORDS_LANGUAGE
from assistant.engine.understanding.words import words_of

VALUE = "inform"
"""The intent of bare values: an Estonian address, said by somebody who speaks English, is no wish to speak Estonian."""
UNCLEAR = frozenset({"out_of_scope", DEFAULT_NLU_FALLBACK_INTENT_NAME})
FEWEST_WORDS_UNCLEAR = 4
"""What is not understood may be a value as well ("Mari Tamm"), unless it is a whole sentence without a number."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class AnswerLanguage(GraphComponent):
    """Answers in the language of the words if they are a request, else in the one that the client named."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AnswerLanguage:
        """A component without configuration or state."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entity `language`, spanning the whole text, to every message whose client named one."""
        for message in messages:
            if named := (message.get(METADATA) or {}).get(LANGUAGE):
                value = _answered(message, named)
                span = {"entity": LANGUAGE, "value": value, "start": 0, "end": len(message.get(TEXT) or "")}
                found = [*message.get(ENTITIES, []), span | {"extractor": type(self).__name__}]
                message.set(ENTITIES, found, add_to_output=True)
        return messages


def _answered(message: Message, named: str) -> str:
    metadata: Mapping[str, Any] = message.get(METADATA) or {}
    spoken = message.get(WORDS_LANGUAGE) or named
    # A recogniser writes words of its own language, whatever was spoken.
    if metadata.get("heard") or not _is_request(message):
        return named
    return str(spoken)


def _is_request(message: Message) -> bool:
    intent, text = (message.get(INTENT) or {}).get("name"), message.get(TEXT) or ""
    if intent in UNCLEAR:
        words = words_of(text)
        return len(words) >= FEWEST_WORDS_UNCLEAR and not any("0" in word for word in words)
    return intent != VALUE
