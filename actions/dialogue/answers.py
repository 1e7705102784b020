"""What the citizen's words are, with a question open: its answer, a correction, an aside, or another request."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from actions.dialogue import interpreting
from actions.dialogue.filling import spoken_values
from actions.dialogue.flow import Asking, Known, ServiceFlow
from actions.dialogue.frames import DONE, MORE, OFFER, Frame
from actions.dialogue.heard import SURE, VERY_SURE, Heard
from actions.dialogue.interpreting import TAKES_ANYTHING
from actions.dialogue.questions import hint, question
from actions.dialogue.saying import Utterance
from actions.values.correcting import is_correction
from actions.values.finding import find_value
from actions.values.found import Found, Unfit
from assistant.content.input_spec import Input
from assistant.content.own_responses import (
    ALL_RIGHT,
    CONFIRM_IN_WORDS,
    CONFIRM_QUESTION,
    NOT_SENT,
    OFFER_PREFIX,
    OFFER_STOP,
    STOPPED,
    TRY_AGAIN,
    UNFIT_PREFIX,
    WHAT_FOR,
    WHY_ASK,
)
from assistant.content.service_spec import Service
from assistant.core.outcomes import Outcome

Kind = Literal["answer", "confirm", "no", "aside", "leave", "request"]

AFFIRM, DENY, CONFIRMED, GO_ON = "affirm", "deny", "confirm", "more"
CORRECT, INFORM, FALLBACK = "correct", "inform", "nlu_fallback"
WHY, WHAT = "why_ask", "what_for"
NOT_TALK = frozenset({AFFIRM, DENY, CONFIRMED, GO_ON, CORRECT, INFORM, FALLBACK, "out_of_scope", ""})
"""Intents that are not answered by themselves while a question is open."""

MOST_TRIES = 3


@dataclass(frozen=True)
class Reading:
    """What the words are.

    `values` are the frame's with what the words say; `said` is uttered first; `asked` is what the frame waits for now.
    """

    kind: Kind
    values: Mapping[str, str] = field(default_factory=dict)
    said: tuple[Utterance, ...] = ()
    asked: str | None = None
    tries: int = 0
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Situation:
    """A question that is open, and the words said to it; `entry` is the input asked for, None for a yes or a no."""

    service: Service
    frame: Frame
    entry: Input | None
    known: Known
    turn: Asking

    @property
    def heard(self) -> Heard:
        """The words."""
        return self.turn.heard

    @property
    def outcome(self) -> Outcome:
        """How a turn ends that leaves the question open."""
        return Outcome.ASKED_DETAIL if self.entry else Outcome.ASKED_CONFIRMATION

    def question(self) -> Utterance:
        """The question once more."""
        return self.question_for(self.entry) if self.entry else confirm_question(self.service)

    def question_for(self, entry: Input) -> Utterance:
        """The question for an input."""
        values = spoken_values(self.known.fillings, self.known.facts)
        return question(self.service, entry, values, self.known.facts, self.turn.words)

    def aside(self, *said: Utterance) -> Reading:
        """Something said beside the question, which is asked again."""
        return Reading("aside", said=(*said, self.question()), outcome=self.outcome)

    def again(self, *said: Utterance) -> Reading:
        """The question once more; who is asked in vain again and again is told how to get out."""
        tries = self.frame.tries + 1
        way_out = (Utterance(OFFER_STOP),) if tries >= MOST_TRIES else ()
        return Reading("aside", said=(*said, *way_out, self.question()), tries=tries, outcome=self.outcome)


@dataclass(frozen=True)
class ReadAnswer:
    """Reads the citizen's words with the question of the frame on top in mind."""

    services: Collection[str]
    flow: ServiceFlow

    async def __call__(self, service: Service, frame: Frame, turn: Asking) -> Reading:
        """What the words are."""
        if frame.asked in {MORE, OFFER}:
            return self._more_or_offer(frame, turn.heard)
        if frame.asked == DONE and turn.heard.intent not in {INFORM, CORRECT, FALLBACK}:
            return Reading("request")
        known = await self.flow.known(service, frame, turn)
        if frame.asked == DONE:
            return _follow_up(service, frame, known, turn)
        at = Situation(service, frame, service.input(frame.asked or ""), known, turn)
        return at.aside(_reason(at)) if turn.heard.means(WHY, WHAT) else self._read(at)

    def _read(self, at: Situation) -> Reading:
        frame, known, turn = at.frame, at.known, at.turn
        entry = None if _takes_back_another(at) else at.entry
        found = interpreting.answer_to(at.service, entry, turn.heard, known.facts, turn.words) if entry else None
        if at.entry and isinstance(found, Found) and not self._is_request(at, found):
            restated = self._corrected(at) if turn.heard.intent == at.service.service else None
            return Reading("answer", {**frame.values, **(restated or {}), at.entry.slot: found.value})
        if changed := self._corrected(at):
            return Reading("answer", {**frame.values, **changed})
        if at.entry is None and (decided := self._decided(at)):
            return decided
        if self._is_request(at, None):
            return Reading("request")
        return at.again(Utterance(f"{UNFIT_PREFIX}{found.reason}")) if isinstance(found, Unfit) else self._other(at)

    def _more_or_offer(self, frame: Frame, heard: Heard) -> Reading:
        said = _says(heard)
        if said == "yes" or heard.means(GO_ON, CONFIRMED):
            return Reading("answer", frame.values)
        if said == "no" or heard.means(DENY):
            return Reading("no") if frame.asked == OFFER else Reading("leave", said=(Utterance(ALL_RIGHT),))
        if heard.intent in self.services or frame.tries or frame.asked == MORE:
            return Reading("request")
        again = Utterance(f"{OFFER_PREFIX}{frame.offers[0].service}")
        return Reading("aside", said=(*self._talk(heard), again), tries=frame.tries + 1)

    def _is_request(self, at: Situation, found: Found | None) -> bool:
        """Whether the words ask for another service rather than answer this one's question."""
        heard = at.heard
        if heard.intent not in self.services or heard.intent == at.service.service:
            return False
        if found and found.is_whole:
            # "Mari" is a name and nothing else; but nearly any words could be an address.
            return bool(at.entry and at.entry.type in TAKES_ANYTHING) and heard.confidence >= VERY_SURE
        return heard.confidence >= SURE

    def _corrected(self, at: Situation) -> dict[str, str] | None:
        """Earlier inputs that the words change; None if they change none."""
        heard = at.heard
        is_marked = heard.means(CORRECT, DENY) or is_correction(heard.text, heard.language)
        if not is_marked and self._is_request(at, None):
            return None
        if not (is_marked or heard.means(INFORM) or heard.intent == at.service.service or at.entry is None):
            return None
        raw = {slot: filled.raw for slot, filled in at.known.fillings.items()}
        return interpreting.corrections(at.service, raw, heard, at.known.facts, at.turn.words) or None

    @staticmethod
    def _decided(at: Situation) -> Reading | None:
        """A yes or a no to what was read back; anything between the two is neither."""
        if at.heard.means(GO_ON):  # "go on" is no yes to an act
            return None
        said, confirmed = _says(at.heard), at.heard.means(CONFIRMED)
        if said == "no" and (named := _named(at)):
            return named
        if said == "no" or at.heard.means(DENY):
            return Reading("leave", said=(Utterance(NOT_SENT),))
        # Both must say so, the engine and the words: "go on" alone is no yes to an act.
        if confirmed or (said == "yes" and at.heard.means(AFFIRM) and at.service.confirm == "read_back"):
            return Reading("confirm", at.frame.values)
        return Reading("aside", said=(at.question(),), outcome=at.outcome) if said == "yes" else None

    def _other(self, at: Situation) -> Reading:
        if at.heard.means(DENY):
            return Reading("leave", said=(Utterance(STOPPED),))
        if named := _named(at):
            return named
        if talk := self._talk(at.heard):
            return at.aside(*talk)
        return at.again(
            Utterance(TRY_AGAIN), *(hint(at.service, at.entry, at.known.facts, at.turn.words) if at.entry else ())
        )

    def _talk(self, heard: Heard) -> tuple[Utterance, ...]:
        is_talk = heard.confidence >= SURE and heard.intent not in NOT_TALK and heard.intent not in self.services
        return (Utterance(f"utter_{heard.intent}"),) if is_talk else ()


def _follow_up(service: Service, frame: Frame, known: Known, turn: Asking) -> Reading:
    """The same request for something else: "and my passport?", "and the other car?"."""
    current = {e.slot: frame.values.get(e.slot, "") for e in service.inputs if e.one_of or e.choose}
    named = interpreting.named_values(service, current, turn.heard, known.facts, turn.words)
    if changed := {entry.slot: found.value for entry, found in named}:
        return Reading("answer", {**frame.values, **changed})
    return Reading("request")


def _named(at: Situation) -> Reading | None:
    """The question for an input that the words name: "the date is wrong"."""
    named = interpreting.named_input(at.service, at.known.fillings, at.heard)
    if named is None or named is at.entry:
        return None
    return Reading("aside", said=(at.question_for(named),), asked=named.slot, outcome=Outcome.ASKED_DETAIL)


def _takes_back_another(at: Situation) -> bool:
    """Whether the words take back another input by its name: "no, the second child" is no answer to "which school"."""
    named = interpreting.named_input(at.service, at.known.fillings, at.heard)
    return named not in (None, at.entry) and is_correction(at.heard.text, at.heard.language)


def confirm_question(service: Service) -> Utterance:
    """What is asked after reading back."""
    return Utterance(CONFIRM_IN_WORDS if service.confirm == "in_words" else CONFIRM_QUESTION)


def _reason(at: Situation) -> Utterance:
    """Why this is asked, or what becomes of it."""
    language, entry = at.turn.words.language, at.entry
    label = entry.label if entry and entry.label else at.service.title
    values = {
        "purpose": entry.why[language] if entry and entry.why else at.service.purpose[language],
        "institution": at.service.owner.institution[language],
        "label": label[language],
    }
    return Utterance(WHY_ASK if at.heard.intent == WHY else WHAT_FOR, values)


def _says(heard: Heard) -> str | None:
    """`yes` or `no`, if the words say just that; None if they say neither, or both."""
    found = find_value("yes_no", heard.text, heard.language, today=heard.today)
    if isinstance(found, Unfit):
        return None
    said = {AFFIRM: "yes", DENY: "no"}.get(heard.intent) if heard.confidence >= SURE else None
    if isinstance(found, Found):
        return found.value if found.is_whole or found.value == said else None
    return said
