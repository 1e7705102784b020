"""Two places in Rasa 3.6.21 that cost more than the whole turn around them, replaced by the same thing done once.

docs/adr/0008 says why they are patched, what it brings, and what happens at an upgrade.
"""

import functools
from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event


def speed_up_rasa() -> None:
    """Replace both places; calling it again changes nothing."""
    RemoteAction._validate_action_result = _validate_action_result  # noqa: SLF001  # Rasa offers no seam here
    if not hasattr(Event.resolve_by_type, "cache_info"):
        # Rasa walks over all its event classes for every event of every tracker that it loads.
        Event.resolve_by_type = staticmethod(functools.lru_cache(Event.resolve_by_type))


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
