"""Four places in Rasa 3.6.21 that do at each turn what is the same each time, replaced by the same thing done once.

docs/adr/0008 and 0016 say why they are patched, what it brings, and what happens at an upgrade.
"""

import functools
from typing import Any

from jsonschema.validators import validator_for
from rasa.core import processor
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event

from assistant.engine.graph_runner import LoopGraphRunner


def speed_up_rasa() -> None:
    """Replace them, before a model is loaded; calling it again changes nothing."""
    RemoteAction._validate_action_result = _validate_action_result  # noqa: SLF001  # Rasa offers no seam here
    if not hasattr(Event.resolve_by_type, "cache_info"):
        # Rasa walks over all its event classes for every event of every tracker that it loads.
        Event.resolve_by_type = staticmethod(functools.lru_cache(Event.resolve_by_type))
    processor.DaskGraphRunner = LoopGraphRunner
    Domain.is_empty = _is_empty


@functools.lru_cache(maxsize=1)
def _empty_domain() -> dict[str, Any]:
    return dict(Domain.empty().as_dict())


def _is_empty(domain: Domain) -> bool:
    """As Rasa's own, which reads an empty domain anew to compare with, at each text."""
    return bool(domain.as_dict() == _empty_domain())


@functools.lru_cache(maxsize=1)
def _action_result_validator() -> Any:
    # `jsonschema.validate` checks the schema against its own schema at every call, for a constant.
    schema = RemoteAction.action_response_format_spec()
    return validator_for(schema)(schema)


def _validate_action_result(_: RemoteAction, result: dict[str, Any]) -> bool:
    """As Rasa's own: True, or the first `jsonschema.ValidationError`."""
    for error in _action_result_validator().iter_errors(result):
        raise error
    return True
