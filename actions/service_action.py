"""The action of a service: everything between "the citizen wants this" and "say that"."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.form_validation import next_missing
from actions.register_reading import Asker, Reading, RegisterReader
from actions.turn_context import verify_turn_context
from actions.values.saying import SpokenValues
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ServiceId
from assistant.content.service_spec import Call, Service, Terms, holds
from assistant.core.errors import NotAllowed
from assistant.core.identity import Assurance, TurnContext
from assistant.core.languages import Language, parse_language
from assistant.core.outcomes import Outcome

_log = logging.getLogger("kratt.actions")

LOGIN_RESPONSE = "utter_login_required"
_LONGEST_READING_SECONDS = 8.0
_KEPT_FOR_ANSWERING_SECONDS = 0.5


@dataclass(frozen=True)
class Utterance:
    """A response to utter and the values it may use."""

    response: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class Result:
    """What a run comes to."""

    outcome: Outcome
    utterances: tuple[Utterance, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunService:
    """Runs one service, as an action of rasa_sdk."""

    service: Service
    terms: Terms
    xroad: XRoadClient
    turn_secret: str

    @property
    def name(self) -> str:
        """What the dialogue engine calls the action."""
        return self.service.action

    async def __call__(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: object
    ) -> list[dict[str, Any]]:
        """Utter the answer, with the facts on its last message; forget the inputs."""
        started = time.perf_counter()
        context = self._context(tracker)
        inputs = accepted_inputs(self.service, _given(tracker))
        result = await self._run(inputs, context, _language(tracker, context))
        facts = {
            "outcome": result.outcome.value,
            "service": self.service.service,
            "sources": list(result.sources),
            "act_ms": round((time.perf_counter() - started) * 1000, 1),
        }
        *others, last = result.utterances
        for utterance in others:
            dispatcher.utter_message(response=utterance.response, **utterance.values)
        dispatcher.utter_message(response=last.response, json_message=facts, **last.values)
        return [] if tracker.active_loop_name else [SlotSet(entry.slot, None) for entry in self.service.inputs]

    async def _run(self, slots: Mapping[str, str], context: TurnContext | None, language: Language) -> Result:
        if not may_run(self.service, context):
            return Result(Outcome.ASKED_LOGIN, (Utterance(LOGIN_RESPONSE, {}),))
        calls = self._applicable_calls(slots)
        words = SpokenValues(language, self.terms)
        readings = await RegisterReader(self.service, self.xroad).read(calls, slots, self._asker(context), words)
        return conclude(self.service, readings, words)

    def _context(self, tracker: Tracker) -> TurnContext | None:
        metadata = tracker.latest_message.get("metadata")
        try:
            return verify_turn_context(metadata, dialogue_id=tracker.sender_id, secret=self.turn_secret)
        except NotAllowed as error:
            facts = {"service": self.service.service, "code": error.code, "detail": error.detail}
            _log.warning("turn context refused", extra={"facts": facts})
            return None

    def _applicable_calls(self, slots: Mapping[str, str]) -> tuple[Call, ...]:
        is_complete = next_missing(self.service, slots) is None
        calls = tuple(call for call in self.service.calls if is_complete and holds(call.when, slots))
        if not calls:
            # The form that asks for the inputs did not run. Silence would read as "nothing found".
            raise ActionExecutionRejection(self.name, "the inputs do not say which call to make")
        return calls

    def _asker(self, context: TurnContext | None) -> Asker:
        """A public service does not tell registers who asks."""
        if context is None:
            return Asker(None, None, _LONGEST_READING_SECONDS)
        left = context.deadline_epoch_seconds - time.time() - _KEPT_FOR_ANSWERING_SECONDS
        subject = context.subject if Assurance.parse(self.service.assurance) else None
        return Asker(subject, context.turn_id, min(left, _LONGEST_READING_SECONDS))


def accepted_inputs(service: Service, slots: Mapping[str, object]) -> dict[str, str]:
    """The service's own slots that hold one of the values the service knows."""
    given = ((entry, slots.get(entry.slot)) for entry in service.inputs)
    return {entry.slot: value for entry, value in given if isinstance(value, str) and value in entry.one_of}


def may_run(service: Service, context: TurnContext | None) -> bool:
    """Whether the citizen is known as surely as the service demands."""
    needed = Assurance.parse(service.assurance)
    if needed is Assurance.NONE:
        return True
    return context is not None and context.subject is not None and context.assurance >= needed


def conclude(service: Service, readings: tuple[Reading, ...], words: SpokenValues) -> Result:
    """The answer to what was read, then a word about each register that did not answer."""
    read = [reading for reading in readings if reading.error is None]
    failed = [reading for reading in readings if reading.error is not None]
    items = [item for reading in read for item in reading.items]
    said: list[Utterance] = []
    if items:
        total = sum((reading.total for reading in read), Decimal(0))
        said = _answer(service, items, words.money(total))
    elif not failed:
        # Said only when every register was heard: "you owe nothing" must not mean "I do not know".
        said = [Utterance(service.answers.none, {})]
    said += [Utterance(service.degrade, {"register": reading.call.register_[words.language]}) for reading in failed]
    return Result(_outcome(read, failed), tuple(said), _sources(service, read, words.language))


def _answer(service: Service, items: list[Mapping[str, str]], total: str) -> list[Utterance]:
    answers = service.answers
    said = [Utterance(answers.found, {"count": len(items), "total": total})] if answers.found else []
    for item in items:
        special = next((response for name, response in answers.each_if.items() if name in item), None)
        if response := special or answers.each:
            said.append(Utterance(response, item))
    return said


def _outcome(read: list[Reading], failed: list[Reading]) -> Outcome:
    if not failed:
        return Outcome.ANSWERED
    return Outcome.ANSWERED_PARTLY if read else Outcome.FAILED_REGISTER


def _sources(service: Service, read: list[Reading], language: Language) -> tuple[str, ...]:
    """The owner for its own registers; another institution's register by the register's name."""
    names = [
        service.owner.institution[language]
        if ServiceId.parse(reading.call.service).member_code == service.owner.code
        else reading.call.register_[language]
        for reading in read
    ]
    return tuple(dict.fromkeys(names))


def _given(tracker: Tracker) -> Mapping[str, object]:
    # Inside another service's form the slots are that form's; this request brings its values along.
    if not tracker.active_loop_name:
        slots: Mapping[str, object] = tracker.slots
        return slots
    return {entity["entity"]: entity["value"] for entity in tracker.latest_message.get("entities") or ()}


def _language(tracker: Tracker, context: TurnContext | None) -> Language:
    code = tracker.slots.get("language") or (context.language if context else "")
    return parse_language(str(code))
