"""In place of Rasa's check of a recipe, which imports all of Rasa's components, and TensorFlow (docs/adr/0015)."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.importers.importer import TrainingDataImporter


class DefaultV1RecipeValidator(GraphComponent):
    """Lets everything pass: the pipeline is Kratt's own, and `kratt content check` has judged the content."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DefaultV1RecipeValidator:
        """As Rasa makes its own."""
        return cls()

    def validate(self, importer: TrainingDataImporter) -> TrainingDataImporter:
        """The importer as it is."""
        return importer
