"""The validation of a service's form: which inputs are still to be asked for, and which values count."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT

from assistant.content.service_spec import Service, holds


@dataclass(frozen=True)
class ValidateForm:
    """Validates the form of one service, as an action of rasa_sdk.

    rasa_sdk's FormValidationAction wants a method for each slot; slots are content here, so its two rules stand below.
    """

    service: Service

    @property
    def name(self) -> str:
        """What the dialogue engine calls the action."""
        return f"validate_{self.service.form}"

    async def __call__(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: object
    ) -> list[dict[str, Any]]:
        """Forget values that the service does not know, and say which slot to ask for next; None ends the form."""
        checked = check_values(self.service, tracker.slots_to_validate())
        missing = next_missing(self.service, {**tracker.slots, **checked})
        return [*(SlotSet(slot, value) for slot, value in checked.items()), SlotSet(REQUESTED_SLOT, missing)]


def check_values(service: Service, candidates: Mapping[str, object]) -> dict[str, object]:
    """The candidates for this service's slots, None in place of a value that is not `one_of`."""
    known = {entry.slot: entry.one_of for entry in service.inputs}
    return {slot: value if value in known[slot] else None for slot, value in candidates.items() if slot in known}


def next_missing(service: Service, slots: Mapping[str, object]) -> str | None:
    """The first input that is required now and not given."""
    required = (entry.slot for entry in service.inputs if entry.required and holds(entry.when, slots))
    return next((slot for slot in required if slots.get(slot) is None), None)
