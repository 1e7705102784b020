"""What the turn that is under way has run, for those who look at how a draft decides."""

from contextvars import ContextVar

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

ACTIONS: ContextVar[list[str]] = ContextVar("actions")
"""The list of who wants to know; it is filled when the turn is stored."""


def note_actions(tracker: DialogueStateTracker) -> None:
    """Fill the list, if there is one, with the names of the actions behind the latest message, in order."""
    actions = ACTIONS.get(None)
    if actions is None:
        return
    for event in tracker.events:
        if isinstance(event, UserUttered):
            actions.clear()
        elif isinstance(event, ActionExecuted) and event.action_name != ACTION_LISTEN_NAME:
            actions.append(event.action_name)
