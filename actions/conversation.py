"""Actions about the conversation itself: say it again, stop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT

from assistant.core.outcomes import Outcome

STOP_RESPONSE = "utter_stop"
NOTHING_TO_REPEAT_RESPONSE = "utter_nothing_to_repeat"

_ANSWERED: Mapping[str, object] = {"outcome": Outcome.ANSWERED.value, "act_ms": 0.0}  # nobody outside is asked

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Repeat:
    """Says the last reply again, word for word and with its sources."""

    name: str = "action_repeat"

    async def __call__(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: object
    ) -> list[dict[str, Any]]:
        """Utter what was uttered in the latest turn that had a reply."""
        reply = last_reply(tracker.events_after_latest_restart())
        if tracker.active_loop_name:
            # The open form asks its question again by itself.
            reply = tuple(event for event in reply if not _is_question(event))
            if not reply:
                return []
        if not reply:
            dispatcher.utter_message(response=NOTHING_TO_REPEAT_RESPONSE, json_message=_ANSWERED)
        for event in reply:
            facts = {**_ANSWERED, **_facts_of(event)} if event is reply[-1] else None
            dispatcher.utter_message(text=event["text"], buttons=_buttons(event), json_message=facts)
        return []


@dataclass(frozen=True)
class Stop:
    """Leaves the form and forgets the inputs of all services."""

    input_slots: tuple[str, ...]
    name: str = "action_stop"

    async def __call__(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: object
    ) -> list[dict[str, Any]]:
        """Utter that we stopped."""
        dispatcher.utter_message(response=STOP_RESPONSE, json_message=_ANSWERED)
        return [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None), *(SlotSet(slot, None) for slot in self.input_slots)]


def last_reply(events: Sequence[Event]) -> tuple[Event, ...]:
    """The messages of the latest turn that had any, before the turn that is under way."""
    reply: list[Event] = []
    turn_under_way = True
    for event in reversed(events):
        if event["event"] == "user":
            if reply:
                break
            turn_under_way = False
        elif event["event"] == "bot" and event.get("text") and not turn_under_way:
            reply.append(event)
    return tuple(reversed(reply))


def _facts_of(event: Event) -> dict[str, object]:
    facts = _data(event).get("custom") or {}
    kept = {key: facts[key] for key in ("service", "sources") if key in facts}
    if facts.get("outcome") == Outcome.ASKED_LOGIN.value:  # the page offers the login again
        kept["outcome"] = Outcome.ASKED_LOGIN.value
    return kept


def _is_question(event: Event) -> bool:
    response = (event.get("metadata") or {}).get("utter_action") or ""
    return str(response).startswith("utter_ask_")


def _buttons(event: Event) -> list[dict[str, str]]:
    return _data(event).get("buttons") or []


def _data(event: Event) -> Mapping[str, Any]:
    return event.get("data") or {}
