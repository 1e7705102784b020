"""A service, taken as far as it gets without more words from the citizen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from actions.asker import Asker
from actions.dialogue import acting, needs, telling
from actions.dialogue.acting import Act, ActResult, ActState, Writer
from actions.dialogue.answering import Page, conclude, failure, failures, fault, next_services, sources
from actions.dialogue.doubting import doubtful
from actions.dialogue.fact_cache import FactCache
from actions.dialogue.filling import NO_FACTS, Facts, Filled, fill, next_missing, options, raw_values, spoken_values
from actions.dialogue.frames import CONFIRM, DONE, HEARD, MORE, Frame, Offered
from actions.dialogue.heard import Heard
from actions.dialogue.interpreting import take_request
from actions.dialogue.questions import question
from actions.dialogue.saying import Step, Utterance
from actions.dialogue.signing import sign
from actions.register_reading import Item, Reading, RegisterReader, read_item
from actions.values.saying import SpokenValues
from assistant.content.exchange_spec import Write
from assistant.content.input_spec import Input
from assistant.content.own_responses import (
    CHANGED,
    CONFIRM_IN_WORDS,
    CONFIRM_QUESTION,
    HEARD_RIGHT,
    LOGIN_REQUIRED,
    NOT_UNDERSTOOD,
    ON_BEHALF,
    WRITE_REFUSED,
    WRITE_UNAVAILABLE,
    WRITE_UNKNOWN,
)
from assistant.content.service_spec import Service
from assistant.content.spec import choose_case, holds
from assistant.core.errors import ServiceUnavailable, ServiceUnintelligible
from assistant.core.outcomes import Outcome


@dataclass(frozen=True)
class Asking:
    """One turn: who asks, what they said, the words to answer in, and whether the answer is listened to."""

    asker: Asker
    heard: Heard
    words: SpokenValues
    is_spoken: bool = False


@dataclass(frozen=True)
class Known:
    """What a service knows at one moment."""

    facts: Facts
    fillings: Mapping[str, Filled]

    @property
    def raw(self) -> dict[str, str]:
        """For conditions and addresses."""
        return raw_values(self.fillings, self.facts)


@dataclass(frozen=True)
class ServiceFlow:
    """Runs services; one for the life of the process."""

    reader: RegisterReader
    writer: Writer
    cache: FactCache

    async def advance(
        self,
        service: Service,
        frame: Frame,
        turn: Asking,
        *,
        is_request: bool = False,
        before: Mapping[str, str] | None = None,
    ) -> Step:
        """Read what is needed, and answer, ask for what is missing, or read back what will be done.

        `is_request`: the words are the citizen's request itself, and may name what can be chosen. `before`: the values
        before these words, if the frame has newer ones.
        """
        before = frame.values if before is None else before
        if closed := self._closed(service, frame, turn, is_request=is_request):
            return closed
        frame, known = await self._learn(service, frame, turn, is_request=is_request)
        doubted = doubtful(service, before, frame.values, turn.heard)
        if step := self._doubt(frame, doubted, known) or self._ended(service, frame, known, turn):
            return step
        missing = next_missing(service, known.fillings, known.facts)
        write = next((write for write in service.writes if holds(write.when, known.raw)), None)
        # Who must not do it is told so before they fill anything in for nothing, and once more before it is read back.
        if (
            write
            and (is_request or not missing)
            and (refused := await self._refused(write, service, frame, known, turn))
        ):
            return refused
        if missing:
            return self._ask(service, missing, frame, known, turn)
        return (
            self._read_back(service, write, frame, turn, known)
            if write
            else await self._answer(service, frame, turn, known)
        )

    def _ask(self, service: Service, missing: Input, frame: Frame, known: Known, turn: Asking) -> Step:
        if missing.choose and not options(service, missing, known.facts):
            return self._nothing_to_choose(service, missing, frame, known, turn)
        values = spoken_values(known.fillings, known.facts)
        asked = question(service, missing, values, known.facts, turn.words)
        # Whatever brought this question about was understood: it is asked as if for the first time.
        return Step((asked,), replace(frame, asked=missing.slot, tries=0), Outcome.ASKED_DETAIL)

    @staticmethod
    def _closed(service: Service, frame: Frame, turn: Asking, *, is_request: bool) -> Step | None:
        """What is said if this must not be said here; judged by the citizen's words, before any register is read."""
        values = take_request(service, frame.values, NO_FACTS, turn.heard) if is_request else frame.values
        raw = raw_values(fill(service, values, NO_FACTS, turn.words), NO_FACTS)
        way = telling.way_of(service, turn.asker, is_act=bool(needs.possible_writes(service, raw)))
        title = service.title[turn.words.language]
        # Words that ask for it again: a "yes", or what is said beside another matter, would not.
        request = turn.heard.text if turn.heard.intent == service.service else title
        if instead := telling.instead(way, request, title):
            return instead
        is_known = turn.asker.may_use(service)
        return None if is_known else Step((Utterance(LOGIN_REQUIRED),), outcome=Outcome.ASKED_LOGIN)

    @staticmethod
    def _doubt(frame: Frame, doubted: tuple[str, ...], known: Known) -> Step | None:
        words = ", ".join(known.fillings[slot].words for slot in doubted if slot in known.fillings)
        if not words:
            return None
        waiting = replace(frame, asked=HEARD, doubted=doubted)
        return Step((Utterance(HEARD_RIGHT, {"value": words}),), waiting, Outcome.ASKED_DETAIL)

    def _nothing_to_choose(self, service: Service, missing: Input, frame: Frame, known: Known, turn: Asking) -> Step:
        listed = missing.choose.calls if missing.choose else ()
        readings = [known.facts.readings[id_][1] for id_ in listed if id_ in known.facts.readings]
        if failed := [reading for reading in readings if reading.error]:
            said = failures(service, failed, turn.words)
            return self._end(frame, Step(said, outcome=Outcome.FAILED_REGISTER))
        none = choose_case(service.answers.none, known.raw) or NOT_UNDERSTOOD
        said = (Utterance(none, spoken_values(known.fillings, known.facts)),)
        step = Step(said, outcome=Outcome.ANSWERED, sources=self._sources(service, known, turn))
        # What is offered to everybody would be out of place; what is offered because of what was asked is not.
        return self._end(frame, step, next_services(service, known.raw, is_conditional=True))

    def _ended(self, service: Service, frame: Frame, known: Known, turn: Asking) -> Step | None:
        """The end of a service that cannot go on: one of its stops holds, or a register that a write needs is down."""
        if stop := next((case.say for case in service.stops if case.say and case.holds(known.raw)), None):
            said = Utterance(stop, spoken_values(known.fillings, known.facts))
            return self._end(frame, Step((said,), outcome=Outcome.ANSWERED))
        lacking = self._lacking(service, known) if needs.possible_writes(service, known.raw) else None
        if lacking and lacking.error:
            said = failure(service, lacking, turn.words)
            return self._end(frame, Step((said,), outcome=Outcome.FAILED_REGISTER))
        none = choose_case(service.answers.none, known.raw) if lacking else None
        if none:
            said = Utterance(none, spoken_values(known.fillings, known.facts))
            return self._end(frame, Step((said,), outcome=Outcome.ANSWERED))
        return None

    async def _refused(self, write: Write, service: Service, frame: Frame, known: Known, turn: Asking) -> Step | None:
        """The end of an act that the citizen must not do."""
        error = await self.writer.refusal(service, self._representing(service, known.fillings, turn.asker))
        if error is None:
            return None
        said = fault(WRITE_UNAVAILABLE, error, write.register_[turn.words.language], turn.words)
        outcome = Outcome.FAILED_REGISTER if error.retryable else Outcome.ANSWERED
        return self._end(frame, Step((said,), outcome=outcome))

    async def confirmed(self, service: Service, frame: Frame, turn: Asking) -> Step:
        """Do what was read back, if the registers still say the same, and the citizen's phone, where that is asked."""
        self.cache.forget(frame.id)
        frame, known = await self._learn(service, frame, turn)
        again = await self.advance(service, frame, turn)
        if again.frame is None or again.frame.asked != CONFIRM or frame.confirmation is None:
            return again
        if again.frame.confirmation != frame.confirmation:
            return again.after(Utterance(CHANGED))
        write = next(write for write in service.writes if holds(write.when, known.raw))
        act = self._act(service, write, frame, known, turn)
        if service.confirm == "sign":
            address = known.raw.get(service.phone_source[1])
            if step := await sign(self.writer, act, frame, turn.asker, address, turn.words):
                return step if step.frame else self._end(frame, step)
        return self._told(service, frame, act, await self.writer.submit(act, turn.asker), turn, known)

    async def known(self, service: Service, frame: Frame, turn: Asking) -> Known:
        """What the service knows, with the registers read that inputs depend on."""
        return (await self._learn(service, frame, turn))[1]

    async def _learn(
        self, service: Service, frame: Frame, turn: Asking, *, is_request: bool = False
    ) -> tuple[Frame, Known]:
        facts = self.cache.get(frame.id, turn.asker, service.mandates)
        while True:
            if is_request:
                frame = replace(frame, values=take_request(service, frame.values, facts, turn.heard))
            fillings = fill(service, frame.values, facts, turn.words)
            pending = needs.pending_calls(service, fillings, facts)
            if not pending:
                self.cache.put(frame.id, turn.asker, facts)
                return frame, Known(facts, fillings)
            raw = raw_values(fillings, facts)
            asker = self._representing(service, fillings, turn.asker)
            facts = facts.with_readings(await self.reader.read(service, pending, raw, asker, turn.words), raw)

    async def _answer(self, service: Service, frame: Frame, turn: Asking, known: Known) -> Step:
        raw = known.raw
        calls = needs.answer_calls(service, raw)
        left = [call for call in calls if known.facts.of(call, raw) is None]
        asker = self._representing(service, known.fillings, turn.asker)
        facts = known.facts.with_readings(await self.reader.read(service, left, raw, asker, turn.words), raw)
        self.cache.put(frame.id, turn.asker, facts)
        readings = [reading for call in calls if (reading := facts.of(call, raw))]
        answer = conclude(service, readings, known.fillings, facts, turn.words, Page(frame.offset, turn.is_spoken))
        said = (*self._on_behalf(service, known.fillings, turn), *answer.said)
        if answer.next_offset is None:
            self.cache.forget(frame.id)
            done = replace(frame, asked=DONE, offset=0)
            return Step(said, done, answer.outcome, answer.sources, answer.offers)
        waiting = replace(frame, asked=MORE, offset=answer.next_offset)
        return Step(said, waiting, answer.outcome, answer.sources)

    def _read_back(self, service: Service, write: Write, frame: Frame, turn: Asking, known: Known) -> Step:
        act = self._act(service, write, frame, known, turn)
        values = spoken_values(known.fillings, known.facts)
        headline = choose_case(service.answers.read_back, known.raw)
        question = CONFIRM_IN_WORDS if service.confirm == "in_words" else CONFIRM_QUESTION
        said = (
            *self._on_behalf(service, known.fillings, turn),
            *([Utterance(headline, values)] if headline else []),
            *acting.read_back(service, write, known.fillings, turn.words.language),
            Utterance(question),
        )
        waiting = replace(frame, asked=CONFIRM, confirmation=act.key)
        return Step(said, waiting, Outcome.ASKED_CONFIRMATION, self._sources(service, known, turn))

    def _told(self, service: Service, frame: Frame, act: Act, result: ActResult, turn: Asking, known: Known) -> Step:
        register = act.write.register_[turn.words.language]
        values = {**spoken_values(known.fillings, known.facts), "register": register}
        if receipt := _receipt(act, result, turn):
            raw = {**known.raw, **receipt.raw}
            done = choose_case(service.answers.done, raw)
            told = (Utterance(done, {**values, **receipt.words}),) if done else ()
            return self._end(frame, Step(told, outcome=Outcome.ANSWERED), next_services(service, raw))
        match result.state:
            case ActState.REFUSED:
                response = act.write.refusals.get(result.problem or "", WRITE_REFUSED)
                step = Step((Utterance(response, values),), outcome=Outcome.ANSWERED)
            case ActState.UNKNOWN | ActState.DONE:
                step = Step((Utterance(WRITE_UNKNOWN, values),), outcome=Outcome.ANSWERED_LATER)
            case ActState.NOT_SENT:
                said_why = fault(WRITE_UNAVAILABLE, result.error or ServiceUnavailable(), register, turn.words)
                step = Step((said_why,), outcome=Outcome.FAILED_REGISTER)
        return self._end(frame, step)

    def _end(self, frame: Frame, step: Step, offers: tuple[Offered, ...] = ()) -> Step:
        self.cache.forget(frame.id)
        return replace(step, frame=None, offers=offers)

    def _act(self, service: Service, write: Write, frame: Frame, known: Known, turn: Asking) -> Act:
        body = acting.body_of(write, known.fillings, known.facts)
        asker = self._representing(service, known.fillings, turn.asker)
        return Act(
            service=service,
            write=write,
            inputs=known.raw,
            body=body,
            key=self.writer.key(service, body, asker, frame.id),
            language=turn.words.language,
            represented=asker.represented,
        )

    @staticmethod
    def _representing(service: Service, fillings: Mapping[str, Filled], asker: Asker) -> Asker:
        entry = service.represented
        filled = fillings.get(entry.slot) if entry else None
        return replace(asker, represented=filled.raw) if filled else asker

    @staticmethod
    def _on_behalf(service: Service, fillings: Mapping[str, Filled], turn: Asking) -> tuple[Utterance, ...]:
        """For whom the citizen acts, said aloud, so that nobody is mistaken for another."""
        entry = service.represented
        if entry is None or entry.slot not in fillings:
            return ()
        label = entry.label[turn.words.language] if entry.label else service.title[turn.words.language]
        return (Utterance(ON_BEHALF, {"label": label, "value": fillings[entry.slot].words}),)

    @staticmethod
    def _lacking(service: Service, known: Known) -> Reading | None:
        """A reading without which nothing can be sent; of several registers to choose from, one may be down."""
        raw = known.raw
        listed = {id_ for entry in service.inputs if entry.choose for id_ in entry.choose.calls}
        early = needs.early_calls(service, raw) - listed
        readings = (known.facts.of(call, raw) for call in service.calls if call.id in early)
        phone = service.phone_source[0]  # a number that is not there is missed only when it is needed
        return next((r for r in readings if r and (r.error or not (r.items or r.call.id == phone))), None)

    @staticmethod
    def _sources(service: Service, known: Known, turn: Asking) -> tuple[str, ...]:
        return sources(service, [reading for _, reading in known.facts.readings.values()], turn.words.language)


def _receipt(act: Act, result: ActResult, turn: Asking) -> Item | None:
    """What the register said of an act that was done; None if it was not, or said nothing that can be told."""
    if result.state is not ActState.DONE:
        return None
    try:
        return read_item(result.answer or {}, act.write, turn.words)
    except ServiceUnintelligible:
        return None
