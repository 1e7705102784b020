"""The turn's language as an entity, so that Rasa's own slot mapping can take it."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

LANGUAGE = "language"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TurnLanguage(GraphComponent):
    """Reads the language that the channel put into the message's metadata."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TurnLanguage:
        """A component without configuration or state."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entity `language`, spanning the whole text, to every message that names one."""
        for message in messages:
            language = (message.get(METADATA) or {}).get(LANGUAGE)
            if language:
                span = {"entity": LANGUAGE, "value": language, "start": 0, "end": len(message.get(TEXT) or "")}
                found = [*message.get(ENTITIES, []), span | {"extractor": type(self).__name__}]
                message.set(ENTITIES, found, add_to_output=True)
        return messages
