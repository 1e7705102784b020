"""What components that learn something small by heart have in common."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

FILE = "learned.json"


class LearnedJson(GraphComponent):
    """A component whose whole knowledge is one JSON value, kept in the model."""

    def __init__(self, storage: ModelStorage, resource: Resource, learned: Any) -> None:
        """Remember where to keep what is learned; subclasses know `learned`, which is None before training."""
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LearnedJson:
        """A component that knows nothing yet."""
        return cls(model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LearnedJson:
        """The component of a trained model."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, json.loads((folder / FILE).read_text(encoding="utf-8")))

    def keep(self, learned: Any) -> Resource:
        """Put what was learned into the model."""
        with self._storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(json.dumps(learned, ensure_ascii=False), encoding="utf-8")
        return self._resource
