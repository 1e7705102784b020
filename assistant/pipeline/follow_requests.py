"""Follows each request through its dialogue, from the turn that asks to the one that answers, and counts what came."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from assistant.core.outcomes import Outcome
from assistant.core.publishing import grade
from assistant.core.request_counts import NO_SERVICE, Came, RequestCounts, RequestKind
from assistant.core.turns import Reply
from assistant.pipeline.recent import Recent

NOT_UNDERSTOOD = frozenset({Outcome.UNANSWERABLE_OUT_OF_SCOPE, Outcome.UNANSWERABLE_NOT_UNDERSTOOD})
_ENDS = {"answered": Came.SOLVED, "failed": Came.FAILED}
"""By the family of an outcome."""


@dataclass(frozen=True)
class _Followed:
    """Requests of a dialogue that nothing has come of yet, and the one that was spoken of last."""

    open: tuple[RequestKind, ...] = ()
    last: RequestKind | None = None
    is_handed_over: bool = False


@dataclass(frozen=True)
class FollowRequests:
    """Counts by what turns show; what is followed is in memory alone, by kind, without words.

    Of several requests in one turn, the one that was dealt with last is followed.
    """

    services: Collection[str]
    counts: RequestCounts
    followed: Recent[_Followed] = field(default_factory=Recent)

    def turn(self, reply: Reply, dialogue_id: str, channel: str, *, is_answer: bool) -> None:
        """A turn is over; `is_answer`: it answered a question."""
        followed = self.followed.of(dialogue_id) or _Followed()
        if reply.outcome in NOT_UNDERSTOOD and not is_answer:
            followed = self._not_understood(followed, RequestKind(NO_SERVICE, reply.language.value, channel))
        elif reply.outcome is Outcome.HANDED_OVER:
            followed = self._handed_over(followed)
        elif reply.service in self.services:
            followed = self._served(followed, RequestKind(reply.service, reply.language.value, channel), reply)
        self.followed.note(dialogue_id, followed)

    def mistaken(self, intent: str, dialogue_id: str) -> None:
        """The citizen objects to the answer to what was taken for this intent."""
        followed = self.followed.of(dialogue_id)
        if followed and followed.last and followed.last.service == intent:
            self.counts.count(followed.last, Came.MISTAKEN.value)

    def rated(self, number: int, dialogue_id: str) -> None:
        """The citizen gives this grade, which goes to the request spoken of last."""
        followed = self.followed.of(dialogue_id)
        if followed and followed.last:
            self.counts.count(followed.last, grade(number))

    def _not_understood(self, followed: _Followed, kind: RequestKind) -> _Followed:
        self.counts.count(kind, Came.ASKED.value)
        self.counts.count(kind, Came.MISTAKEN.value)
        return replace(followed, last=kind, is_handed_over=False)

    def _handed_over(self, followed: _Followed) -> _Followed:
        kind = followed.open[-1] if followed.open else followed.last
        if kind and not followed.is_handed_over:  # each turn with the person is handed over anew
            self.counts.count(kind, Came.HANDED_OVER.value)
        return _Followed(last=kind, is_handed_over=True)

    def _served(self, followed: _Followed, kind: RequestKind, reply: Reply) -> _Followed:
        known = next((each for each in followed.open if each.service == kind.service), None)
        intent, last = reply.understanding.intent, followed.last
        # "Say that again" is about the same service, too, and asks for nothing.
        is_asked = (intent and intent.name == kind.service) or not last or last.service != kind.service
        if known is None and not is_asked:
            return followed
        if known is None:
            self.counts.count(kind, Came.ASKED.value)
        kind = known or kind
        still_open = tuple(each for each in followed.open if each != kind)
        if reply.is_called_off:
            pass  # neither solved nor failed
        elif end := _ENDS.get(reply.outcome.family):
            self.counts.count(kind, end.value)
        else:
            still_open = (*still_open, kind)
        return _Followed(still_open, kind)
