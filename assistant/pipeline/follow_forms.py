"""Follows each form through its dialogue, from the turn that begins it to its end, and counts how far citizens get."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from assistant.core.form_counts import CONFIRM, HEARD, LATER, LOGIN, PHONE, WHOLE, FormCame, FormCounts
from assistant.core.outcomes import Outcome
from assistant.core.request_counts import RequestKind
from assistant.core.turns import OpenQuestion, Reply
from assistant.pipeline.recent import Recent

_OPEN = frozenset({CONFIRM, PHONE, HEARD, LATER})
"""What a service may wait for besides its inputs while its form is not done."""


@dataclass
class _Form:
    """A form under way, and what was counted of it, each thing once; `tries`: how often its question was asked anew."""

    kind: RequestKind
    counts: FormCounts
    waits: str = ""
    tries: int = 0
    is_doubted: bool = False
    counted: dict[tuple[str, FormCame], None] = field(default_factory=dict)

    def count(self, step: str, what: FormCame) -> None:
        """One more of these, if it is the first of this form."""
        if (step, what) not in self.counted:
            self.counted[step, what] = None
            self.counts.count(self.kind, step, what)

    def wait(self, question: OpenQuestion) -> None:
        """It waits for an answer, or for its turn."""
        if question.asked == HEARD:
            self.is_doubted = True
        elif question.asked != LATER:
            self.ask(question.asked, question.tries)

    def ask(self, step: str, tries: int) -> None:
        """It waits for a step, for the first time or not."""
        if step != self.waits and (step, FormCame.ASKED) not in self.counted:
            self.go_on()  # to a question that had been asked before it goes back
            self.count(step, FormCame.ASKED)
        elif step == self.waits and (tries > self.tries or self.is_doubted):
            self.count(step, FormCame.AGAIN)
        self.waits, self.tries, self.is_doubted = step, tries, False

    def go_on(self) -> None:
        """Whatever was asked has been answered."""
        for step in self._unanswered():
            self.count(step, FormCame.ANSWERED)

    def end(self, what: FormCame) -> None:
        """It is done, or failed when everything had been said."""
        self.go_on()
        self.count(WHOLE, what)

    def leave(self, why: FormCame) -> None:
        """The citizen does something else than answer."""
        if left := self._unanswered():
            self.count(self.waits if self.waits in left else left[-1], why)

    def _unanswered(self) -> list[str]:
        asked = [step for step, what in self.counted if what is FormCame.ASKED]
        return [step for step in asked if (step, FormCame.ANSWERED) not in self.counted]


@dataclass(frozen=True)
class _Followed:
    """Forms of a dialogue that are under way, by service, and the service that was spoken of last."""

    forms: Mapping[str, _Form] = field(default_factory=dict)
    last: str = ""


@dataclass(frozen=True)
class FollowForms:
    """Counts by what turns show; what is followed is in memory alone, by kind, without words.

    `services` are those with a form. Who never comes back is not noticed: they were asked and have not answered.
    """

    services: Collection[str]
    counts: FormCounts
    followed: Recent[_Followed] = field(default_factory=Recent)

    def turn(self, reply: Reply, dialogue_id: str, channel: str) -> None:
        """A turn is over."""
        if reply.open_questions is None and not reply.is_called_off:
            return  # no service was looked at
        before = self.followed.of(dialogue_id) or _Followed()
        waiting = {each.service: each for each in reply.open_questions or () if self._is_open(each)}
        forms = dict(before.forms)
        for service in (*waiting, *([reply.service] if self._is_at_once(reply, before) else [])):
            if service not in forms:
                kind = RequestKind(service, reply.language.value, channel)
                forms[service] = _Form(kind, self.counts)
                forms[service].count(WHOLE, FormCame.BEGAN)
        open_still = {each: form for each, form in forms.items() if _is_followed(form, waiting.get(each), reply)}
        if reply.outcome is Outcome.HANDED_OVER and (left := [each for each in waiting if each in open_still]):
            open_still[left[-1]].leave(FormCame.PERSON)
        self.followed.note(dialogue_id, _Followed(open_still, reply.service or before.last))

    def _is_open(self, question: OpenQuestion) -> bool:
        is_asked = question.asked in _OPEN or not question.asked.startswith("?")
        return question.service in self.services and is_asked

    def _is_at_once(self, reply: Reply, before: _Followed) -> bool:
        """Whether the turn begins a form that it ends, too; what is said again does not."""
        intent = reply.understanding.intent
        is_asked = (intent is not None and intent.name == reply.service) or before.last != reply.service
        return reply.service in self.services and is_asked and not reply.is_called_off


def _is_followed(form: _Form, question: OpenQuestion | None, reply: Reply) -> bool:
    """Count what a turn did to a form; whether it is under way still."""
    if question is not None:
        form.wait(question)
        return True
    if reply.is_called_off:
        form.leave(FormCame.STOPPED)
        return False
    if form.kind.service != reply.service:
        return form.waits == LOGIN  # who has to log in asks for it anew
    if reply.outcome is Outcome.ASKED_LOGIN:
        form.ask(LOGIN, 0)
        return True
    if reply.outcome.family == "failed":
        form.end(FormCame.FAILED)
    elif reply.outcome.family == "answered" and reply.outcome is not Outcome.ANSWERED_ELSEWHERE:
        form.end(FormCame.DONE)
    return False
