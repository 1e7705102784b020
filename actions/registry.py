"""All actions, made from the services; nothing is discovered by import."""

from collections.abc import Awaitable, Sequence
from typing import Any, Protocol

from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.conversation import Repeat, Stop
from actions.form_validation import ValidateForm
from actions.service_action import RunService
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ServiceId
from assistant.content.service_spec import Service, Terms


class BotAction(Protocol):
    """Something the dialogue engine can ask for by name."""

    @property
    def name(self) -> str:
        """What the dialogue engine calls it."""

    def __call__(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: object
    ) -> Awaitable[list[dict[str, Any]]]:
        """Utter through the dispatcher; what it returns are events for the tracker."""


def build_actions(
    services: Sequence[Service], terms: Terms, xroad: XRoadClient, turn_secret: str
) -> tuple[BotAction, ...]:
    """The actions of all services and of the conversation itself.

    Raises:
        ServiceRefused: a call names something that is no X-Road service.
    """
    for call in (call for service in services for call in service.calls):
        ServiceId.parse(call.service)
    inputs = dict.fromkeys(entry.slot for service in services for entry in service.inputs)
    return (
        *(RunService(service, terms, xroad, turn_secret) for service in services),
        *(ValidateForm(service) for service in services if service.form),
        Repeat(),
        Stop(tuple(inputs)),
    )


def build_executor(actions: Sequence[BotAction]) -> ActionExecutor:
    """rasa_sdk's executor with exactly these actions."""
    executor = ActionExecutor()
    for action in actions:
        executor.register_function(action.name, action)
    return executor
