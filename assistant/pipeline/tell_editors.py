"""What editors learn from turns: how many end how, what comes of requests and forms, which were understood badly."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from assistant.core.errors import KrattError
from assistant.core.inbox import Reason, Unclear, UnclearRequests
from assistant.core.masking import mask_request
from assistant.core.outcomes import Outcome
from assistant.core.ports import Session
from assistant.core.turn_counts import TurnCounts, TurnKind
from assistant.core.turns import Intent, Reply
from assistant.pipeline.follow_forms import FollowForms
from assistant.pipeline.follow_requests import FollowRequests
from assistant.pipeline.recent import Recent

UNSURE = 0.7
"""An intent that is acted upon with less confidence is worth a look (the threshold below which none is: config.yml)."""
BAD_GRADES = frozenset({1, 2})

_OUTCOMES = {
    Outcome.UNANSWERABLE_OUT_OF_SCOPE: Reason.OUT_OF_SCOPE,
    Outcome.UNANSWERABLE_NOT_UNDERSTOOD: Reason.NOT_UNDERSTOOD,
}
_OF_THE_ONE_BEFORE = {
    "deny": Reason.DENIED,
    "correct": Reason.CORRECTED,
    "speak_to_person": Reason.WANTED_A_PERSON,
}
"""Intents that say that the request before was answered wrongly."""

_log = logging.getLogger("kratt.turn")


@dataclass(frozen=True)
class _Before:
    """The turn before: its request, if it was clear, and whether its reply asked for something."""

    request: Unclear | None
    has_asked: bool


@dataclass(frozen=True)
class TellEditors:
    """Looks at each turn after it was answered; `harmless` are values that may be read by anybody.

    What answers a question is never left, for it may be a value of the citizen's. The turn before is remembered in
    memory alone, masked.
    """

    requests: UnclearRequests
    counts: TurnCounts
    follow: FollowRequests
    forms: FollowForms
    harmless: Collection[str] = ()
    before: Recent[_Before] = field(default_factory=Recent)

    def forget(self) -> None:
        """Keep nothing of anybody."""
        self.before.forget()
        self.follow.followed.forget()
        self.forms.followed.forget()

    async def __call__(self, text: str, reply: Reply, session: Session, channel: str) -> None:
        """Count a turn, and leave what it shows to have been unclear."""
        intent = reply.understanding.intent
        self.counts.count(TurnKind(channel, reply.language.value, intent.name if intent else "", reply.outcome.value))
        before = self.before.of(session.dialogue_id) or _Before(None, has_asked=False)
        self.follow.turn(reply, session.dialogue_id, channel, is_answer=before.has_asked)
        self.forms.turn(reply, session.dialogue_id, channel)
        if intent is None:
            return
        request: Unclear | None = None
        if before.has_asked:
            pass
        elif reason := _OF_THE_ONE_BEFORE.get(intent.name):
            if before.request:
                self.follow.mistaken(before.request.intent, session.dialogue_id)
            await self._leave(before.request, reason)
        else:
            request = self._request(text, reply, session, channel, intent)
            if reply.outcome in _OUTCOMES or intent.confidence < UNSURE:
                await self._leave(request, request.reason)
                request = None
        self.before.note(session.dialogue_id, _Before(request, reply.expected is not None))

    async def rated(self, grade: int, session: Session) -> None:
        """A citizen thinks this of the conversation."""
        self.follow.rated(grade, session.dialogue_id)
        before = self.before.of(session.dialogue_id)
        if before and grade in BAD_GRADES:
            self.before.note(session.dialogue_id, replace(before, request=None))
            await self._leave(before.request, Reason.RATED_BADLY)

    def _request(self, text: str, reply: Reply, session: Session, channel: str, intent: Intent) -> Unclear:
        return Unclear(
            text=mask_request(text, reply.understanding.entities, self.harmless),
            language=reply.language,
            channel=channel,
            reason=_OUTCOMES.get(reply.outcome, Reason.UNSURE),
            intent=intent.name,
            confidence=intent.confidence,
            person=session.subject or session.dialogue_id,
        )

    async def _leave(self, request: Unclear | None, reason: Reason) -> None:
        try:
            if request:
                await self.requests.note(replace(request, reason=reason))
        except KrattError as error:  # the citizen has their answer
            _log.warning("an unclear request was not kept", extra={"facts": {"code": error.code}})
