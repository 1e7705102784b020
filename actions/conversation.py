"""The action about the conversation itself: say it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from assistant.content.own_responses import NOTHING_TO_REPEAT
from assistant.core.outcomes import Outcome

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
        if not reply:
            dispatcher.utter_message(response=NOTHING_TO_REPEAT, json_message=_ANSWERED)
        for event in reply:
            facts = {**_ANSWERED, **_facts_of(event)} if event is reply[-1] else None
            dispatcher.utter_message(text=event["text"], buttons=_buttons(event), json_message=facts)
        return []


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
    if str(facts.get("outcome")).startswith("asked_"):  # the page offers the login again, the question is still open
        kept["outcome"] = facts["outcome"]
    return kept


def _buttons(event: Event) -> list[dict[str, str]]:
    return _data(event).get("buttons") or []


def _data(event: Event) -> Mapping[str, Any]:
    return event.get("data") or {}
