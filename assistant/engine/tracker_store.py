"""A tracker store in which a long conversation costs no more than a short one."""

import copy
import itertools
import time
from collections.abc import Iterator

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

MOST_EVENTS = 60
"""Events of a session before a new one begins: about eight turns."""


class SessionTrackerStore(SQLTrackerStore):
    """Rasa's SQL store, which begins a new session when the old one has grown long.

    Rasa loads, copies and sends to the action server every event since the last session start, several times a turn.
    Between two requests nothing but the slots and the last words (for "repeat") matters: only they are carried over.
    """

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the turn, and close the session behind it if it is long and no form is open."""
        if len(tracker.events) > MOST_EVENTS and not tracker.active_loop_name:
            for event in list(_new_session(tracker)):
                tracker.update(event, self.domain)
        await super().save(tracker)


def _new_session(tracker: DialogueStateTracker) -> Iterator[Event]:
    # Rasa finds a session by its timestamp: everything carried over must be younger than the start.
    now = time.time()
    yield ActionExecuted(ACTION_SESSION_START_NAME, timestamp=now)
    yield SessionStarted(timestamp=now)
    for slot in tracker.slots.values():
        if slot.value != slot.initial_value:
            yield SlotSet(slot.name, slot.value, timestamp=now)
    for event in _last_words(tracker):
        carried = copy.deepcopy(event)
        carried.timestamp = now
        yield carried
    yield ActionExecuted(ACTION_LISTEN_NAME, timestamp=now)


def _last_words(tracker: DialogueStateTracker) -> list[BotUttered]:
    said = itertools.takewhile(lambda event: not isinstance(event, UserUttered), reversed(tracker.events))
    return [event for event in said if isinstance(event, BotUttered)][::-1]
