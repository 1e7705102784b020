"""In place of Rasa's provider of the domain, which reads it from YAML three times (docs/adr/0037)."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain

FILE = "domain.json"


class KeptDomain(DomainProvider):
    """As Rasa's own, but for the form in which a model keeps the domain."""

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> KeptDomain:
        """The domain of a trained model, which was checked before it was trained."""
        with model_storage.read_from(resource) as folder:
            domain = Domain.from_dict(json.loads((folder / FILE).read_bytes()))
        return cls(model_storage, resource, domain)

    def _persist(self, domain: Domain) -> None:
        with self._model_storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(json.dumps(domain.as_dict(), ensure_ascii=False), encoding="utf-8")
