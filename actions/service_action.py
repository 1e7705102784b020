"""The action that takes a turn of the dialogue: between rasa_sdk's tracker and `HoldDialogue`."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.asker import asker_of
from actions.dialogue.flow import Asking
from actions.dialogue.frames import owner_of, read_stack, write_stack
from actions.dialogue.heard import Heard, hear
from actions.dialogue.hold import HoldDialogue, Turn
from actions.dialogue.questions import with_yes_and_no
from actions.dialogue.saying import Utterance
from actions.news import News
from actions.turn_context import TurnContexts
from actions.values.saying import SpokenValues
from assistant.content.compile import DIALOGUE_STACK
from assistant.content.own_responses import (
    APP_ASKED,
    APP_WAITING,
    CONFIRM_EXACTLY,
    CONFIRM_IN_WORDS,
    CONFIRM_QUESTION,
    CONSENT_MISSING_HERE,
    DESK_OFFER,
    DESK_TRANSCRIPT,
    HEARD_RIGHT,
    MEANT_ONE,
    MORE_QUESTION,
    OFFER_PREFIX,
    OFFER_STOP,
    PHONE_ASKED,
    PHONE_WAITING,
    SAY_PREFIX,
)
from assistant.core.errors import NotAllowed
from assistant.core.identity import TurnContext
from assistant.core.languages import Language
from assistant.core.speech_markup import made_plain
from assistant.core.turns import YES_NO

YES_NO_QUESTIONS = frozenset(
    {CONFIRM_QUESTION, MORE_QUESTION, MEANT_ONE, HEARD_RIGHT, DESK_OFFER, DESK_TRANSCRIPT, f"{SAY_PREFIX}{YES_NO}"},
)

LISTEN = FollowupAction("action_listen")
"""Ends the turn: a rule with the stack as its condition does not, once the stack is another than when it was chosen."""

_log = logging.getLogger("kratt.actions")


@dataclass(frozen=True)
class TakeTurn:
    """Takes a turn, as an action of rasa_sdk; every service's action, and the one that goes on, are this."""

    name: str
    hold: HoldDialogue
    news: News
    words: Mapping[Language, SpokenValues]
    contexts: TurnContexts

    async def __call__(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: object
    ) -> list[dict[str, Any]]:
        """Utter what is to be said, with the facts on the last message; keep what stays open."""
        started = time.perf_counter()
        context = self._context(tracker)
        heard = hear(tracker, context.language if context else "")
        asker = asker_of(context, tracker.sender_id)
        stack = read_stack(tracker.slots.get(DIALOGUE_STACK), owner_of(asker.subject))
        is_spoken = context is not None and context.is_spoken
        told = await self.news.untold(asker, heard.language)
        turn = await self.hold(stack, Asking(asker, heard, self.words[heard.language], is_spoken))
        _utter(dispatcher, (*told, *self._sent_on(turn, heard)), turn, started, self.words[heard.language])
        return [SlotSet(DIALOGUE_STACK, write_stack(turn.stack)), LISTEN]

    def _sent_on(self, turn: Turn, heard: Heard) -> tuple[Utterance, ...]:
        """What is said; a request that wants a consent waits on the citizen's own screen, where it is given."""
        service = self.hold.services.get(turn.service or "")
        if service is None:
            return turn.said
        # Words that ask for it again: a "yes", or what is said beside another matter, would not.
        request = heard.text if heard.intent == service.service else service.title[heard.language]
        return tuple(
            replace(each, own_screen=request) if each.response == CONSENT_MISSING_HERE else each for each in turn.said
        )

    def _context(self, tracker: Tracker) -> TurnContext | None:
        try:
            return self.contexts.take(tracker.latest_message.get("metadata"), tracker.sender_id)
        except NotAllowed as error:
            facts = {"action": self.name, "code": error.code, "detail": error.detail}
            _log.warning("turn context refused", extra={"facts": facts})
            return None


def _completed(utterance: Utterance, words: SpokenValues) -> Utterance:
    """With yes and no, where they answer it: to be clicked, and to be listened for."""
    is_offer = utterance.response.startswith(OFFER_PREFIX) and utterance.response != OFFER_STOP
    if is_offer or utterance.response in YES_NO_QUESTIONS:
        return with_yes_and_no(utterance, words)
    if utterance.response in {CONFIRM_IN_WORDS, CONFIRM_EXACTLY}:
        return with_yes_and_no(utterance, words, yes="i_confirm")
    if utterance.response in {PHONE_ASKED, PHONE_WAITING, APP_ASKED, APP_WAITING}:
        return with_yes_and_no(utterance, words, yes="phone_done")
    return utterance


def _utter(
    dispatcher: CollectingDispatcher, said: Sequence[Utterance], turn: Turn, started: float, words: SpokenValues
) -> None:
    facts: dict[str, object] = {"act_ms": round((time.perf_counter() - started) * 1000, 1)}
    if turn.outcome:
        facts["outcome"] = turn.outcome.value
    if turn.service:
        facts |= {"service": turn.service, "sources": list(turn.sources)}
    facts["open"] = [[frame.service, frame.asked or "", frame.tries] for frame in turn.stack if frame.service]
    completed = [_completed(each, words) for each in said]
    if waiting := list(dict.fromkeys(each.own_screen for each in said if each.own_screen)):
        facts["own_screen"] = waiting
    if consent_url := next((each.consent_url for each in said if each.consent_url), ""):
        facts["consent_url"] = consent_url
    if called := next((each.called for each in said if each.called), None):
        facts["called"] = dict(called)
    if completed and (expected := completed[-1].expected):
        facts["expected"] = asdict(expected)
    for at, utterance in enumerate(completed, start=1):
        dispatcher.utter_message(
            response=utterance.response,
            buttons=[{"title": title, "payload": title} for title in utterance.buttons],
            json_message=facts if at == len(said) else None,
            # Markup is the editors': a register's, or the citizen's own, would be obeyed and not be read back.
            **{name: made_plain(each) if isinstance(each, str) else each for name, each in utterance.values.items()},
        )
