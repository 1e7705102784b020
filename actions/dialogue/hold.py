"""One turn of the dialogue: which open service the words are for, and what is said (docs/adr/0009)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from actions.dialogue import ladder, person
from actions.dialogue.answers import STOP_INTENT, ReadAnswer
from actions.dialogue.consenting import begins_with_no, cut, languages
from actions.dialogue.denying import refuses, refuses_to_stop
from actions.dialogue.flow import Asking, ServiceFlow
from actions.dialogue.frames import (
    CONFIRM,
    DONE,
    HEARD,
    LATER,
    MEANT,
    MORE,
    OF_NO_SERVICE,
    OFFER,
    PERSON,
    PHONE,
    TRANSCRIPT,
    WAITS,
    Frame,
    Offered,
    Stack,
    owner_of,
    push,
)
from actions.dialogue.heard import Heard
from actions.dialogue.interpreting import slots_of
from actions.dialogue.saying import Step, Utterance
from actions.dialogue.saying_yes import says, says_what_instead
from actions.dialogue.several import joined, order
from actions.dialogue.situation import Reading
from actions.dialogue.telling import way_of
from actions.dialogue.words import DIALOGUE_WORDS
from assistant.content.compile import FALLBACK, SPEAK_TO_PERSON_INTENT
from assistant.content.own_responses import (
    ALL_RIGHT,
    NOT_WANTED,
    OFFER_PREFIX,
    RETURN_TO,
    SPEAK_TO_PERSON,
    STOPPED,
    TRY_AGAIN,
)
from assistant.content.service_spec import Service
from assistant.core.channels import Way
from assistant.core.desk import Reason
from assistant.core.outcomes import Outcome


@dataclass(frozen=True)
class Turn:
    """What a turn comes to: what is said, and what stays open."""

    said: tuple[Utterance, ...]
    stack: Stack
    outcome: Outcome | None
    sources: tuple[str, ...] = ()
    service: str | None = None


@dataclass(frozen=True)
class HoldDialogue:
    """The dialogue of all services; one for the life of the process."""

    services: Mapping[str, Service]
    flow: ServiceFlow
    read_answer: ReadAnswer

    async def __call__(self, stack: Stack, turn: Asking) -> Turn:
        """Take the words as an answer to the service on top, as a request to another one, or as small talk."""
        still_known = self._still_known(stack, turn)
        if turn.heard.intent == STOP_INTENT and not _is_done_on_phone(still_known, turn):
            return await self._stop(still_known, turn)
        if len(requests := [each for each in turn.heard.requests if each.intent in self.services]) > 1:
            return await self._several(still_known, requests, turn)
        if not stack or stack[-1:] != still_known[-1:]:
            return await self._request(still_known, turn)
        return await self._answer(still_known, turn)

    async def _answer(self, stack: Stack, turn: Asking) -> Turn:
        """The words, taken with the question of the service on top in mind."""
        top = stack[-1]
        if top.asked == MEANT:
            return await self._meant(stack, turn)
        if top.asked in {PERSON, TRANSCRIPT}:
            return await self._to_person(stack, turn)
        if top.asked == HEARD:
            return await self._heard_right(stack, turn)
        return await self._read(stack, turn)

    async def _read(self, stack: Stack, turn: Asking, before: Mapping[str, str] | None = None) -> Turn:
        top = stack[-1]
        reading = await self.read_answer(self.services[top.service], top, turn)
        match reading.kind:
            case "request":
                if reading.rest:
                    stack = (*stack[:-1], replace(top, values=reading.values, tries=0, out=()))
                    turn = replace(turn, heard=reading.rest)
                return await self._request(self._without_idle_top(stack, turn), turn, top)
            case "aside":
                return self._aside(stack, reading, turn)
            case "leave":
                return await self._finish(stack, Step(reading.said, outcome=Outcome.ANSWERED), turn)
            case _:
                if top.asked == OFFER:
                    return await self._offered(stack, reading, turn)
                return await self._go_on(stack, reading, turn, before)

    async def _heard_right(self, stack: Stack, turn: Asking) -> Turn:
        """The answer to whether a value was heard right; what is no yes answers the question for that value anew."""
        top, said = stack[-1], says(turn.heard)
        if said == "yes":
            return await self._go_on((*stack[:-1], replace(top, doubted=())), Reading("answer", top.values), turn)
        asked = top.without_doubted()
        stack = (*stack[:-1], asked)
        if said == "no" and not says_what_instead(turn.heard):
            return await self._go_on(stack, Reading("answer", asked.values), turn)
        # Who says the same again has said that it was heard right.
        return await self._read(stack, turn, before=top.values)

    async def _go_on(
        self, stack: Stack, reading: Reading, turn: Asking, before: Mapping[str, str] | None = None
    ) -> Turn:
        """The service on top takes what was said, and does what was confirmed; `before` are its values until now."""
        top, service = stack[-1], self.services[stack[-1].service]
        frame = replace(top, values=reading.values, asked=None, tries=0, out=())
        if reading.kind == "confirm":
            step = await self.flow.confirmed(service, replace(frame, asked=top.asked), turn)
        else:
            offset = top.offset if top.asked == MORE else 0
            before = top.values if before is None else before
            step = await self.flow.advance(service, replace(frame, offset=offset), turn, before=before)
        below = stack[:-1]
        for values in reversed(reading.also):
            below = push(below, Frame(top.service, top.owner, asked=LATER, values=values))
        return await self._finish(push(below, top), step.after(*reading.said), turn)

    async def _request(self, stack: Stack, turn: Asking, last: Frame | None = None) -> Turn:
        """A new request, on top of whatever is open; words that are none leave the stack as it is."""
        service = self.services.get(turn.heard.intent)
        if service is None and turn.heard.intent in {"", FALLBACK}:
            return await self._not_understood(stack, turn, last)
        if turn.heard.intent == SPEAK_TO_PERSON_INTENT:
            step = person.offer(Reason.ASKED, stack[-1].service if stack else "", turn)
            return Turn(step.said, push(stack, step.frame) if step.frame else stack, step.outcome)
        if service is None:
            return Turn((Utterance(f"utter_{turn.heard.intent}"),), stack, None)
        frame = Frame(service.service, owner_of(turn.asker.subject), values=self._still_meant(service, last))
        return await self._finish(push(stack, frame), await self._begin(frame, turn), turn)

    async def _not_understood(self, stack: Stack, turn: Asking, last: Frame | None) -> Turn:
        """What is asked next, in other words than before; below what was just left, its question stands again."""
        if stack:
            resumed = await self._resume(stack, turn)
            return replace(resumed, said=(Utterance(TRY_AGAIN), *resumed.said))
        return _asked(ladder.next_rung(self.services, last if last and last.asked == MEANT else None, turn))

    async def _meant(self, stack: Stack, turn: Asking) -> Turn:
        """The answer to what words were to mean: a service begins, or the next thing is asked."""
        top, below = stack[-1], stack[:-1]
        match ladder.answer(self.services, top, turn):
            case Offered() as meant:
                frame = Frame(meant.service, owner_of(turn.asker.subject), values=meant.values)
                step = await self.flow.advance(self.services[meant.service], frame, turn)
                return await self._finish(push(below, frame), step, turn)
            case Step() as step:
                return _asked(step)
            case None:
                return await self._request(below, turn, top)

    async def _to_person(self, stack: Stack, turn: Asking) -> Turn:
        """The answer to whether a person is wanted; what is under way waits while the citizen talks with them."""
        top, below = stack[-1], stack[:-1]
        step = person.answer(top, turn)
        if step is None:
            return await self._request(below, turn, top)
        if step.frame or person.is_called(step):
            return Turn(step.said, (*below, step.frame) if step.frame else below, step.outcome)
        return await self._finish(stack, step, turn)

    async def _begin(self, frame: Frame, turn: Asking) -> Step:
        """The first step of a service that was asked for; none, if the words ask that it be not done."""
        service = self.services[frame.service]
        if refuses(turn.heard, slots_of(service)):
            said = Utterance(NOT_WANTED, {"title": service.title[turn.words.language]})
            return Step((said,), outcome=Outcome.ANSWERED)
        return await self.flow.advance(service, frame, turn, is_request=True)

    async def _several(self, stack: Stack, requests: Sequence[Heard], turn: Asking) -> Turn:
        """Several requests at once: what can be answered is, then the first that has to ask asks, the others wait."""
        stack = self._without_idle_top(stack, turn) if stack else stack
        steps: list[Step] = []
        for heard in requests:
            stack = _without_offer_of(heard.intent, stack)
            stack, step = await self._take_one(stack, replace(turn, heard=heard))
            steps.append(step)
        answered, asking = order(steps)
        for waiting in reversed(asking[1:]):
            if frame := waiting.frame:
                stack = push(stack, replace(frame, asked=LATER, offset=0, confirmation=None))
        asked_for = {heard.intent for heard in requests}
        top = next((step.frame for step in (*asking, *answered) if step.frame), Frame(requests[0].intent))
        return await self._finish(push(stack, top), joined(answered, asking[:1], asked_for), turn)

    async def _take_one(self, stack: Stack, turn: Asking) -> tuple[Stack, Step]:
        """One of several requests; the open service takes it for an answer if it is about itself."""
        if stack and stack[-1].service == turn.heard.intent and stack[-1].asked != OFFER:
            top, service = stack[-1].without_doubted(), self.services[stack[-1].service]
            reading = await self.read_answer(service, top, turn)
            if reading.kind == "leave":
                return stack[:-1], Step(reading.said, outcome=Outcome.ANSWERED)
            values = reading.values if reading.kind == "answer" else top.values
            return stack[:-1], await self.flow.advance(service, replace(top, asked=None, values=values), turn)
        frame = Frame(self.services[turn.heard.intent].service, owner_of(turn.asker.subject))
        return stack, await self._begin(frame, turn)

    async def _stop(self, stack: Stack, turn: Asking) -> Turn:
        """The end of all that is open; "i do not want to cancel" goes on with it."""
        if not stack or not refuses_to_stop(turn.heard):
            return Turn((Utterance(STOPPED),), (), Outcome.ANSWERED)
        if stack[-1].asked in {DONE, *OF_NO_SERVICE}:
            return Turn((Utterance(ALL_RIGHT),), stack, Outcome.ANSWERED)
        if stack[-1].asked == MORE:
            return await self._go_on(stack, Reading("answer", stack[-1].values), turn)
        return await self._resume(stack, turn)

    def _still_known(self, stack: Stack, turn: Asking) -> Stack:
        """The stack without what the content no longer has, or may not be said here: either changes meanwhile."""
        kept = [
            replace(frame, offers=tuple(each for each in frame.offers if each.service in self.services))
            for frame in stack
            if self._can_go_on(frame, turn)
        ]
        return tuple(frame for frame in kept if frame.asked != OFFER or frame.offers)

    def _can_go_on(self, frame: Frame, turn: Asking) -> bool:
        service = self.services.get(frame.service)
        if frame.asked in OF_NO_SERVICE:
            return True
        if service is None or not (frame.asked in WAITS or service.input(frame.asked or "")):
            return False
        return way_of(service, turn.asker, is_act=frame.asked in {CONFIRM, PHONE}) is Way.SAY

    @staticmethod
    def _still_meant(service: Service, last: Frame | None) -> dict[str, str]:
        """What was chosen in the same service just before: "send an inquiry" is about the entry that was spoken of."""
        if last is None or last.asked != DONE or last.service != service.service:
            return {}
        chosen = [entry.slot for entry in service.inputs if entry.choose and entry.required]
        return {slot: last.values[slot] for slot in chosen if slot in last.values}

    def _without_idle_top(self, stack: Stack, turn: Asking) -> Stack:
        """The stack without what is over once something else is said; an offer outlives another request only."""
        top = stack[-1]
        is_left = turn.heard.intent not in self.services or begins_with_no(turn.heard.text, turn.heard.language)
        is_idle = top.asked in {MORE, DONE, *OF_NO_SERVICE} or (top.asked == OFFER and is_left)
        return stack[:-1] if is_idle else stack

    async def _finish(self, stack: Stack, step: Step, turn: Asking) -> Turn:
        """The turn after a step of the service on top; when that is over, what was left lies on top again."""
        top, below = stack[-1], _without_offer_of(stack[-1].service, stack[:-1])
        if step.frame and step.frame.asked != DONE:
            return Turn(step.said, (*below, step.frame), step.outcome, step.sources, top.service)
        open_already = {name for frame in below for name in (frame.service, *(each.service for each in frame.offers))}
        offers = tuple(each for each in step.offers if each.service not in open_already)
        # Who asked something in between wants to go on with what was interrupted.
        if offers and not any(frame.asked not in {OFFER, DONE} for frame in below):
            waiting = Frame(top.service, top.owner, asked=OFFER, offers=offers)
            said = (*step.said, Utterance(f"{OFFER_PREFIX}{offers[0].service}"))
            return Turn(said, (*below, waiting), step.outcome, step.sources, top.service)
        if not below:
            left = (step.frame,) if step.frame else ()
            return Turn(step.said, left, step.outcome, step.sources, top.service)
        resumed = await self._resume(below, turn, after=top.service)
        heard_of = tuple(dict.fromkeys((*step.sources, *resumed.sources)))
        return Turn((*step.said, *resumed.said), resumed.stack, step.outcome, heard_of, top.service)

    async def _resume(self, stack: Stack, turn: Asking, after: str | None = None) -> Turn:
        """The question of the service on top, asked again; or what was asked for together with what is done now."""
        top = stack[-1].without_doubted()
        service = self.services[top.service]
        if top.asked == MORE:
            return Turn((), stack[:-1], None) if len(stack) == 1 else await self._resume(stack[:-1], turn, after)
        if top.asked == OFFER:
            return Turn((Utterance(f"{OFFER_PREFIX}{top.offers[0].service}"),), stack, None)
        step = await self.flow.advance(service, replace(top, asked=None), turn)
        # "Both" is one matter, not another one that one comes back to.
        is_same = top.asked == LATER and top.service == after
        back = () if is_same else (Utterance(RETURN_TO, {"title": service.title[turn.words.language]}),)
        return await self._finish(stack, step.after(*back), turn)

    @staticmethod
    def _aside(stack: Stack, reading: Reading, turn: Asking) -> Turn:
        """Something said beside the question, which stays open; if a person is wanted, that is asked first."""
        if reading.said[0].response == SPEAK_TO_PERSON:
            step = person.offer(Reason.ASKED, stack[-1].service, turn)
            if step.frame:
                return Turn(step.said, push(stack, step.frame), step.outcome, service=stack[-1].service)
            reading = replace(reading, said=(*step.said, *reading.said[1:]))
        out = reading.out or (() if reading.asked else stack[-1].out)
        confirmation = None if reading.is_unclear else stack[-1].confirmation
        asked = reading.asked or stack[-1].asked
        top = replace(stack[-1], tries=reading.tries, asked=asked, out=out, confirmation=confirmation)
        return Turn(reading.said, (*stack[:-1], top), reading.outcome or Outcome.ASKED_DETAIL, service=top.service)

    async def _offered(self, stack: Stack, reading: Reading, turn: Asking) -> Turn:
        top, below = stack[-1], stack[:-1]
        taken, left = top.offers[0], top.offers[1:]
        rest = (*below, replace(top, offers=left, tries=0)) if left else below
        if reading.kind == "no":
            if not left:
                return await self._finish(stack, Step((Utterance(ALL_RIGHT),), outcome=Outcome.ANSWERED), turn)
            return Turn(
                (Utterance(f"{OFFER_PREFIX}{left[0].service}"),), rest, Outcome.ASKED_DETAIL, service=top.service
            )
        frame = Frame(taken.service, owner_of(turn.asker.subject), values=taken.values)
        # "Yes, but for the ID card": what is named now counts more than what was offered.
        step = await self.flow.advance(self.services[taken.service], frame, turn, is_request=True)
        return await self._finish(push(rest, frame), replace(step, offers=() if left else step.offers), turn)


def _is_done_on_phone(stack: Stack, turn: Asking) -> bool:
    """Whether "done" is said of the phone, for which Kratt asked; elsewhere it ends what is open."""
    is_asked = bool(stack) and stack[-1].asked == PHONE
    return is_asked and any(
        not DIALOGUE_WORDS[each].finished.isdisjoint(cut(turn.heard.text, each).words)
        for each in languages(turn.heard.language)
    )


def _asked(step: Step) -> Turn:
    """The turn of a step that is all there is."""
    return Turn(step.said, (step.frame,) if step.frame else (), step.outcome)


def _without_offer_of(service: str, stack: Stack) -> Stack:
    """The stack without offers of a service that the citizen has asked for by themselves."""
    kept = [replace(frame, offers=tuple(each for each in frame.offers if each.service != service)) for frame in stack]
    return tuple(frame for frame in kept if frame.asked != OFFER or frame.offers)
